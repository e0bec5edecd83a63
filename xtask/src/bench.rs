//! `cargo xtask bench`: the figures of speed in README.md and docs/scale.md.

use std::process::Command;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::workspace::Workspace;
use crate::{browsers, build, command, peers, readme, server_suite};

/// What to measure, and what to do with the figures.
#[derive(Args)]
pub struct Choice {
    /// Put the tables into README.md and docs/scale.md
    #[arg(long)]
    write: bool,
    /// Take few samples: enough to see that nothing is far off
    #[arg(long, conflicts_with = "write")]
    quick: bool,
    /// Measure these only
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Subject>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// The built package in Chromium and Firefox
    Page,
    /// Verifications on one core, beside bare signature checks and other libraries
    Verifier,
    /// soter-server under load, on SQLite and PostgreSQL
    Server,
}

/// Runs the measurements, which print Markdown.
pub fn run(workspace: &Workspace, choice: &Choice) -> Result<()> {
    let chosen = |subject: &&Subject| choice.only.is_empty() || choice.only.contains(subject);
    let mut failed = None;
    for subject in Subject::value_variants().iter().filter(chosen) {
        // A failure does not keep the other figures from being seen.
        if let Err(error) = measure(workspace, *subject, choice) {
            eprintln!("error: {error:#}");
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

fn measure(workspace: &Workspace, subject: Subject, choice: &Choice) -> Result<()> {
    match subject {
        Subject::Page => {
            build::run(workspace)?;
            let mut script = Command::new("node");
            script.arg("xtask/js/bench.mjs").current_dir(workspace.root());
            browsers::tell(&mut script)?;
            script.envs(browsers::firefox_variables()?);
            show(workspace, script, choice, "README.md", "bench")
        }
        Subject::Verifier => {
            show(workspace, peers::program(workspace, "speed"), choice, "README.md", "bench-verifier")
        }
        Subject::Server => {
            let mut load = Command::new("cargo");
            load.args(["bench", "--package", "soter-server", "--profile", "server", "--bench", "http", "--"]);
            load.current_dir(workspace.root());
            let _postgres = server_suite::give_postgres(workspace, &mut load);
            show(workspace, load, choice, "docs/scale.md", "bench-server")
        }
    }
}

fn show(
    workspace: &Workspace,
    mut measurement: Command,
    choice: &Choice,
    file: &str,
    name: &str,
) -> Result<()> {
    if choice.quick {
        measurement.arg("--quick");
    }
    if !choice.write {
        return command::run(&mut measurement);
    }
    let markdown = command::output(&mut measurement)?;
    println!("{markdown}");
    readme::put_into(workspace, file, name, &markdown)
}
