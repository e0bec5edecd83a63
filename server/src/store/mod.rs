//! What is kept: keys, challenges and access tokens, in SQLite or PostgreSQL. The SQL is the same for both; the two
//! folders of `migrations/` differ in names of types.
//!
//! What must not happen twice is compared and set by one statement, so that it holds between any number of instances.

mod access_tokens;
mod challenges;
mod keys;

pub use challenges::Spending;
pub use keys::{Acceptance, Addition, StoredKey};

use sqlx::any::AnyPoolOptions;
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, AnyPool, Executor};
use std::time::Duration;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

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
    /// Opens `sqlite:` or `postgres:`, makes a missing SQLite file, and brings the tables up to date. With PostgreSQL
    /// there are at most `max_connections`.
    ///
    /// # Errors
    ///
    /// The database cannot be reached, or its tables are newer than this service.
    pub async fn open(url: &str, max_connections: u32) -> anyhow::Result<Self> {
        sqlx::any::install_default_drivers();
        if url.starts_with("sqlite:") {
            let pool = |connections| {
                let options = AnyPoolOptions::new().max_connections(connections);
                options
                    .acquire_timeout(ACQUIRE_TIMEOUT)
                    .after_connect(|connection, _| Box::pin(async move { prepare_sqlite(connection).await }))
            };
            let writes = pool(1).connect(url).await?;
            SQLITE.run(&writes).await?;
            Ok(Self { reads: pool(max_connections).connect(url).await?, writes })
        } else {
            let options = AnyPoolOptions::new().max_connections(max_connections);
            let pool = options.acquire_timeout(ACQUIRE_TIMEOUT).connect(url).await?;
            POSTGRES.run(&pool).await?;
            Ok(Self { reads: pool.clone(), writes: pool })
        }
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

    /// Deletes what has expired.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn sweep(&self, now: i64) -> Result<(), sqlx::Error> {
        challenges::sweep(&self.writes, now).await?;
        access_tokens::sweep(&self.writes, now).await
    }

    /// Ends all connections, after what they are doing.
    pub async fn close(&self) {
        self.writes.close().await;
        self.reads.close().await;
    }
}

/// A commit waits for the disk, as in PostgreSQL: nothing that was accepted is forgotten, not even when the power fails.
async fn prepare_sqlite(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for pragma in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA busy_timeout = 5000"] {
        connection.execute(pragma).await?;
    }
    Ok(())
}
