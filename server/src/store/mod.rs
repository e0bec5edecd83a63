//! What is kept: keys, challenges and access tokens, in SQLite or PostgreSQL. The SQL is the same for both; the two
//! folders of `migrations/` differ in names of types.
//!
//! What must not happen twice is compared and set by one statement, so that it holds between any number of instances.

mod access_tokens;
mod challenges;
mod keys;
mod session;

pub use challenges::Unspendable;
pub use keys::{Acceptance, Addition, StoredKey};

use sqlx::any::AnyPoolOptions;
use sqlx::migrate::Migrator;
use sqlx::{AnyPool, Executor};
use std::time::Duration;

/// A transaction waits so long for a connection before the call fails.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// The database. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    reads: AnyPool,
    /// SQLite has one writer at a time: waiting for the one connection in order is better than all trying for the lock.
    writes: AnyPool,
}

impl Store {
    /// Opens `sqlite:` or `postgres:`, makes a missing SQLite file, and brings the tables up to date, with at most
    /// `max_connections`.
    ///
    /// # Errors
    ///
    /// The database cannot be reached, or its tables cannot be made.
    pub async fn open(url: &str, max_connections: u32) -> anyhow::Result<Self> {
        sqlx::any::install_default_drivers();
        if url.starts_with("sqlite:") {
            Self::open_sqlite(url, max_connections).await
        } else {
            Self::open_postgres(url, max_connections).await
        }
    }

    async fn open_sqlite(url: &str, max_connections: u32) -> anyhow::Result<Self> {
        let options = AnyPoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT);
        let options = options
            .after_connect(|connection, _| Box::pin(async { session::prepare_sqlite(connection).await }));
        let writes = options.clone().max_connections(1).connect(url).await?;
        migrate(sqlx::migrate!("migrations/sqlite"), &writes).await?;
        Ok(Self { reads: options.max_connections(max_connections).connect(url).await?, writes })
    }

    async fn open_postgres(url: &str, max_connections: u32) -> anyhow::Result<Self> {
        let options = AnyPoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT).max_connections(max_connections);
        let options = options
            .after_connect(|connection, _| Box::pin(async { session::prepare_postgres(connection).await }));
        let pool = options.connect(url).await?;
        migrate(sqlx::migrate!("migrations/postgres"), &pool).await?;
        Ok(Self { reads: pool.clone(), writes: pool })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    ///
    /// It does not.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        self.reads.execute("SELECT 1").await?;
        Ok(())
    }

    /// Deletes what has expired, a little at a time: SQLite has one writer, and calls are waiting.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn sweep(&self, now: i64) -> Result<(), sqlx::Error> {
        while challenges::sweep(&self.writes, now).await? > 0 {}
        access_tokens::sweep(&self.writes, now).await
    }

    /// Ends all connections, after what they are doing.
    pub async fn close(&self) {
        self.writes.close().await;
        self.reads.close().await;
    }
}

/// Tables of a newer service are no hindrance: migrations only add, so that instances of two versions work beside each other
/// while one is replaced by the other.
async fn migrate(mut migrator: Migrator, pool: &AnyPool) -> Result<(), sqlx::migrate::MigrateError> {
    migrator.set_ignore_missing(true);
    migrator.run(pool).await
}
