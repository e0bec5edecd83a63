//! `cargo xtask test`: every test, part after part, and the count at the end.

use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::browsers::{Browser, firefox_variables};
use crate::workspace::Workspace;
use crate::{
    another_directory, browser_suite, build, command, fuzz, node, node_suite, peers, round_trips,
    server_suite, size, webkit,
};

/// Which parts to run.
#[derive(Args)]
pub struct Choice {
    /// Run these parts only
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Run the suites in Rust in this browser only
    #[arg(long, value_enum)]
    browser: Option<Browser>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The rules in plain Rust, and xtask itself
    Rules,
    /// soter-server over HTTP, on SQLite and PostgreSQL
    Server,
    /// The verifier and other WebAuthn libraries, on the same cases
    Peers,
    /// The build of the package
    Build,
    /// In browsers, with a scripted authenticator
    Stock,
    /// In browsers, with a virtual authenticator
    Authenticator,
    /// The built package in Chromium and Firefox
    Package,
    /// The built package in WebKitGTK and WPE
    Webkit,
    /// The emulator, alone and in the places that people put it
    Emulator,
    /// `wx-soter/server`, against other code and in other runtimes
    ServerEntry,
    /// Results of browsers and of the emulator, checked by soter-server
    ServerLoop,
    /// Bundlers, Node, jsdom and the types
    Consumers,
    /// A stray wasm-pack, and the same bytes from another folder
    AnotherDirectory,
    /// The verifier's parsers, on random input, a minute each
    Fuzz,
    /// The budget
    Size,
}

/// Runs the chosen parts; an error if any failed.
pub fn run(workspace: &Workspace, choice: &Choice) -> Result<()> {
    let mut report = Report::default();
    for part in Part::value_variants() {
        if choice.only.is_empty() || choice.only.contains(part) {
            run_part(workspace, *part, choice.browser, &mut report);
        }
    }
    report.finish()
}

fn run_part(workspace: &Workspace, part: Part, browser: Option<Browser>, report: &mut Report) {
    let browsers = [Browser::Chromium, Browser::Firefox];
    let browsers = browsers.iter().filter(|each| browser.is_none_or(|only| only == **each));
    match part {
        Part::Rules => report.run("Rules in plain Rust", || {
            let arguments = ["test", "--workspace", "--exclude", "soter-server"];
            command::run(Command::new("cargo").args(arguments).current_dir(workspace.root()))
        }),
        Part::Server => report.run("Server", || server_suite::run(workspace)),
        Part::Peers => report.run("Verdicts of the verifier and its peers", || peers::run(workspace)),
        Part::Build => report.run("Build", || build::run(workspace)),
        Part::Stock => {
            for browser in browsers {
                let title = format!("Scripted authenticator in {}", browser.name());
                report.run(&title, || browser_suite::stock(workspace, *browser));
            }
            if browser.is_none() {
                report.run_if_any("Scripted authenticator in WebKitGTK", || {
                    Ok(webkit::ensure()? && browser_suite::stock_in_webkit(workspace).map(|()| true)?)
                });
            }
        }
        Part::Authenticator => {
            for browser in browsers {
                let title = format!("Virtual authenticator in {}", browser.name());
                report.run(&title, || browser_suite::authenticator(workspace, *browser));
            }
        }
        Part::Package => report.run_if_any("Built package in Chromium and Firefox", || {
            node_suite::run_with(workspace, "tests/package", &firefox_variables()?)
        }),
        Part::Webkit => report.run_if_any("Built package in WebKitGTK and WPE", || {
            Ok(webkit::ensure()? && node_suite::run(workspace, "tests/webkit")?)
        }),
        Part::Emulator => report.run_if_any("Emulator", || {
            node::ensure_packages_in(workspace, node::HOSTS)?;
            node_suite::run(workspace, "tests/emulator")
        }),
        Part::ServerEntry => {
            report.run_if_any("Server entry", || node_suite::run(workspace, "tests/server-entry"))
        }
        Part::ServerLoop => {
            report.run_if_any("Round trips with soter-server", || round_trips::run(workspace))
        }
        Part::Consumers => report.run_if_any("Consumers", || node_suite::run(workspace, "tests/consumers")),
        Part::AnotherDirectory => report.run("Another directory", || another_directory::try_it(workspace)),
        Part::Fuzz => report.run_if_any("Fuzzing of the verifier", || fuzz::run(workspace)),
        Part::Size => report.run("Size", || {
            build::run(workspace)?;
            size::check(workspace, false)
        }),
    }
}

#[derive(Default)]
struct Report {
    passed: usize,
    skipped: usize,
    failed: Vec<String>,
}

impl Report {
    fn run(&mut self, title: &str, part: impl FnOnce() -> Result<()>) {
        self.run_if_any(title, || part().map(|()| true));
    }

    /// Runs a part that answers false when it has no tests, or none for this machine.
    fn run_if_any(&mut self, title: &str, part: impl FnOnce() -> Result<bool>) {
        println!("\n=== {title}");
        let started = Instant::now();
        let outcome = part();
        let seconds = started.elapsed().as_secs_f64();
        match outcome {
            Ok(true) => {
                println!("--- {title}: passed, {seconds:.1} s");
                self.passed += 1;
            }
            Ok(false) => {
                println!("--- {title}: skipped, there is nothing to run");
                self.skipped += 1;
            }
            Err(error) => {
                println!("error: {error:#}\n--- {title}: FAILED, {seconds:.1} s");
                self.failed.push(title.to_owned());
            }
        }
    }

    fn finish(self) -> Result<()> {
        println!();
        for title in &self.failed {
            println!("FAILED: {title}");
        }
        if server_suite::postgres_was_missing() {
            println!("There was no PostgreSQL: what wants it was skipped");
        }
        let skipped = if self.skipped > 0 { format!(", {} skipped", self.skipped) } else { String::new() };
        println!("{} passed, {} failed{skipped}", self.passed, self.failed.len());
        if !self.failed.is_empty() {
            bail!("{} of the parts failed", self.failed.len());
        }
        Ok(())
    }
}
