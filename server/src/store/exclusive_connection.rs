//! A connection to SQLite that is used by one at a time, in the order in which they ask.
//!
//! It is in no pool: a pool tests each connection that it gets back, in a task of its own, which here would wake the connection's
//! thread once more for each transaction. Instead it is kept only by whoever says that it is as it was before.

use super::{Connections, session};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// After that another one is made, as sqlx's pools do: the name may be another file's by then.
const MAX_AGE: Duration = Duration::from_secs(30 * 60);

/// What a connection is doing may take so long to end before others get one.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

pub(super) struct ExclusiveConnection {
    address: SqliteConnectOptions,
    /// For so long one waits for it.
    acquire_timeout: Duration,
    kept: Arc<Mutex<Option<Kept>>>,
    is_closed: AtomicBool,
}

struct Kept {
    connection: SqliteConnection,
    made_at: Instant,
}

/// The connection while it is used. It is closed where this is dropped before [`Lease::keep`]: nobody knows what it is doing. Others
/// get another one when it has ended, or after [`CLOSE_TIMEOUT`].
pub(super) struct Lease {
    /// Until it is given back.
    held: Option<(OwnedMutexGuard<Option<Kept>>, Kept)>,
}

impl ExclusiveConnection {
    /// It is made when it is first used.
    pub fn new(address: SqliteConnectOptions, acquire_timeout: Duration) -> Self {
        Self { address, acquire_timeout, kept: Arc::default(), is_closed: AtomicBool::new(false) }
    }

    /// Waits for whoever uses it.
    pub async fn acquire(&self) -> Result<Lease, sqlx::Error> {
        tokio::time::timeout(self.acquire_timeout, self.acquire_without_limit())
            .await
            .map_err(|_| sqlx::Error::PoolTimedOut)?
    }

    async fn acquire_without_limit(&self) -> Result<Lease, sqlx::Error> {
        let mut place = self.kept.clone().lock_owned().await;
        if self.is_closed.load(Ordering::Relaxed) {
            return Err(sqlx::Error::PoolClosed);
        }
        let kept = match place.take() {
            Some(kept) if kept.made_at.elapsed() <= MAX_AGE => kept,
            _ => self.connect().await?,
        };
        Ok(Lease { held: Some((place, kept)) })
    }

    async fn connect(&self) -> Result<Kept, sqlx::Error> {
        let mut connection = self.address.connect().await?;
        session::prepare_sqlite(&mut connection).await?;
        Ok(Kept { connection, made_at: Instant::now() })
    }

    pub fn state(&self) -> Connections {
        match self.kept.try_lock() {
            Ok(kept) if kept.is_none() => Connections::default(),
            Ok(_) => Connections { open: 1, idle: 1 },
            Err(_) => Connections { open: 1, idle: 0 },
        }
    }

    /// After what it is doing.
    pub async fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
        if let Some(kept) = self.kept.lock().await.take() {
            // It ends in any case.
            let _ = kept.connection.close().await;
        }
    }
}

impl Lease {
    pub fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.held.as_mut().map(|(_, kept)| &mut kept.connection).ok_or(sqlx::Error::PoolClosed)
    }

    /// Keeps the connection, which is in no transaction and has nothing to do.
    pub fn keep(mut self) {
        if let Some((mut place, kept)) = self.held.take() {
            *place = Some(kept);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some((place, kept)) = self.held.take() else { return };
        tokio::spawn(async move {
            // It ends in any case, if later.
            let _ = tokio::time::timeout(CLOSE_TIMEOUT, kept.connection.close()).await;
            drop(place);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::Executor;

    #[tokio::test]
    async fn it_is_kept_by_whoever_says_so_and_closed_otherwise() -> Result<(), sqlx::Error> {
        let connection =
            ExclusiveConnection::new(SqliteConnectOptions::new().in_memory(true), Duration::from_secs(600));
        assert_eq!(connection.state(), Connections::default());
        let mut lease = connection.acquire().await?;
        // Others do not see it, so it is there as long as the connection is.
        lease.connection()?.execute("CREATE TABLE of_this_connection (a)").await?;
        assert_eq!(connection.state(), Connections { open: 1, idle: 0 });
        lease.keep();
        assert_eq!(connection.state(), Connections { open: 1, idle: 1 });
        let mut lease = connection.acquire().await?;
        lease.connection()?.execute("SELECT a FROM of_this_connection").await?;
        drop(lease);
        // It has not ended yet, and others wait for that.
        assert_eq!(connection.state(), Connections { open: 1, idle: 0 });
        let mut lease = connection.acquire().await?;
        assert!(lease.connection()?.execute("SELECT a FROM of_this_connection").await.is_err());
        lease.keep();
        connection.close().await;
        assert!(matches!(connection.acquire().await, Err(sqlx::Error::PoolClosed)));
        Ok(())
    }

    #[tokio::test]
    async fn nobody_waits_for_it_without_a_limit() -> Result<(), sqlx::Error> {
        let connection =
            ExclusiveConnection::new(SqliteConnectOptions::new().in_memory(true), Duration::from_millis(1));
        let _lease = connection.acquire_without_limit().await?;
        assert!(matches!(connection.acquire().await, Err(sqlx::Error::PoolTimedOut)));
        Ok(())
    }
}
