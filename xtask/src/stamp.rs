//! Stamps: what a step was made from, so that the step is skipped while that is unchanged.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Gathers contents into one short text. Equal contents give equal stamps on one machine and compiler, which is all
/// that is asked of it.
#[derive(Default)]
pub struct Stamp(DefaultHasher);

impl Stamp {
    /// Adds a text.
    pub fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.0);
        self
    }

    /// Adds a file's content.
    pub fn file(mut self, path: &Path) -> Result<Self> {
        fs::read(path).with_context(|| format!("cannot read {}", path.display()))?.hash(&mut self.0);
        Ok(self)
    }

    /// Adds the names and contents of all files under a folder; a folder that is not there counts as empty.
    pub fn folder(mut self, folder: &Path) -> Result<Self> {
        for path in files_under(folder)? {
            path.hash(&mut self.0);
            self = self.file(&path)?;
        }
        Ok(self)
    }

    /// The stamp as text.
    pub fn finish(&self) -> String {
        format!("{:016x}\n", self.0.finish())
    }
}

/// Whether a stamp is the one noted in a file.
pub fn is_noted(stamp: &str, path: &Path) -> bool {
    fs::read_to_string(path).is_ok_and(|noted| noted == stamp)
}

/// Notes a stamp in a file.
pub fn note(stamp: &str, path: &Path) -> Result<()> {
    fs::write(path, stamp).with_context(|| format!("cannot write {}", path.display()))
}

fn files_under(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}
