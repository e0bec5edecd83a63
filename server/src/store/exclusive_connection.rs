//! A connection to SQLite that is used by one at a time, in the order in which they ask.
//!
//! It is in no pool: a pool tests each connection that it gets back, in a task of its own, which here would wake the connection's
//! thread once more for each transaction. Instead it is kept only by whoever says that it is as it was before.

use super::{Connections, session};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};

pub(super) struct ExclusiveConnection {
    address: SqliteConnectOptions,
    /// For so long one waits for it.
    acquire_timeout: Duration,
    kept: Arc<Mutex<Option<SqliteConnection>>>,
    is_closed: AtomicBool,
}

/// The connection while it is used. It is closed where this is dropped before [`Lease::keep`]: nobody knows what it is doing.
pub(super) struct Lease {
    place: OwnedMutexGuard<Option<SqliteConnection>>,
    connection: SqliteConnection,
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
        let connection = match place.take() {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        Ok(Lease { place, connection })
    }

    async fn connect(&self) -> Result<SqliteConnection, sqlx::Error> {
        let mut connection = self.address.connect().await?;
        session::prepare_sqlite(&mut connection).await?;
        Ok(connection)
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
        if let Some(connection) = self.kept.lock().await.take() {
            // It ends in any case.
            let _ = connection.close().await;
        }
    }
}

impl Lease {
    /// Keeps the connection, which is in no transaction and has nothing to do.
    pub fn keep(mut self) {
        *self.place = Some(self.connection);
    }
}

impl Deref for Lease {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
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
        lease.execute("CREATE TABLE of_this_connection (a)").await?;
        assert_eq!(connection.state(), Connections { open: 1, idle: 0 });
        lease.keep();
        assert_eq!(connection.state(), Connections { open: 1, idle: 1 });
        let mut lease = connection.acquire().await?;
        lease.execute("SELECT a FROM of_this_connection").await?;
        drop(lease);
        assert_eq!(connection.state(), Connections::default());
        let mut lease = connection.acquire().await?;
        assert!(lease.execute("SELECT a FROM of_this_connection").await.is_err());
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
