//! The checkout that a task works on.

use std::path::{Path, PathBuf};

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
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// Another checkout, built in a target folder of the caller's choice.
    pub fn at(root: PathBuf, target: PathBuf) -> Self {
        Self { root, target }
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
}
