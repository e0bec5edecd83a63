//! Figures for the metrics.

use super::Store;

/// The connections by which calls are answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolState {
    /// Each works for one call at a time.
    pub single: Connections,
    /// Each works for many calls at once, of one kind.
    pub shared: Connections,
}

/// Some connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// Open ones.
    pub open: u32,
    /// Those of them that do nothing.
    pub idle: usize,
}

impl Connections {
    pub(super) const fn and(self, other: Self) -> Self {
        Self { open: self.open.saturating_add(other.open), idle: self.idle.saturating_add(other.idle) }
    }
}

impl Store {
    /// The pool as it is.
    #[must_use]
    pub fn pool_state(&self) -> PoolState {
        self.database.pool_state()
    }

    /// How many challenges are open, and for how many seconds the oldest has been over without being deleted.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn challenge_figures(&self) -> Result<(i64, i64), sqlx::Error> {
        let (open, over) = self.database.challenge_figures().await?;
        Ok((open, over.unwrap_or(0).max(0)))
    }

    /// The database's time, in seconds since 1970.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn now(&self) -> Result<i64, sqlx::Error> {
        self.database.now().await
    }
}
