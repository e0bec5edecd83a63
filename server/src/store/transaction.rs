//! Transactions: one at a time for each openid, and none that outlives its request unseen.
//!
//! sqlx has its own, but 0.9.0 counts one only after the response to BEGIN (launchbadge/sqlx#4385, #4393; the fix, #4394, is in no
//! release yet). A call that is dropped in between leaves a connection in the pool inside a transaction that nobody knows,
//! and what comes next on it is confirmed and never committed: a removed key lives on. So nothing here may use the `begin` of
//! a pool or a connection.
//!
//! Here a connection returns to the pool only after the response to COMMIT or ROLLBACK was seen. A ROLLBACK at each return to
//! the pool would do it, too, but costs every call a round trip, and PostgreSQL logs a warning for each that had nothing to
//! roll back.

use super::Store;
use super::openid_locks::OpenidGuard;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, Executor};
use std::time::Duration;

/// A database that does not respond to a ROLLBACK for so long is gone, and the connection with it.
const ROLLBACK_TIMEOUT: Duration = Duration::from_secs(30);

/// A transaction on what belongs to one openid. It is rolled back where it is dropped.
pub(super) struct Transaction {
    /// Until the end of the transaction.
    connection: Option<PoolConnection<Any>>,
    lock: Option<OpenidGuard>,
}

impl Transaction {
    /// Waits for the lock of the openid and for a connection, in this order, so that each openid holds one connection at most.
    pub async fn begin(store: &Store, openid: &str) -> Result<Self, sqlx::Error> {
        let lock = store.locks.acquire(openid).await;
        let connection = store.writes.acquire().await?;
        let mut transaction = Self { connection: Some(connection), lock: Some(lock) };
        transaction.connection()?.execute(store.kind.begin()).await?;
        Ok(transaction)
    }

    /// For statements within the transaction.
    pub fn connection(&mut self) -> Result<&mut AnyConnection, sqlx::Error> {
        self.connection.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }

    pub async fn commit(mut self) -> Result<(), sqlx::Error> {
        self.connection()?.execute("COMMIT").await?;
        self.connection = None;
        Ok(())
    }
}

/// Whatever the connection was doing, it first waits for the response to that. The lock is held as long: a client that comes
/// again and again, and disconnects while somebody else has locked its row, holds one connection and no more.
impl Drop for Transaction {
    fn drop(&mut self) {
        let (Some(mut connection), lock) = (self.connection.take(), self.lock.take()) else {
            return;
        };
        tokio::spawn(async move {
            let rolled_back = tokio::time::timeout(ROLLBACK_TIMEOUT, connection.execute("ROLLBACK")).await;
            if !matches!(rolled_back, Ok(Ok(_))) {
                connection.close_on_drop();
            }
            drop(connection);
            drop(lock);
        });
    }
}

/// Does something again and again while a row that it needs is locked for longer than the connection may wait, so that others
/// get the connection in between. The call's own deadline ends it.
///
/// # Errors
///
/// What else the attempt fails with.
pub async fn until_unlocked<T, F>(attempt: impl Fn() -> F) -> Result<T, sqlx::Error>
where
    F: Future<Output = Result<T, sqlx::Error>>,
{
    loop {
        match attempt().await {
            Err(error) if is_locked(&error) => tracing::debug!(%error, "again"),
            done => return done,
        }
    }
}

/// PostgreSQL's `lock_not_available` after `lock_timeout`, and SQLite's `SQLITE_BUSY` with its kinds after `busy_timeout`.
fn is_locked(error: &sqlx::Error) -> bool {
    const SQLITE_BUSY: i32 = 5;
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code == "55P03" || code.parse().is_ok_and(|code: i32| code & 0xff == SQLITE_BUSY))
}
