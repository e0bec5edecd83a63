//! Chromium and Firefox with their drivers: found, installed where that is allowed, else asked for in one line.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::{command, tools};

/// Names Chromium to scripts, and to this program.
const CHROMIUM: &str = "WX_SOTER_CHROMIUM";
/// Names its headless shell.
const HEADLESS_SHELL: &str = "WX_SOTER_HEADLESS_SHELL";

/// A browser that the tests run in.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Browser {
    /// Chromium or Google Chrome.
    Chromium,
    /// Firefox, any edition.
    Firefox,
}

impl Browser {
    /// The browser's program; installs it first where that is needed and allowed.
    pub fn program(self) -> Result<PathBuf> {
        let (names, mac): (&[&str], _) = match self {
            Self::Chromium => (
                &["chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome"],
                "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            ),
            Self::Firefox => {
                (&["firefox", "firefox-esr"], "/Applications/Firefox.app/Contents/MacOS/firefox")
            }
        };
        let variable = if self == Self::Chromium { CHROMIUM } else { "WX_SOTER_FIREFOX" };
        self.ensure(|| {
            given(variable)
                .or_else(|| names.iter().find_map(|name| command::on_path(name)))
                .or_else(|| Some(PathBuf::from(mac)).filter(|path| path.is_file()))
        })
    }

    /// The browser's driver.
    pub fn driver(self) -> Result<PathBuf> {
        match self {
            Self::Chromium => {
                self.ensure(|| given("CHROMEDRIVER").or_else(|| command::on_path("chromedriver")))
            }
            // From crates.io and not from PATH: older ones cannot add virtual authenticators.
            Self::Firefox => given("GECKODRIVER").map_or_else(|| tools::GECKODRIVER.program(), Ok),
        }
    }

    fn ensure(self, find: impl Fn() -> Option<PathBuf>) -> Result<PathBuf> {
        let (packages, otherwise): (&[&str], _) = match self {
            // Ubuntu's packages of these names only point to snaps, which drivers cannot start everywhere.
            Self::Chromium => (
                &["chromium", "chromium-driver"],
                "install Google Chrome (https://www.google.com/chrome) and put a chromedriver of the same version \
                 (https://googlechromelabs.github.io/chrome-for-testing) on PATH or into CHROMEDRIVER",
            ),
            Self::Firefox => (
                &["firefox-esr"],
                "install Firefox from https://www.firefox.com, not as a snap, and put it on PATH",
            ),
        };
        if let Some(path) = find() {
            return Ok(path);
        }
        install(packages)?;
        find().with_context(|| {
            let advice = if is_debian() {
                format!(
                    "as root, run `apt-get update && apt-get install --no-install-recommends {}`",
                    packages.join(" ")
                )
            } else {
                otherwise.to_owned()
            };
            format!("{} is missing: {advice}", packages.join(" or "))
        })
    }
}

/// Chromium without windows, in which scripts open a page in half the time. They take the browser itself where there is none, and where
/// the environment names a browser.
fn headless_shell() -> Option<PathBuf> {
    let found = || command::on_path("chromium-headless-shell").filter(|_| given(CHROMIUM).is_none());
    given(HEADLESS_SHELL).or_else(found)
}

/// Names both browsers, and Firefox's driver, to scripts.
pub fn tell(script: &mut Command) -> Result<&mut Command> {
    script.envs(headless_shell().map(|path| (HEADLESS_SHELL, path)));
    script.env(CHROMIUM, Browser::Chromium.program()?);
    script.env("WX_SOTER_FIREFOX", Browser::Firefox.program()?);
    Ok(script.env("WX_SOTER_GECKODRIVER", Browser::Firefox.driver()?))
}

/// Checks both browsers and their drivers; says everything that is missing, not only the first thing.
pub fn ensure_all() -> Result<()> {
    let mut missing = Vec::new();
    for browser in [Browser::Chromium, Browser::Firefox] {
        match browser.program().and_then(|_| browser.driver()) {
            Ok(driver) => println!("{}", driver.display()),
            Err(error) => missing.push(format!("{error:#}")),
        }
    }
    // Tests are slower without it, that is all.
    if headless_shell().is_none()
        && given(CHROMIUM).is_none()
        && let Err(error) = install(&["chromium-headless-shell"])
    {
        println!("There is no chromium-headless-shell ({error:#})");
    }
    if let Some(shell) = headless_shell() {
        println!("{}", shell.display());
    }
    if !missing.is_empty() {
        bail!("{}", missing.join("\nerror: "));
    }
    Ok(())
}

/// Installs Debian's packages, where the system is Debian and this user may.
pub fn install(packages: &[&str]) -> Result<()> {
    let is_root = command::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !is_debian() || !(is_root || command::succeeds(Command::new("sudo").args(["-n", "true"]))) {
        return Ok(());
    }
    println!("Installing {} with apt-get ...", packages.join(" "));
    let apt_get = || {
        let mut command = Command::new(if is_root { "env" } else { "sudo" });
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]);
        command
    };
    command::run(apt_get().arg("update"))?;
    command::run(apt_get().args(["install", "-y", "--no-install-recommends"]).args(packages))
}

/// Debian and its like, but for Ubuntu and its like.
pub fn is_debian() -> bool {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let ids = release.lines().filter(|line| line.starts_with("ID=") || line.starts_with("ID_LIKE="));
    let ids = ids.collect::<Vec<_>>().join(" ");
    ids.contains("debian") && !ids.contains("ubuntu")
}

fn given(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}
