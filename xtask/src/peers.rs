//! The verifier's verdicts, next to those of other WebAuthn libraries.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::workspace::Workspace;
use crate::{command, node};

/// The crate that depends on the other libraries.
const FOLDER: &str = "verifier/peers";

/// Asks every library about every case; an error where they disagree and it is not listed why.
pub fn run(workspace: &Workspace) -> Result<()> {
    let folder = workspace.steps().join("peers");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let cases = folder.join("cases.json");
    command::run(program(workspace, "verdicts").arg(&cases))?;
    node::ensure_packages(workspace)?;
    let mut test = Command::new("node");
    test.args(["--test", "--test-reporter=dot"]).arg(workspace.join(FOLDER).join("js/verdicts.test.mjs"));
    command::run(test.env("WX_SOTER_CASES", &cases).current_dir(workspace.root()))
}

/// One of the crate's programs; arguments that are added are the program's. In release, for the sake of figures, and so
/// that there is one build for both.
pub fn program(workspace: &Workspace, name: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--locked", "--release", "--bin", name, "--target-dir"]);
    cargo.arg(workspace.target()).arg("--").current_dir(workspace.join(FOLDER));
    cargo
}
