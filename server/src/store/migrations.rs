//! Migrations: brought up to date at the start, or before by `soter-server migrate`, by somebody who may make tables.

use crate::database_url;
use sqlx::migrate::{Migrate, MigrateError, Migrator};
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::collections::HashSet;

/// sqlx has its record of what was done there.
const RECORD: &str = "_sqlx_migrations";

/// Tables of a newer service are no hindrance: migrations add, so that instances of two versions work beside each other while
/// one is replaced by the other. (The README names those that do more.)
fn lenient(mut migrator: Migrator) -> Migrator {
    migrator.set_ignore_missing(true);
    migrator
}

fn sqlite() -> Migrator {
    lenient(sqlx::migrate!("migrations/sqlite"))
}

fn postgres() -> Migrator {
    lenient(sqlx::migrate!("migrations/postgres"))
}

/// Nothing is tried where there is nothing to do: a role that may only change rows would be refused even then.
pub(super) async fn ensure_sqlite(connection: &mut SqliteConnection) -> Result<(), MigrateError> {
    let migrator = sqlite();
    if is_up_to_date(&migrator, connection).await { Ok(()) } else { migrator.run(connection).await }
}

/// The same of PostgreSQL.
pub(super) async fn ensure_postgres(connection: &mut PgConnection) -> Result<(), MigrateError> {
    let migrator = postgres();
    if is_up_to_date(&migrator, connection).await { Ok(()) } else { migrator.run(connection).await }
}

/// Brings the tables up to date, on a connection that may take as long as it needs.
pub(super) async fn run(url: &str) -> Result<(), MigrateError> {
    if database_url::is_postgres(url) {
        let mut connection = PgConnection::connect(url).await?;
        postgres().run(&mut connection).await?;
        Ok(connection.close().await?)
    } else {
        let mut connection = SqliteConnection::connect(url).await?;
        sqlite().run(&mut connection).await?;
        Ok(connection.close().await?)
    }
}

async fn is_up_to_date<C: Migrate>(migrator: &Migrator, connection: &mut C) -> bool {
    // Before the first migration it has no such table, and then the answer is an error.
    let (Ok(None), Ok(applied)) =
        (connection.dirty_version(RECORD).await, connection.list_applied_migrations(RECORD).await)
    else {
        return false;
    };
    let versions: HashSet<i64> = applied.iter().map(|migration| migration.version).collect();
    migrator.iter().all(|migration| versions.contains(&migration.version))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database that has one keeps it as it was: what changes is a further migration.
    #[test]
    fn what_databases_have_does_not_change() {
        let sums = |migrator: Migrator| -> Vec<String> {
            let sums = migrator.iter().map(|migration| base16ct::lower::encode_string(&migration.checksum));
            sums.map(|sum| sum.chars().take(16).collect()).collect()
        };
        assert_eq!(
            sums(sqlite()),
            [
                "f8c8d8dc7471b02e",
                "7d18674709451630",
                "a10d0c54df8acc75",
                "2939fa7fff377b29",
                "ac88cf4f094ab212"
            ]
        );
        assert_eq!(
            sums(postgres()),
            [
                "47244e84a5ffb23c",
                "00938fa5bdda2fc6",
                "281342165f33b764",
                "2939fa7fff377b29",
                "8153730d2aabf8ea"
            ]
        );
    }
}
