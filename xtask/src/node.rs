//! Node.js and the packages of package-lock.json.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command;
use crate::stamp::{self, Stamp};
use crate::workspace::Workspace;

const OLDEST: u32 = 20;

/// The folder of the packages that the emulator's recipes are tried on: four hundred megabytes that only they need.
pub const HOSTS: &str = "tests/emulator/hosts";

/// Checks that Node.js is there and new enough.
pub fn ensure() -> Result<()> {
    let wanted = || format!("Node.js {OLDEST} or later is missing: https://nodejs.org");
    let version = command::output(Command::new("node").arg("--version")).with_context(wanted)?;
    match major(version.trim()) {
        Some(major) if major >= OLDEST => Ok(()),
        _ => bail!(
            "Node.js {} is too old: version {OLDEST} or later is needed, https://nodejs.org",
            version.trim()
        ),
    }
}

/// Installs the packages of package-lock.json, unless just these are installed.
pub fn ensure_packages(workspace: &Workspace) -> Result<()> {
    ensure_packages_in(workspace, "")
}

/// The same for a folder that has a package-lock.json of its own.
pub fn ensure_packages_in(workspace: &Workspace, folder: &str) -> Result<()> {
    ensure()?;
    let folder = workspace.join(folder);
    let lock = folder.join("package-lock.json");
    let stamp = Stamp::default().file(&lock)?.finish();
    let noted = folder.join("node_modules/.wx-soter-lock");
    if stamp::is_noted(&stamp, &noted) {
        return Ok(());
    }
    println!("Installing the packages of {} ...", lock.display());
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    command::run(Command::new(npm).args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))
        .with_context(|| format!("the packages of {} are missing: run `npm ci` there", lock.display()))?;
    stamp::note(&stamp, &noted)
}

/// Tells one set of installed packages from another.
pub fn lock_stamp(workspace: &Workspace) -> Result<String> {
    Ok(Stamp::default().file(&workspace.join("package-lock.json"))?.finish())
}

/// The folder of the installed packages' programs.
pub fn programs(workspace: &Workspace) -> PathBuf {
    workspace.join("node_modules/.bin")
}

/// A program of an installed package.
pub fn program(workspace: &Workspace, name: &str) -> PathBuf {
    programs(workspace).join(if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() })
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn reads_the_major_version() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("20"), None);
    }
}
