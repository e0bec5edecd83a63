//! What a database says of itself, before anything is done with it.

use crate::clock::Clock;
use crate::{database_url, session_pooling};
use anyhow::{Context, ensure};
use sqlx::{Connection, PgConnection, Row, SqliteConnection};
use std::fmt;
use std::path::Path;

/// So many seconds between two clocks mean nothing: the question itself takes a while.
pub const CLOCK_TOLERANCE: u64 = 2;

const CANNOT_OPEN: &str = "cannot open the database of --database-url";

const NEWEST_MIGRATION: &str = "SELECT MAX(version) FROM _sqlx_migrations";

/// A right to some columns is taken for enough. Of a table that is not there yet nothing is known.
const MISSING_RIGHTS: &str = "SELECT wanted.privilege || ' on ' || name
    FROM (VALUES ('app_keys'), ('challenges'), ('access_tokens'), ('removed_keys')) AS tables (name)
    CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) AS wanted (privilege)
    WHERE (name <> 'removed_keys' OR wanted.privilege IN ('SELECT', 'INSERT'))
    AND NOT CASE wanted.privilege
        WHEN 'DELETE' THEN has_table_privilege(to_regclass(name), wanted.privilege)
        ELSE has_any_column_privilege(to_regclass(name), wanted.privilege)
    END
    ORDER BY 1";

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inspection {
    /// The SQLite file does not exist, and would be made.
    NoFile,
    /// The database answers.
    Found {
        /// The version of its software.
        version: String,
        /// Whether it refuses to write: a standby, or a database that is set to reading alone.
        is_read_only: bool,
        /// How many seconds its clock is ahead of this machine's.
        clock_ahead: i64,
        /// The newest migration that it has; `None` without tables.
        migration: Option<i64>,
        /// What its role may not do with the tables that are there, and should: `INSERT on removed_keys`.
        missing_rights: Vec<String>,
    },
}

impl fmt::Display for Inspection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFile => write!(formatter, "the file does not exist yet, and would be made"),
            Self::Found { version, migration, clock_ahead, .. } => {
                write!(formatter, "{version}, ")?;
                if clock_ahead.unsigned_abs() > CLOCK_TOLERANCE {
                    write!(formatter, "its clock {clock_ahead} s ahead of this machine's, ")?;
                }
                match migration {
                    None => write!(formatter, "without tables, which would be made"),
                    Some(migration) => write!(formatter, "its tables at migration {migration}"),
                }
            }
        }
    }
}

/// Looks at a database by its URL, and changes nothing.
///
/// # Errors
///
/// It cannot be reached.
async fn inspect(url: &str, clock: &dyn Clock) -> anyhow::Result<Inspection> {
    if let Some(file) = database_url::sqlite_file(url)
        && !file.exists()
    {
        return missing(url, &file);
    }
    if database_url::is_postgres(url) {
        let mut connection = PgConnection::connect(url).await?;
        let found = postgres(&mut connection, clock).await;
        connection.close().await?;
        Ok(found?)
    } else {
        let mut connection = SqliteConnection::connect(url).await?;
        let found = sqlite(&mut connection, url).await;
        connection.close().await?;
        Ok(found?)
    }
}

fn missing(url: &str, file: &Path) -> anyhow::Result<Inspection> {
    ensure!(
        url.contains("mode=rwc"),
        "there is no file {}, and without ?mode=rwc none is made",
        file.display()
    );
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    ensure!(folder.is_dir(), "there is no folder {}", folder.display());
    Ok(Inspection::NoFile)
}

async fn postgres(connection: &mut PgConnection, clock: &dyn Clock) -> Result<Inspection, sqlx::Error> {
    let row = sqlx::query(
        "SELECT 'PostgreSQL ' || current_setting('server_version'),
                pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on',
                floor(extract(epoch FROM statement_timestamp()))::bigint",
    )
    .fetch_one(&mut *connection)
    .await?;
    let table: Option<String> = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations')::text")
        .fetch_one(&mut *connection)
        .await?;
    let migration = match table {
        Some(_) => sqlx::query_scalar(NEWEST_MIGRATION).fetch_one(&mut *connection).await?,
        None => None,
    };
    let missing_rights = sqlx::query_scalar(MISSING_RIGHTS).fetch_all(&mut *connection).await?;
    Ok(Inspection::Found {
        missing_rights,
        version: row.try_get(0)?,
        is_read_only: row.try_get(1)?,
        clock_ahead: row.try_get::<i64, _>(2)?.saturating_sub(clock.now()),
        migration,
    })
}

/// SQLite reads this machine's clock.
async fn sqlite(connection: &mut SqliteConnection, url: &str) -> Result<Inspection, sqlx::Error> {
    let version =
        sqlx::query_scalar("SELECT 'SQLite ' || sqlite_version()").fetch_one(&mut *connection).await?;
    let file = database_url::sqlite_file(url).unwrap_or_default();
    let table: Option<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE name = '_sqlx_migrations'")
            .fetch_optional(&mut *connection)
            .await?;
    let migration = match table {
        Some(_) => sqlx::query_scalar(NEWEST_MIGRATION).fetch_one(connection).await?,
        None => None,
    };
    Ok(Inspection::Found {
        version,
        is_read_only: std::fs::OpenOptions::new().append(true).open(file).is_err(),
        clock_ahead: 0,
        missing_rights: Vec::new(),
        migration,
    })
}

/// Looks at a database before the service uses it, and refuses one in which nothing can be stored, or nothing safely.
///
/// # Errors
///
/// It cannot be reached, only reads, or [shares its sessions](session_pooling).
pub async fn inspect_at_start(url: &str, clock: &dyn Clock) -> anyhow::Result<Inspection> {
    if database_url::is_postgres(url) {
        session_pooling::ensure_own_sessions(url).await.context(CANNOT_OPEN)?;
    }
    inspect_writable(url, clock).await
}

/// Looks at a database by one connection, and refuses one in which nothing can be stored.
///
/// # Errors
///
/// It cannot be reached, or only reads.
pub async fn inspect_writable(url: &str, clock: &dyn Clock) -> anyhow::Result<Inspection> {
    let found = inspect(url, clock).await.context(CANNOT_OPEN)?;
    if let Inspection::Found { is_read_only, missing_rights, .. } = &found {
        ensure!(
            !is_read_only,
            "the database of --database-url only reads: a standby, or without the right to write"
        );
        ensure!(
            missing_rights.is_empty(),
            "the role of --database-url has no right to {}: GRANT it",
            missing_rights.join(", ")
        );
    }
    Ok(found)
}
