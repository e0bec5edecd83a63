//! `cargo xtask bench`: the figures of speed in README.md.

use std::process::Command;

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{browsers, command, peers, readme};

/// Runs the measurements, which print Markdown, and puts it into README.md if asked. A quick run takes few samples.
pub fn run(workspace: &Workspace, write: bool, quick: bool) -> Result<()> {
    let mut script = Command::new("node");
    script.arg("xtask/js/bench.mjs").current_dir(workspace.root());
    if quick {
        script.arg("--quick");
    }
    browsers::tell(&mut script)?;
    let mut verifier = peers::program(workspace, "speed");
    if quick {
        verifier.arg("--quick");
    }
    if !write {
        // Shows the figures also where they are a failure.
        return command::run(&mut script).and(command::run(&mut verifier));
    }
    for (name, measurement) in [("bench", &mut script), ("bench-verifier", &mut verifier)] {
        let markdown = command::output(measurement)?;
        println!("{markdown}");
        readme::put(workspace, name, &markdown)?;
    }
    Ok(())
}
