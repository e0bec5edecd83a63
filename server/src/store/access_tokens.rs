//! Access tokens that the service gave for an appid and its secret.

use super::{SWEEP_SIZE, Store};
use crate::secret::Hash;
use sqlx::{AnyPool, Row};

impl Store {
    /// Remembers a token until it expires.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn add_access_token(
        &self,
        hash: &Hash,
        appid: &str,
        expires_at: i64,
    ) -> Result<(), sqlx::Error> {
        sqlx::query("INSERT INTO access_tokens (hash, appid, expires_at) VALUES ($1, $2, $3)")
            .bind(hash.as_bytes().as_slice())
            .bind(appid)
            .bind(expires_at)
            .execute(&self.writes)
            .await?;
        Ok(())
    }

    /// When a token expires, in seconds since 1970. The lookup is by the hash of what was sent, so that its time tells nothing
    /// about a token.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn access_token(&self, hash: &Hash) -> Result<Option<i64>, sqlx::Error> {
        let row = sqlx::query("SELECT expires_at FROM access_tokens WHERE hash = $1")
            .bind(hash.as_bytes().as_slice())
            .fetch_optional(&self.reads)
            .await?;
        row.map(|row| row.try_get(0)).transpose()
    }
}

/// Deletes some of those that have expired, and says how many.
pub(super) async fn sweep(pool: &AnyPool, now: i64) -> Result<u64, sqlx::Error> {
    let deleted = sqlx::query(
        "DELETE FROM access_tokens WHERE hash IN
         (SELECT hash FROM access_tokens WHERE expires_at <= $1 ORDER BY expires_at, hash LIMIT $2)",
    )
    .bind(now)
    .bind(SWEEP_SIZE)
    .execute(pool)
    .await?;
    Ok(deleted.rows_affected())
}
