//! Storage: keys, challenges and access tokens, in SQLite or PostgreSQL. The SQL is the same for both; the two
//! folders of `migrations/` differ in names of types.
//!
//! What must not happen twice is compared and set by one statement, or under the lock of the key's row, so that it holds
//! between any number of instances.

mod access_tokens;
mod challenges;
mod keys;
mod migrations;
mod openid_locks;
mod session;
mod statistics;
mod transaction;
mod write_probe;

pub use challenges::Unspendable;
pub use keys::{Addition, LockedKey, StoredKey};
pub use statistics::PoolState;
pub use transaction::until_unlocked;

use openid_locks::OpenidLocks;
use sqlx::AnyPool;
use sqlx::any::AnyPoolOptions;
use std::time::Duration;
use write_probe::Stale;

/// How many expired rows are deleted at once.
const SWEEP_SIZE: i64 = 1000;

/// The database. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    kind: Kind,
    reads: AnyPool,
    /// For single statements and for [`transaction::Transaction`]. SQLite has one writer at a time: waiting for the one
    /// connection in order is better than all trying for the lock.
    writes: AnyPool,
    locks: OpenidLocks,
    /// Connections that lead to a server which only reads.
    stale: Stale,
}

/// What the two databases say differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    /// Begins a transaction. On SQLite it locks the database at once: one that reads first and writes then fails where
    /// another process has written in between.
    const fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// The end of a SELECT that locks what it finds.
    const fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }
}

impl Store {
    /// Opens `sqlite:` or `postgres:`, makes a missing SQLite file, and brings the tables up to date, with at most
    /// `max_connections`, for requests that take no longer than `timeout`.
    ///
    /// # Errors
    ///
    /// The database cannot be reached, or its tables cannot be made.
    pub async fn open(url: &str, max_connections: u32, timeout: Duration) -> anyhow::Result<Self> {
        sqlx::any::install_default_drivers();
        // A little longer, so that what ends a request is its own timeout.
        let options = AnyPoolOptions::new().acquire_timeout(timeout.saturating_add(Duration::from_secs(1)));
        if url.starts_with("sqlite:") {
            Self::open_sqlite(url, max_connections, options).await
        } else {
            Self::open_postgres(url, max_connections, timeout, options).await
        }
    }

    /// Brings the tables up to date and does no more, on a connection without the limits of calls: the service itself may then
    /// have a role that only changes rows.
    ///
    /// # Errors
    ///
    /// The database cannot be reached, or the tables cannot be made.
    pub async fn migrate(url: &str) -> anyhow::Result<()> {
        sqlx::any::install_default_drivers();
        let kind = if url.starts_with("sqlite:") { Kind::Sqlite } else { Kind::Postgres };
        Ok(migrations::run(kind, url).await?)
    }

    async fn open_sqlite(url: &str, max_connections: u32, options: AnyPoolOptions) -> anyhow::Result<Self> {
        let options = options
            .after_connect(|connection, _| Box::pin(async { session::prepare_sqlite(connection).await }));
        let writes = options.clone().max_connections(1).connect(url).await?;
        migrations::ensure(Kind::Sqlite, &writes).await?;
        let reads = options.max_connections(max_connections).connect(url).await?;
        Ok(Self { kind: Kind::Sqlite, reads, writes, locks: OpenidLocks::default(), stale: Stale::default() })
    }

    async fn open_postgres(
        url: &str,
        max_connections: u32,
        timeout: Duration,
        options: AnyPoolOptions,
    ) -> anyhow::Result<Self> {
        let stale = Stale::default();
        let given_up = stale.clone();
        let options = options
            .max_connections(max_connections)
            .after_connect(move |connection, _| {
                Box::pin(async move { session::prepare_postgres(connection, timeout).await })
            })
            .before_acquire(move |_, connection| {
                let is_good = !given_up.contains(connection.age);
                Box::pin(async move { Ok(is_good) })
            });
        let pool = options.connect(url).await?;
        migrations::ensure(Kind::Postgres, &pool).await?;
        Ok(Self {
            kind: Kind::Postgres,
            reads: pool.clone(),
            writes: pool,
            locks: OpenidLocks::default(),
            stale,
        })
    }

    /// Deletes what has expired, a little at a time: SQLite has one writer, and calls are waiting.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn sweep(&self, now: i64) -> Result<(), sqlx::Error> {
        while challenges::sweep(&self.writes, now).await? > 0 {}
        while access_tokens::sweep(&self.writes, now).await? > 0 {}
        Ok(())
    }

    /// Ends all connections, after what they are doing.
    pub async fn close(&self) {
        self.writes.close().await;
        self.reads.close().await;
    }
}
