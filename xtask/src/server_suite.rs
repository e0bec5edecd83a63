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
    let _postgres = give_postgres(workspace, &mut tests);
    command::run(&mut tests)
}

/// A PostgreSQL for tests, or a word that there is none.
pub fn postgres(workspace: &Workspace) -> Option<Postgres> {
    Postgres::start(workspace).inspect_err(|error| println!("SKIPPED on PostgreSQL: {error:#}")).ok()
}

/// Starts a PostgreSQL, and names it to a program. It lasts as long as what is returned.
pub fn give_postgres(workspace: &Workspace, program: &mut Command) -> Option<Postgres> {
    let postgres = postgres(workspace)?;
    program.env(POSTGRES, postgres.url());
    Some(postgres)
}
