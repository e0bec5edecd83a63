//! Figures for the metrics.

use super::Store;

/// The state of the connections for calls that change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    /// Open connections.
    pub open: u32,
    /// Those that any call could take. A connection that works for many at once is never among them.
    pub idle: usize,
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
    pub async fn challenge_figures(&self, now: i64) -> Result<(i64, i64), sqlx::Error> {
        let (open, oldest) = self.database.challenge_figures(now).await?;
        Ok((open, oldest.map_or(0, |oldest| now.saturating_sub(oldest).max(0))))
    }
}
