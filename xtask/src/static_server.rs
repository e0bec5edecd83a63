//! soter-server as one file that needs nothing else, for images `FROM scratch`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{browsers, command};

const TARGET: &str = "x86_64-unknown-linux-musl";

/// Builds it; `None`, with a word, where the target or its C compiler cannot be had, or this machine could not run it.
pub fn build(workspace: &Workspace) -> Result<Option<PathBuf>> {
    if !cfg!(target_arch = "x86_64") {
        println!(
            "SKIPPED the static program: it is for x86_64, and this machine is {}",
            std::env::consts::ARCH
        );
        return Ok(None);
    }
    if command::on_path("musl-gcc").is_none() {
        browsers::install(&["musl-tools"])?;
    }
    if command::on_path("musl-gcc").is_none() {
        println!("SKIPPED the static program: there is no musl-gcc (Debian: musl-tools)");
        return Ok(None);
    }
    if !command::succeeds(
        Command::new("rustup").args(["target", "add", TARGET]).current_dir(workspace.root()),
    ) {
        println!("SKIPPED the static program: rustup cannot fetch {TARGET}");
        return Ok(None);
    }
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--profile", "server", "--package", "soter-server", "--target", TARGET]);
    command::run(&mut cargo)?;
    Ok(Some(workspace.target().join(TARGET).join("server/soter-server")))
}
