//! Transactions that do not outlive their request unseen.
//!
//! sqlx has its own, but 0.9.0 counts one only after the response to BEGIN (launchbadge/sqlx#4385, #4393; the fix, #4394, is in no
//! release yet). A call that is dropped in between leaves a connection in the pool inside a transaction that nobody knows,
//! and what comes next on it is confirmed and never committed: a removed key lives on. So nothing here may use the `begin` of
//! a pool or a connection.
//!
//! Here others get a connection only after the response to COMMIT or ROLLBACK was seen. A ROLLBACK at each return to
//! the pool would do it, too, but costs every call a round trip, and PostgreSQL logs a warning for each that had nothing to
//! roll back.

use super::exclusive_connection::Lease;
use super::owner_locks::OwnerGuard;
use sqlx::pool::PoolConnection;
use sqlx::{Executor, Postgres, Sqlite};
use std::time::Duration;

/// A database that does not respond to a ROLLBACK for so long is gone, and the connection with it.
const ROLLBACK_TIMEOUT: Duration = Duration::from_secs(30);

/// What a transaction needs of either driver.
pub(super) trait Driver: sqlx::Database {
    /// A connection that others wait for.
    type Held: Send + 'static;

    fn connection(held: &mut Self::Held) -> Result<&mut Self::Connection, sqlx::Error>;

    /// Gives it back, after what it was doing.
    fn give_back(held: Self::Held);

    /// Closes it, whatever it is doing.
    fn close(held: Self::Held);

    /// Executes SQL that has no parameters.
    fn execute(
        connection: &mut Self::Connection,
        sql: &'static str,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

impl Driver for Sqlite {
    type Held = Lease;

    fn connection(held: &mut Lease) -> Result<&mut Self::Connection, sqlx::Error> {
        held.connection()
    }

    fn give_back(held: Lease) {
        held.keep();
    }

    fn close(held: Lease) {
        drop(held);
    }

    async fn execute(connection: &mut Self::Connection, sql: &'static str) -> Result<(), sqlx::Error> {
        Executor::execute(connection, sql).await.map(drop)
    }
}

impl Driver for Postgres {
    type Held = PoolConnection<Self>;

    fn connection(held: &mut PoolConnection<Self>) -> Result<&mut Self::Connection, sqlx::Error> {
        Ok(held)
    }

    fn give_back(held: PoolConnection<Self>) {
        drop(held);
    }

    fn close(mut held: PoolConnection<Self>) {
        held.close_on_drop();
    }

    async fn execute(connection: &mut Self::Connection, sql: &'static str) -> Result<(), sqlx::Error> {
        Executor::execute(connection, sql).await.map(drop)
    }
}

/// A transaction on one connection. It is rolled back where it is dropped.
pub(super) struct Open<D: Driver> {
    /// Until the end of the transaction.
    connection: Option<D::Held>,
    /// Of those that work for one owner.
    turn: Option<OwnerGuard>,
}

impl<D: Driver> Open<D> {
    /// Begins on a connection that was waited for.
    pub async fn begin(
        connection: D::Held,
        begin: &'static str,
        turn: Option<OwnerGuard>,
    ) -> Result<Self, sqlx::Error> {
        let mut transaction = Self { connection: Some(connection), turn };
        D::execute(transaction.connection()?, begin).await?;
        Ok(transaction)
    }

    /// For statements within the transaction.
    pub fn connection(&mut self) -> Result<&mut D::Connection, sqlx::Error> {
        D::connection(self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)?)
    }

    pub async fn end(mut self) -> Result<(), sqlx::Error> {
        D::execute(self.connection()?, "COMMIT").await?;
        if let Some(connection) = self.connection.take() {
            D::give_back(connection);
        }
        Ok(())
    }
}

/// Whatever the connection was doing, it first waits for the response to that. The owner's lock is held as long: a client that
/// comes again and again, and disconnects while somebody else has locked its row, holds one connection and no more.
impl<D: Driver> Drop for Open<D> {
    fn drop(&mut self) {
        let (Some(mut connection), turn) = (self.connection.take(), self.turn.take()) else {
            return;
        };
        tokio::spawn(async move {
            let roll_back = async { D::execute(D::connection(&mut connection)?, "ROLLBACK").await };
            let rolled_back = tokio::time::timeout(ROLLBACK_TIMEOUT, roll_back).await;
            if matches!(rolled_back, Ok(Ok(()))) {
                D::give_back(connection);
            } else {
                D::close(connection);
            }
            drop(turn);
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

/// PostgreSQL's `lock_not_available` after `lock_timeout` and `deadlock_detected`, and SQLite's `SQLITE_BUSY` with its kinds
/// after `busy_timeout`.
pub(super) fn is_locked(error: &sqlx::Error) -> bool {
    const SQLITE_BUSY: i32 = 5;
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| {
        code == "55P03" || code == "40P01" || code.parse().is_ok_and(|code: i32| code & 0xff == SQLITE_BUSY)
    })
}
