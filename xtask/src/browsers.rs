//! Chromium and Firefox with their drivers: found, installed where that is allowed, else asked for in one line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::apt::{Apt, Distribution, distribution};
use crate::tools;

/// A browser that the tests run in.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Browser {
    /// Chromium or Google Chrome.
    Chromium,
    /// Firefox, any edition.
    Firefox,
}

impl Browser {
    /// The browser's name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
        }
    }

    /// The browser's program; installs it first where that is needed and allowed.
    pub fn program(self) -> Result<PathBuf> {
        self.ensure(|| self.find(), "")
    }

    /// The browser's driver; installs it and the browser first where that is needed and allowed.
    pub fn driver(self) -> Result<PathBuf> {
        self.program()?;
        match self {
            Self::Chromium => {
                self.ensure(|| given("CHROMEDRIVER").or_else(|| on_path("chromedriver")), "'s driver")
            }
            Self::Firefox => match given("GECKODRIVER") {
                Some(driver) => Ok(driver),
                // From crates.io and not from PATH: older ones cannot add virtual authenticators.
                None => tools::geckodriver().program(),
            },
        }
    }

    fn ensure(self, find: impl Fn() -> Option<PathBuf>, what: &str) -> Result<PathBuf> {
        if let Some(path) = find() {
            return Ok(path);
        }
        if let Some(mut apt) = Apt::usable() {
            println!("Installing {}{what} with apt-get ...", self.name());
            apt.install(self.packages())?;
        }
        find().with_context(|| format!("{}{what} is missing: {}", self.name(), self.advice()))
    }

    fn find(self) -> Option<PathBuf> {
        let (variable, names, mac) = match self {
            Self::Chromium => (
                "WX_SOTER_CHROMIUM",
                ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome"]
                    .as_slice(),
                "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            ),
            Self::Firefox => (
                "WX_SOTER_FIREFOX",
                ["firefox", "firefox-esr"].as_slice(),
                "/Applications/Firefox.app/Contents/MacOS/firefox",
            ),
        };
        given(variable)
            .or_else(|| names.iter().find_map(|name| on_path(name)))
            .or_else(|| Some(PathBuf::from(mac)).filter(|path| path.is_file()))
    }

    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium", "chromium-driver"],
            Self::Firefox => &["firefox-esr"],
        }
    }

    fn advice(self) -> &'static str {
        match (self, distribution()) {
            (Self::Chromium, Distribution::Debian) => {
                "as root, run `apt-get update && apt-get install --no-install-recommends chromium chromium-driver`"
            }
            (Self::Firefox, Distribution::Debian) => {
                "as root, run `apt-get update && apt-get install --no-install-recommends firefox-esr`"
            }
            // Ubuntu's packages of these names only point to snaps, which drivers cannot start everywhere.
            (Self::Chromium, Distribution::Ubuntu | Distribution::Other) => {
                "install Google Chrome (https://www.google.com/chrome) and put a chromedriver of the same version \
                 (https://googlechromelabs.github.io/chrome-for-testing) on PATH or into CHROMEDRIVER"
            }
            (Self::Firefox, Distribution::Ubuntu | Distribution::Other) => {
                "install Firefox from https://www.firefox.com, not as a snap, and put it on PATH"
            }
        }
    }
}

fn given(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
        .find(|program| program.is_file())
}

/// Tells the scripts in JavaScript which browsers to use.
pub fn tell(command: &mut Command) -> Result<()> {
    command.env("WX_SOTER_CHROMIUM", Browser::Chromium.program()?);
    // Nothing in JavaScript needs Firefox to be there.
    if let Some(firefox) = Browser::Firefox.find() {
        command.env("WX_SOTER_FIREFOX", firefox);
    }
    Ok(())
}

/// The same for scripts that need Firefox and its driver.
pub fn firefox_variables() -> Result<[(&'static str, OsString); 2]> {
    Ok([
        ("WX_SOTER_FIREFOX", Browser::Firefox.program()?.into_os_string()),
        ("WX_SOTER_GECKODRIVER", Browser::Firefox.driver()?.into_os_string()),
    ])
}

/// Checks both browsers and their drivers; says everything that is missing, not only the first thing.
pub fn ensure_all() -> Result<()> {
    let mut missing = Vec::new();
    for browser in [Browser::Chromium, Browser::Firefox] {
        match browser.driver() {
            Ok(driver) => println!("{}: {}", browser.name(), driver.display()),
            Err(error) => missing.push(format!("{error:#}")),
        }
    }
    if !missing.is_empty() {
        bail!("{}", missing.join("\nerror: "));
    }
    Ok(())
}
