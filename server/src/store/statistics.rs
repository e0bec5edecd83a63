//! Figures for the metrics.

use super::Store;
use sqlx::Row;

/// The state of the pool of connections for calls that change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    /// Open connections.
    pub open: u32,
    /// Those that nobody uses.
    pub idle: usize,
}

impl Store {
    /// The pool as it is.
    #[must_use]
    pub fn pool_state(&self) -> PoolState {
        PoolState { open: self.writes.size(), idle: self.writes.num_idle() }
    }

    /// How many challenges are open, and for how many seconds the oldest has been over without being deleted.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn challenge_figures(&self, now: i64) -> Result<(i64, i64), sqlx::Error> {
        let open = sqlx::query("SELECT COUNT(*) FROM challenges WHERE expires_at > $1")
            .bind(now)
            .fetch_one(&self.reads)
            .await?
            .try_get(0)?;
        let oldest: Option<i64> =
            sqlx::query("SELECT MIN(expires_at) FROM challenges").fetch_one(&self.reads).await?.try_get(0)?;
        Ok((open, oldest.map_or(0, |oldest| now.saturating_sub(oldest).max(0))))
    }
}
