//! Calls that wait for a connection, for the metrics: they are the first sign that a database is too slow, or has too few
//! connections.

use metrics::gauge;
use sqlx::Pool;
use sqlx::pool::PoolConnection;

/// One of them, until it is dropped.
#[derive(Debug)]
pub(super) struct Waiting {
    /// As for the connections themselves.
    work: &'static str,
}

impl Waiting {
    /// For a connection of its own.
    pub fn alone() -> Self {
        Self::for_work("single")
    }

    /// For its turn on one that works for many.
    pub fn with_others() -> Self {
        Self::for_work("shared")
    }

    fn for_work(work: &'static str) -> Self {
        gauge!("soter_database_waiting", "work" => work).increment(1.0);
        Self { work }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        gauge!("soter_database_waiting", "work" => self.work).decrement(1.0);
    }
}

/// Waits for a connection of a pool.
pub(super) async fn acquire<D: sqlx::Database>(pool: &Pool<D>) -> Result<PoolConnection<D>, sqlx::Error> {
    let _waiting = Waiting::alone();
    pool.acquire().await
}
