//! Room on the disk that is kept for results. With SQLite new challenges are refused before the disk is full, so that whoever has one
//! can still use it. (PostgreSQL has its disk elsewhere, and there is no asking for it.)

use crate::database_url;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// The reserve of an instance.
pub struct DiskReserve {
    /// Of the database's file.
    folder: Option<PathBuf>,
    bytes: u64,
    was_reached: AtomicBool,
}

impl DiskReserve {
    /// So many MiB, where the database is SQLite's.
    #[must_use]
    pub fn new(database_url: &str, mebibytes: u32) -> Self {
        let file = database_url::sqlite_file(database_url);
        let folder = file.and_then(|file| file.parent().map(Path::to_owned));
        // The parent of a name alone is empty.
        let folder = folder.map(|folder| if folder.as_os_str().is_empty() { ".".into() } else { folder });
        Self { folder, bytes: u64::from(mebibytes) << 20, was_reached: AtomicBool::new(false) }
    }

    /// Whether less than that is free now, so that there is room for results alone.
    pub fn is_reached(&self) -> bool {
        let Some(free) = self.folder.as_deref().and_then(free_bytes) else {
            return false;
        };
        let is_reached = free < self.bytes;
        if self.was_reached.swap(is_reached, Ordering::Relaxed) != is_reached {
            let reserve = self.bytes;
            if is_reached {
                tracing::error!(
                    free,
                    reserve,
                    "the disk is nearly full: no new challenges, but results are accepted"
                );
            } else {
                tracing::info!(free, reserve, "there is room for new challenges again");
            }
        }
        is_reached
    }
}

/// How much this process may still write; `None` where the system does not say.
#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Not asked here.
#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}
