//! SQLite serves one process: another on the same file would wait for its locks, and limits and caches are each process's own.

use anyhow::{Context, bail};
use std::fs::{File, TryLockError};
use std::path::Path;

/// Held for as long as the process serves.
#[derive(Debug)]
pub struct SingleProcess {
    _lock: File,
}

impl SingleProcess {
    /// Takes the lock, of a file beside the database: closing one's own handle of the database itself would take SQLite's locks
    /// with it. The system releases it however the process ends.
    ///
    /// # Errors
    ///
    /// Another process has it, or the folder cannot be written to.
    pub fn of(database: &Path) -> anyhow::Result<Self> {
        let mut name = database.as_os_str().to_owned();
        name.push(".lock");
        let lock = File::options().create(true).append(true).open(&name);
        let lock = lock.with_context(|| format!("cannot open {}", Path::new(&name).display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { _lock: lock }),
            Err(TryLockError::WouldBlock) => bail!(
                "another process serves {}; SQLite is for one, PostgreSQL for any number",
                database.display()
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", Path::new(&name).display()))
            }
        }
    }
}
