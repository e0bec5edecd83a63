//! The tests in JavaScript, by Node's own test runner.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::workspace::Workspace;
use crate::{browsers, build, command};

/// Runs all tests of one folder against the built package; false if there are none.
pub fn run(workspace: &Workspace, folder: &str) -> Result<bool> {
    run_with(workspace, folder, &[])
}

/// The same, with variables for the tests.
pub fn run_with(workspace: &Workspace, folder: &str, variables: &[(&str, OsString)]) -> Result<bool> {
    let tests = tests_in(workspace, folder)?;
    if tests.is_empty() {
        return Ok(false);
    }
    build::run(workspace)?;
    let mut node = Command::new("node");
    node.arg("--test").args(tests).current_dir(workspace.root());
    browsers::tell(&mut node)?;
    node.envs(variables.iter().map(|(name, value)| (name, value)));
    command::run(&mut node)?;
    Ok(true)
}

fn tests_in(workspace: &Workspace, folder: &str) -> Result<Vec<PathBuf>> {
    let Ok(entries) = fs::read_dir(workspace.join(folder)) else {
        return Ok(Vec::new());
    };
    let mut tests = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read {folder}"))?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            tests.push(path);
        }
    }
    tests.sort();
    Ok(tests)
}
