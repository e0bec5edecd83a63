//! Node.js and the packages of package-lock.json.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::workspace::Workspace;
use crate::{build, command};

const OLDEST: u32 = 20;

/// The folder of the packages that the emulator's recipes are tried on: four hundred megabytes that only they need.
pub const HOSTS: &str = "tests/emulator/hosts";

/// Installs the packages of a folder's package-lock.json, unless just these are installed.
pub fn ensure_packages(workspace: &Workspace, folder: &str) -> Result<()> {
    let wanted = || format!("Node.js {OLDEST} or later is missing: https://nodejs.org");
    let version = command::output(Command::new("node").arg("--version")).with_context(wanted)?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    ensure!(major >= Some(OLDEST), "Node.js {} is too old: {}", version.trim(), wanted());
    let folder = workspace.join(folder);
    let lock = folder.join("package-lock.json");
    // npm writes it last.
    if build::is_newer(&folder.join("node_modules/.package-lock.json"), &[&lock]) {
        return Ok(());
    }
    println!("Installing the packages of {} ...", lock.display());
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    command::run(Command::new(npm).args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))
        .with_context(|| format!("the packages of {} are missing: run `npm ci` there", lock.display()))
}

/// The folder of the installed packages' programs.
pub fn programs(workspace: &Workspace) -> PathBuf {
    workspace.join("node_modules/.bin")
}

/// A program of an installed package.
pub fn program(workspace: &Workspace, name: &str) -> PathBuf {
    programs(workspace).join(if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() })
}
