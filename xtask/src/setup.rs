//! `cargo xtask setup`: everything that the other tasks would fetch when they first need it.

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{browsers, fuzz, node, target, tools, webkit};

/// Fetches everything.
pub fn run(workspace: &Workspace) -> Result<()> {
    target::ensure()?;
    println!("target: {}", target::WASM);
    for tool in [tools::wasm_bindgen(workspace)?, tools::wasm_pack()] {
        println!("{}", tool.program()?.display());
    }
    if fuzz::IS_TRIED_HERE {
        println!("{}", tools::cargo_fuzz().program()?.display());
    }
    node::ensure_packages(workspace)?;
    node::ensure_packages_in(workspace, node::HOSTS)?;
    println!("node_modules: as in package-lock.json");
    webkit::ensure()?;
    browsers::ensure_all()
}
