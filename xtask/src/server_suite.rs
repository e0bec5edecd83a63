//! The tests of soter-server: everything on SQLite, and again on a PostgreSQL of their own.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;

use crate::command;
use crate::postgres::Postgres;
use crate::workspace::Workspace;

/// Names the PostgreSQL server to the tests.
pub const POSTGRES: &str = "SOTER_TEST_POSTGRES";

/// Whether something ran without it.
static WAS_MISSING: AtomicBool = AtomicBool::new(false);

/// A PostgreSQL for tests. One of our own ends with this.
pub struct Given {
    /// Its address.
    pub url: String,
    _own: Option<Postgres>,
}

/// Runs them. Without PostgreSQL those that need it are skipped, with a word.
pub fn run(workspace: &Workspace) -> Result<()> {
    let mut tests = Command::new("cargo");
    tests.args(["test", "--package", "soter-server"]).current_dir(workspace.root());
    let _postgres = give_postgres(workspace, &mut tests);
    command::run(&mut tests)
}

/// The one that the environment names, or one of our own, or a word that there is none.
pub fn postgres(workspace: &Workspace) -> Option<Given> {
    if let Some(url) = std::env::var(POSTGRES).ok().filter(|url| !url.is_empty()) {
        return Some(Given { url, _own: None });
    }
    match Postgres::start(workspace) {
        Ok(own) => Some(Given { url: own.url(), _own: Some(own) }),
        Err(error) => {
            println!("SKIPPED on PostgreSQL: {error:#}");
            WAS_MISSING.store(true, Ordering::Relaxed);
            None
        }
    }
}

/// Names a PostgreSQL to a program. It lasts as long as what is returned.
pub fn give_postgres(workspace: &Workspace, program: &mut Command) -> Option<Given> {
    let postgres = postgres(workspace)?;
    program.env(POSTGRES, &postgres.url);
    Some(postgres)
}

/// Whether something ran on SQLite alone.
pub fn postgres_was_missing() -> bool {
    WAS_MISSING.load(Ordering::Relaxed)
}
