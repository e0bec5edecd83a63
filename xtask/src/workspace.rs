//! The checkout that a task works on.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The checkout that a task works on, and where cargo builds it.
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The checkout that `cargo xtask` was called in.
    pub fn of_this_crate() -> Result<Self> {
        // Asked at run time: with a target folder shared by two clones, what was compiled in may name the other.
        let manifest =
            std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().context("xtask/ has no folder above it")?.to_path_buf();
        let target = root.join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
        Ok(Self { root, target })
    }

    /// The top of the checkout.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A file or folder of the checkout.
    pub fn join(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Cargo's target folder.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Where the steps between cargo's output and `pkg/dist/` leave their files. It belongs to the checkout and
    /// not to the target folder, which two checkouts may share.
    pub fn steps(&self) -> PathBuf {
        self.root.join("target").join("wx-soter")
    }

    /// Cargo at the top of the checkout.
    pub fn cargo(&self) -> Command {
        let mut cargo = Command::new("cargo");
        // What cargo told this program about itself. The build scripts of some crates look at it, and would have half of a
        // crate's dependencies compiled anew whenever it is built from here after it was built from a shell.
        for (name, _) in std::env::vars_os() {
            if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| name.to_string_lossy().starts_with(start))
            {
                cargo.env_remove(name);
            }
        }
        cargo.current_dir(&self.root);
        cargo
    }

    /// Node.js with a script of the checkout.
    pub fn node(&self, script: &str) -> Command {
        let mut node = Command::new("node");
        node.arg(script).current_dir(&self.root);
        node
    }
}
