//! `cargo xtask`: builds, shows, measures and tests wx-soter, and fetches what that needs.

mod bench;
mod browsers;
mod build;
mod command;
mod drill;
mod formats;
mod node;
mod published;
mod python;
mod rustflags;
mod static_server;
mod test;
mod tools;
mod wasm_pack;
mod webkit;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, shows, measures and tests wx-soter")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Fetch everything that the other tasks need
    Setup,
    /// Build the npm package: fills pkg/dist/
    Build,
    /// Build, then serve www/ on this machine, with soter-server behind it
    Demo {
        /// The port to listen on
        #[arg(long, default_value_t = 8000)]
        port: u16,
    },
    /// Run every test
    Test(test::Choice),
    /// Print the sizes of what a page loads; fails over the budget
    Size {
        /// Put the table into README.md
        #[arg(long)]
        write: bool,
    },
    /// Print which algorithms and attestation formats the verifier knows
    Formats {
        /// Put the tables into README.md and verifier/README.md
        #[arg(long)]
        write: bool,
    },
    /// Measure the speed
    Bench(bench::Choice),
    /// See what is lost when soter-server's database fails: on Debian, as root
    Drill(drill::Choice),
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    let workspace = Workspace::of_this_crate()?;
    match task {
        Task::Setup => setup(&workspace),
        Task::Build => {
            build::run(&workspace)?;
            command::run(workspace.node("xtask/js/size.mjs").arg("--no-budget"))
        }
        Task::Demo { port } => demo(&workspace, port),
        Task::Test(choice) => test::run(&workspace, &choice),
        Task::Size { write } => {
            build::run(&workspace)?;
            command::run(workspace.node("xtask/js/size.mjs").args(write.then_some("--write")))
        }
        Task::Formats { write } => formats::run(&workspace, write),
        Task::Bench(choice) => bench::run(&workspace, &choice),
        Task::Drill(choice) => drill::run(&workspace, &choice),
    }
}

/// Fetches everything that the other tasks would fetch when they first need it.
fn setup(workspace: &Workspace) -> Result<()> {
    build::ensure_target()?;
    node::ensure_packages(workspace, "")?;
    node::ensure_packages(workspace, node::HOSTS)?;
    test::ensure_all()
}

fn demo(workspace: &Workspace, port: u16) -> Result<()> {
    build::run(workspace)?;
    let mut demo = workspace.node("xtask/js/demo.mjs");
    demo.arg(port.to_string());
    println!("Building soter-server ...");
    match build::soter_server(workspace) {
        Ok(program) => drop(demo.env("WX_SOTER_SERVER", program)),
        Err(error) => eprintln!("{error:#}"),
    }
    command::become_it(demo)
}
