//! A connection to PostgreSQL that works for many calls at once, by one statement after the other.
//!
//! It is in no pool: a pool tests each connection that it gets back, which here would be a round trip more for each statement.
//! Instead it is kept only after the answer to its statement was read, and tested where it was idle for long enough that somebody
//! between may have forgotten it.

use super::stale::Stale;
use super::{Connections, session};
use sqlx::postgres::{PgConnectOptions, PgDatabaseError, PgSeverity};
use sqlx::{ConnectOptions, Connection, PgConnection};
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::{Instant, sleep};

/// Idle for longer it is tested before it is used.
const MAX_UNTESTED: Duration = Duration::from_millis(100);

/// After that another one is made, as sqlx's pools do: a name may lead elsewhere by then.
const MAX_AGE: Duration = Duration::from_secs(30 * 60);

/// A server that starts refuses connections for a while; the pause between two attempts grows to the second of these.
const PAUSES: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(500)];

pub(super) struct SharedConnection {
    address: PgConnectOptions,
    /// Of calls.
    timeout: Duration,
    /// Whether its commits wait for the disk.
    is_flushed: bool,
    stale: Stale,
    kept: Arc<Mutex<Option<Kept>>>,
    is_closed: AtomicBool,
}

struct Kept {
    connection: PgConnection,
    made_at: Instant,
    used_at: Instant,
}

/// The connection while it is used. It is closed where this is dropped before [`Lease::settle`]: nobody knows what it is doing.
pub(super) struct Lease {
    place: OwnedMutexGuard<Option<Kept>>,
    kept: Kept,
}

impl SharedConnection {
    /// It is made when it is first used.
    pub fn new(address: PgConnectOptions, timeout: Duration, is_flushed: bool, stale: Stale) -> Self {
        Self { address, timeout, is_flushed, stale, kept: Arc::default(), is_closed: AtomicBool::new(false) }
    }

    /// Waits for whoever uses it, and for the server where it has to be made and the server is starting. Whoever has waited long
    /// enough drops this.
    pub async fn acquire(&self) -> Result<Lease, sqlx::Error> {
        let mut place = self.kept.clone().lock_owned().await;
        if self.is_closed.load(Ordering::Relaxed) {
            return Err(sqlx::Error::PoolClosed);
        }
        let kept = match place.take() {
            Some(kept) => self.tested(kept).await,
            None => None,
        };
        let kept = match kept {
            Some(kept) => kept,
            None => self.connect().await?,
        };
        Ok(Lease { place, kept })
    }

    /// `None` where it is of no use any more.
    async fn tested(&self, mut kept: Kept) -> Option<Kept> {
        let age = kept.made_at.elapsed();
        if age > MAX_AGE || self.stale.contains(age) {
            return None;
        }
        let is_idle = kept.used_at.elapsed() > MAX_UNTESTED;
        (!is_idle || kept.connection.ping().await.is_ok()).then_some(kept)
    }

    async fn connect(&self) -> Result<Kept, sqlx::Error> {
        let [mut pause, longest] = PAUSES;
        loop {
            match self.try_to_connect().await {
                Ok(connection) => {
                    return Ok(Kept { connection, made_at: Instant::now(), used_at: Instant::now() });
                }
                Err(error) if is_passing(&error) => {
                    tracing::debug!(%error, "the database does not accept connections yet");
                    sleep(pause).await;
                    pause = (pause * 2).min(longest);
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn try_to_connect(&self) -> Result<PgConnection, sqlx::Error> {
        let mut connection = self.address.connect().await?;
        session::prepare_postgres_for_many(&mut connection, self.timeout, self.is_flushed).await?;
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
        if let Some(kept) = self.kept.lock().await.take() {
            // It ends in any case.
            let _ = kept.connection.close().await;
        }
    }
}

impl Lease {
    pub const fn connection(&mut self) -> &mut PgConnection {
        &mut self.kept.connection
    }

    /// Keeps the connection, if by what came out of its statement it may go on.
    pub fn settle<T>(mut self, done: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        if done.as_ref().err().is_none_or(is_undone) {
            self.kept.used_at = Instant::now();
            *self.place = Some(self.kept);
        }
        done
    }
}

/// Whether the server said that it has not done a statement, and goes on with the connection. Without its word nobody knows.
pub(super) fn is_undone(error: &sqlx::Error) -> bool {
    let said = error.as_database_error().and_then(|said| said.try_downcast_ref::<PgDatabaseError>());
    said.is_some_and(|said| says_undone(said.severity(), said.code()))
}

/// What is worse than an error ends the connection, whether or not something was done before. The classes are those of connections,
/// and of operators who intervene; poolers between have them as errors. One code says that the outcome is unknown.
fn says_undone(severity: PgSeverity, code: &str) -> bool {
    severity == PgSeverity::Error && !code.starts_with("08") && !code.starts_with("57P") && code != "40003"
}

/// A server that ends says so on its connections, by `admin_shutdown` or `crash_shutdown`, before it closes them.
pub(super) fn is_disconnected(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(error, sqlx::Error::Io(_)) || code.is_some_and(|code| code == "57P01" || code == "57P02")
}

/// A server that is starting, or a standby which may be the primary soon.
fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == ErrorKind::ConnectionRefused,
        sqlx::Error::Configuration(_) => true,
        sqlx::Error::Database(said) => said.is_transient_in_connect_phase(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_error_of_the_statement_says_that_it_is_undone() {
        // lock_not_available, unique_violation, query_canceled
        for code in ["55P03", "23505", "57014"] {
            assert!(says_undone(PgSeverity::Error, code), "{code}");
            assert!(!says_undone(PgSeverity::Fatal, code), "{code}");
        }
        // Of connections, of a server that ends or starts, of a transaction whose outcome is unknown.
        for code in ["08006", "08P01", "57P01", "57P03", "57P05", "40003"] {
            assert!(!says_undone(PgSeverity::Error, code), "{code}");
        }
        assert!(!says_undone(PgSeverity::Panic, "XX000"));
        assert!(!is_undone(&sqlx::Error::PoolTimedOut));
    }
}
