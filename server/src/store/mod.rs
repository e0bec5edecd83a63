//! Storage: keys, challenges and access tokens, in SQLite or PostgreSQL.
//!
//! What comes often, and from many at once, is done for many at once (see `lane`): a result costs no commit of its own, but
//! a part of one. All else has a transaction of its own.
//!
//! Whether something has expired the database says, by its own clock: it is one clock for all instances.

mod acceptances;
mod access_tokens;
mod challenges;
mod database;
mod exclusive_connection;
mod keys;
mod lane;
mod migrations;
mod owner;
mod owner_locks;
mod postgres;
mod registrations;
mod session;
mod shared_connection;
mod shared_error;
mod sqlite;
mod stale;
mod statistics;
mod transaction;
mod waiting;
mod write_probe;

pub use acceptances::{Acceptance, Accepted, LockedKey, Turn};
pub use access_tokens::IssuedToken;
pub use challenges::Unspendable;
pub use keys::{ListedKey, StoredKey};
pub use owner::Owner;
pub use postgres::MIN_CONNECTIONS as MIN_POSTGRES_CONNECTIONS;
pub use registrations::{Addition, NewKey, Registering};
pub use statistics::{Connections, PoolState};
pub use transaction::until_unlocked;

use crate::{database_url, session_pooling};
use challenges::{KnownChallenge, NewChallenge};
use database::Database;
use keys::KeyName;
use lane::Lane;
use owner_locks::OwnerLocks;
use postgres::PostgresDatabase;
use sqlite::SqliteDatabase;
use std::sync::Arc;
use std::time::Duration;

/// So many expired rows are deleted at once: SQLite has one writer, and calls are waiting.
const SWEEP_SIZE: i64 = 1000;

/// The database. Clones share it.
#[derive(Clone)]
pub struct Store {
    database: Arc<dyn Database>,
    locks: OwnerLocks,
    key_reads: Arc<Lane<KeyName, Option<StoredKey>>>,
    new_challenges: Arc<Lane<NewChallenge, bool>>,
    acceptances: Arc<Lane<acceptances::Input, acceptances::Output>>,
}

impl Store {
    /// Opens `sqlite:` or `postgres:`, makes a missing SQLite file, and brings the tables up to date, with at most
    /// `max_connections` (with PostgreSQL [`MIN_POSTGRES_CONNECTIONS`] at least), for requests that take no longer than `timeout`.
    ///
    /// # Errors
    ///
    /// The database cannot be reached, or its tables cannot be made.
    pub async fn open(url: &str, max_connections: u32, timeout: Duration) -> anyhow::Result<Self> {
        // A little longer, so that what ends a request is its own timeout.
        let acquire_timeout = timeout.saturating_add(Duration::from_secs(1));
        let database: Arc<dyn Database> = if url.starts_with("sqlite:") {
            Arc::new(SqliteDatabase::open(url, max_connections, acquire_timeout).await?)
        } else {
            Arc::new(PostgresDatabase::open(url, max_connections, timeout, acquire_timeout).await?)
        };
        Ok(Self {
            locks: OwnerLocks::default(),
            key_reads: Arc::new(Lane::start(acquire_timeout, {
                let database = database.clone();
                move |jobs| {
                    let database = database.clone();
                    async move { keys::read_all(&*database, jobs).await }
                }
            })),
            new_challenges: Arc::new(Lane::start(acquire_timeout, {
                let database = database.clone();
                move |jobs| {
                    let database = database.clone();
                    async move { challenges::add_all(&*database, jobs).await }
                }
            })),
            acceptances: Arc::new(Lane::start(acquire_timeout, {
                let database = database.clone();
                move |jobs| {
                    let database = database.clone();
                    async move { acceptances::accept_all(&*database, jobs).await }
                }
            })),
            database,
        })
    }

    /// Brings the tables up to date and does no more, on a connection without the limits of calls: the service itself may then
    /// have a role that only changes rows.
    ///
    /// # Errors
    ///
    /// The database cannot be reached, or the tables cannot be made.
    pub async fn migrate(url: &str) -> anyhow::Result<()> {
        if database_url::is_postgres(url) {
            // Instances that migrate at once wait for each other by a lock of the session.
            session_pooling::ensure_own_sessions(url).await?;
        }
        Ok(migrations::run(url).await?)
    }

    /// Deletes what has expired, a little at a time.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn sweep(&self) -> Result<(), sqlx::Error> {
        while until_unlocked(|| self.database.sweep_challenges(SWEEP_SIZE)).await? > 0 {}
        while until_unlocked(|| self.database.sweep_access_tokens(SWEEP_SIZE)).await? > 0 {}
        Ok(())
    }

    /// Ends all connections, after what they are doing.
    pub async fn close(&self) {
        self.database.close().await;
    }
}
