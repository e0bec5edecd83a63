//! `soter-server backup`: a copy of an SQLite database while the service runs.

use crate::database_url;
use anyhow::{Context, bail, ensure};
use sqlx::{Connection, SqliteConnection};
use std::fs::{self, File};
use std::path::Path;

/// Copies the database as it is at one moment. The copy has its name once it is whole and on the disk.
///
/// # Errors
///
/// It is no SQLite database, the file is there already, or it cannot be written.
pub async fn backup(url: &str, to: &Path) -> anyhow::Result<()> {
    let Some(from) = database_url::sqlite_file(url) else {
        bail!("backup is for SQLite; PostgreSQL has pg_dump, and archives of its log");
    };
    ensure!(from.is_file(), "there is no file {}", from.display());
    ensure!(!to.exists(), "{} is there already", to.display());
    let mut partial = to.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    // What was begun before and never ended.
    let _ = fs::remove_file(partial);
    let name = partial.to_str().context("the name of the file is no text")?;
    let mut connection = SqliteConnection::connect(url).await.context("cannot open the database")?;
    sqlx::query("VACUUM INTO $1").bind(name).execute(&mut connection).await.context("cannot copy it")?;
    connection.close().await?;
    File::open(partial)?.sync_all().context("cannot write the copy to the disk")?;
    fs::rename(partial, to)?;
    Ok(())
}
