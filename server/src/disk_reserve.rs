//! Room on the disk that is kept for results. With SQLite new challenges are refused before the disk is full, so that whoever has one
//! can still use it. (PostgreSQL has its disk elsewhere, and there is no asking for it.)

use crate::database_url;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// The reserve of an instance.
pub struct DiskReserve {
    /// The database's file.
    file: Option<PathBuf>,
    bytes: u64,
    was_reached: AtomicBool,
}

impl DiskReserve {
    /// So many MiB, where the database is SQLite's.
    #[must_use]
    pub fn new(database_url: &str, mebibytes: u32) -> Self {
        let file = database_url::sqlite_file(database_url);
        Self { file, bytes: u64::from(mebibytes) << 20, was_reached: AtomicBool::new(false) }
    }

    /// Whether less than that is free now, so that there is room for results alone.
    pub fn is_reached(&self) -> bool {
        let Some(free) = self.file.as_deref().and_then(free_bytes) else {
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

/// How much this process may still write where a file is, or is to be; `None` where the system does not say. The file itself is asked
/// for: it may be a symbolic link to another disk.
#[cfg(unix)]
fn free_bytes(file: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(file).or_else(|_| rustix::fs::statvfs(folder_of(file))).ok()?;
    // A file system in memory without a limit, and some in user space, say that they have no blocks at all.
    (found.f_blocks > 0).then(|| found.f_bavail.saturating_mul(found.f_frsize))
}

/// The parent of a name alone is empty.
#[cfg(unix)]
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Not asked here.
#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_of_its_size_is_not_full() {
        assert_eq!(free_bytes(Path::new("/proc/version")), None);
        let file = std::env::temp_dir().join("a file that is not there yet");
        assert!(free_bytes(&file).is_some());
        assert!(free_bytes(Path::new("a name alone")).is_some());
    }
}
