//! Migrations: brought up to date at the start, or before by `soter-server migrate`, by somebody who may make tables.

use super::Kind;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AnyConnection, AnyPool, Connection, Row};
use std::collections::HashSet;

/// Tables of a newer service are no hindrance: migrations only add, so that instances of two versions work beside each other
/// while one is replaced by the other.
fn migrator(kind: Kind) -> Migrator {
    let mut migrator = match kind {
        Kind::Sqlite => sqlx::migrate!("migrations/sqlite"),
        Kind::Postgres => sqlx::migrate!("migrations/postgres"),
    };
    migrator.set_ignore_missing(true);
    migrator
}

/// Nothing is tried where there is nothing to do: a role that may only change rows would be refused even then.
pub(super) async fn ensure(kind: Kind, pool: &AnyPool) -> Result<(), MigrateError> {
    let migrator = migrator(kind);
    let mut connection = pool.acquire().await?;
    if is_up_to_date(&migrator, &mut connection).await {
        return Ok(());
    }
    drop(connection);
    migrator.run(pool).await
}

/// Brings the tables up to date, on a connection that may take as long as it needs.
pub(super) async fn run(kind: Kind, url: &str) -> Result<(), MigrateError> {
    let mut connection = AnyConnection::connect(url).await?;
    migrator(kind).run(&mut connection).await?;
    Ok(connection.close().await?)
}

async fn is_up_to_date(migrator: &Migrator, connection: &mut AnyConnection) -> bool {
    // It has no such table before the first migration, and then the answer is an error.
    let rows = sqlx::query("SELECT version FROM _sqlx_migrations WHERE success").fetch_all(connection).await;
    let versions: HashSet<i64> = rows.iter().flatten().filter_map(|row| row.try_get(0).ok()).collect();
    rows.is_ok() && migrator.iter().all(|migration| versions.contains(&migration.version))
}
