//! The per-user cache folder: what one clone fetched, the next has at once.

use std::path::PathBuf;

use anyhow::{Context, Result};

/// The cache folder of wx-soter, whether or not it exists yet.
pub fn folder() -> Result<PathBuf> {
    let caches = match std::env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => usual_place().context("no home folder is known: set XDG_CACHE_HOME")?,
    };
    Ok(caches.join("wx-soter"))
}

fn usual_place() -> Option<PathBuf> {
    if cfg!(windows) {
        return std::env::var_os("LOCALAPPDATA").map(PathBuf::from);
    }
    let home = std::env::home_dir()?;
    Some(if cfg!(target_os = "macos") { home.join("Library").join("Caches") } else { home.join(".cache") })
}
