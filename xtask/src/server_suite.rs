//! The tests of soter-server: everything on SQLite, and again on a PostgreSQL of their own.

use std::process::Command;

use anyhow::Result;

use crate::command;
use crate::postgres::Postgres;
use crate::workspace::Workspace;

/// Names the PostgreSQL server to the tests.
pub const POSTGRES: &str = "SOTER_TEST_POSTGRES";

/// Runs them. Without PostgreSQL those that need it are skipped, with a word.
pub fn run(workspace: &Workspace) -> Result<()> {
    let mut tests = Command::new("cargo");
    tests.args(["test", "--package", "soter-server"]).current_dir(workspace.root());
    let postgres = match Postgres::start(workspace) {
        Ok(postgres) => Some(postgres),
        Err(error) => {
            println!("SKIPPED on PostgreSQL: {error:#}");
            None
        }
    };
    if let Some(postgres) = &postgres {
        tests.env(POSTGRES, postgres.url());
    }
    command::run(&mut tests)
}
