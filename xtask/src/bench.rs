//! `cargo xtask bench`: the figures of speed in README.md and docs/scale.md.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};

use crate::workspace::Workspace;
use crate::{browsers, build, command, test};

/// What to measure, and what to do with the figures.
#[derive(Args)]
pub struct Choice {
    /// Put the tables into README.md and docs/scale.md
    #[arg(long)]
    write: bool,
    /// Take few samples: enough to see that nothing is far off
    #[arg(long, conflicts_with = "write")]
    quick: bool,
    /// Measure soter-server and another build of it by turns: its path
    #[arg(long, conflicts_with_all = ["write", "only"])]
    beside: Option<PathBuf>,
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
    if let Some(other) = &choice.beside {
        let mut load = server_load(workspace, choice);
        load.arg("--beside").arg(other);
        return command::run(&mut test::with_postgres(load)?);
    }
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
    let quick = choice.quick.then_some("--quick");
    match subject {
        Subject::Page => {
            build::run(workspace)?;
            let mut script = workspace.node("xtask/js/bench.mjs");
            browsers::tell(&mut script)?.args(quick);
            show(workspace, script, choice.write, "README.md", "bench", |_| true)
        }
        Subject::Verifier => {
            let mut speed = test::peers_program(workspace, "speed");
            speed.args(quick);
            show(workspace, speed, choice.write, "README.md", "bench-verifier", |_| true)
        }
        Subject::Server => {
            let load = server_load(workspace, choice);
            // What starts a PostgreSQL around it prints something of its own.
            let is_table = |line: &str| line.starts_with('|');
            show(
                workspace,
                test::with_postgres(load)?,
                choice.write,
                "docs/scale.md",
                "bench-server",
                is_table,
            )
        }
    }
}

/// Further arguments are the program's.
fn server_load(workspace: &Workspace, choice: &Choice) -> Command {
    let mut load = workspace.cargo();
    load.args(["bench", "--package", "soter-server", "--profile", "server", "--bench", "http", "--"]);
    load.args(choice.quick.then_some("--quick"));
    load
}

/// Shows a table that a program prints, or puts those of its lines into one of our texts that are `wanted` there.
pub fn show(
    workspace: &Workspace,
    mut program: Command,
    write: bool,
    file: &str,
    table: &str,
    wanted: impl Fn(&str) -> bool,
) -> Result<()> {
    if !write {
        return command::run(&mut program);
    }
    let output = command::output(&mut program)?;
    let markdown: Vec<_> = output.lines().filter(|line| wanted(line)).collect();
    let mut writer = workspace.node("xtask/js/write-table.mjs");
    let mut child = writer.args([file, table]).stdin(Stdio::piped()).spawn().context("cannot start node")?;
    child
        .stdin
        .take()
        .context("node has no standard input")?
        .write_all(markdown.join("\n").as_bytes())
        .context("cannot pass the table on")?;
    ensure!(child.wait().context("cannot wait for node")?.success(), "{file} is as it was");
    Ok(())
}
