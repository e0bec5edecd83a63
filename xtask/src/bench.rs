//! `cargo xtask bench`: the figures of speed in README.md.

use std::process::Command;

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{browsers, command, readme};

/// Runs the measurements, which print Markdown, and puts it into README.md if asked. A quick run takes few samples.
pub fn run(workspace: &Workspace, write: bool, quick: bool) -> Result<()> {
    let mut script = Command::new("node");
    script.arg("xtask/js/bench.mjs").current_dir(workspace.root());
    if quick {
        script.arg("--quick");
    }
    browsers::tell(&mut script)?;
    if !write {
        // Shows the figures also where they are a failure.
        return command::run(&mut script);
    }
    let markdown = command::output(&mut script)?;
    println!("{markdown}");
    readme::put(workspace, "bench", &markdown)
}
