//! `cargo xtask bench`: the figures of speed in README.md.

use std::process::Command;

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{browsers, command, readme};

/// Runs the measurements, which print Markdown, and puts it into README.md if asked.
pub fn run(workspace: &Workspace, write: bool) -> Result<()> {
    let mut script = Command::new("node");
    script.arg("xtask/js/bench.mjs").current_dir(workspace.root());
    browsers::tell(&mut script)?;
    let markdown = command::output(&mut script)?;
    println!("{markdown}");
    if write {
        readme::put(workspace, "bench", &markdown)?;
    }
    Ok(())
}
