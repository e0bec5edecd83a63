//! `cargo xtask`: builds, shows, measures and tests wx-soter, and fetches what that needs.

mod another_directory;
mod apt;
mod backend;
mod bench;
mod browser_suite;
mod browsers;
mod build;
mod cache;
mod command;
mod fuzz;
mod guardian;
mod lockfile;
mod node;
mod node_suite;
mod peers;
mod postgres;
mod readme;
mod round_trips;
mod rustflags;
mod serve;
mod server_suite;
mod setup;
mod size;
mod soter_server;
mod stamp;
mod stray_wasm_pack;
mod target;
mod tee;
mod test;
mod tools;
mod webkit;
mod workspace;

use std::path::PathBuf;
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
    /// Measure the speed
    Bench(bench::Choice),
    /// Run a program that ends when standard input does
    #[command(name = guardian::TASK, hide = true)]
    Guard {
        /// The program
        program: PathBuf,
    },
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
        Task::Setup => setup::run(&workspace),
        Task::Build => {
            build::run(&workspace)?;
            size::print(&workspace)
        }
        Task::Demo { port } => {
            build::run(&workspace)?;
            serve::run(&workspace, port)
        }
        Task::Guard { program } => guardian::run(&program),
        Task::Test(choice) => test::run(&workspace, &choice),
        Task::Size { write } => {
            build::run(&workspace)?;
            size::check(&workspace, write)
        }
        Task::Bench(choice) => bench::run(&workspace, &choice),
    }
}
