//! Challenges: each is spent once on a key and once on a result.

use super::{SWEEP_SIZE, Store};
use crate::challenge::{Challenge, Purpose};
use sqlx::{AnyConnection, AnyPool, Row};

/// Why a challenge could not be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unspendable {
    /// It was spent before.
    SpentBefore,
    /// It was issued to this openid, too long ago.
    Expired,
    /// It was not issued to this openid, or so long ago that it is forgotten.
    NotIssued,
}

impl Store {
    /// Remembers an issued challenge until it expires.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn add_challenge(
        &self,
        openid: &str,
        challenge: &Challenge,
        expires_at: i64,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO challenges (openid, hash, expires_at, spent_on_key, spent_on_result)
             VALUES ($1, $2, $3, FALSE, FALSE)",
        )
        .bind(openid)
        .bind(challenge.hash.as_bytes().as_slice())
        .bind(expires_at)
        .execute(&self.writes)
        .await?;
        Ok(())
    }
}

/// Whether a result with this challenge was accepted.
pub(super) async fn is_spent_on_result(
    connection: &mut AnyConnection,
    openid: &str,
    challenge: &Challenge,
) -> Result<bool, sqlx::Error> {
    let row =
        sqlx::query("SELECT openid FROM challenges WHERE openid = $1 AND hash = $2 AND spent_on_result")
            .bind(openid)
            .bind(challenge.hash.as_bytes().as_slice())
            .fetch_optional(connection)
            .await?;
    Ok(row.is_some())
}

/// Spends a challenge, within the transaction that acts on it. One that a backend made by itself is remembered until
/// `keep_until`, or for ever, so that it is not spent again.
pub(super) async fn spend(
    connection: &mut AnyConnection,
    openid: &str,
    challenge: &Challenge,
    purpose: Purpose,
    now: i64,
    keep_until: Option<i64>,
) -> Result<Result<(), Unspendable>, sqlx::Error> {
    if challenge.is_issued {
        spend_issued(connection, openid, challenge, purpose, now).await
    } else {
        spend_own(connection, openid, challenge, purpose, keep_until).await
    }
}

async fn spend_issued(
    connection: &mut AnyConnection,
    openid: &str,
    challenge: &Challenge,
    purpose: Purpose,
    now: i64,
) -> Result<Result<(), Unspendable>, sqlx::Error> {
    let statement = match purpose {
        Purpose::Key => {
            "UPDATE challenges SET spent_on_key = TRUE
             WHERE openid = $1 AND hash = $2 AND NOT spent_on_key AND expires_at > $3"
        }
        Purpose::Result => {
            "UPDATE challenges SET spent_on_result = TRUE
             WHERE openid = $1 AND hash = $2 AND NOT spent_on_result AND expires_at > $3"
        }
    };
    let updated = sqlx::query(statement)
        .bind(openid)
        .bind(challenge.hash.as_bytes().as_slice())
        .bind(now)
        .execute(&mut *connection)
        .await?;
    if updated.rows_affected() == 1 {
        return Ok(Ok(()));
    }
    let row = sqlx::query("SELECT expires_at FROM challenges WHERE openid = $1 AND hash = $2")
        .bind(openid)
        .bind(challenge.hash.as_bytes().as_slice())
        .fetch_optional(connection)
        .await?;
    Ok(Err(match row {
        None => Unspendable::NotIssued,
        Some(row) if row.try_get::<i64, _>(0)? <= now => Unspendable::Expired,
        Some(_) => Unspendable::SpentBefore,
    }))
}

async fn spend_own(
    connection: &mut AnyConnection,
    openid: &str,
    challenge: &Challenge,
    purpose: Purpose,
    keep_until: Option<i64>,
) -> Result<Result<(), Unspendable>, sqlx::Error> {
    let statement = match purpose {
        Purpose::Key => {
            "INSERT INTO challenges (openid, hash, expires_at, spent_on_key, spent_on_result)
             VALUES ($1, $2, $3, TRUE, FALSE)
             ON CONFLICT (openid, hash) DO UPDATE SET spent_on_key = TRUE, expires_at = EXCLUDED.expires_at
             WHERE NOT challenges.spent_on_key"
        }
        Purpose::Result => {
            "INSERT INTO challenges (openid, hash, expires_at, spent_on_key, spent_on_result)
             VALUES ($1, $2, $3, FALSE, TRUE)
             ON CONFLICT (openid, hash) DO UPDATE SET spent_on_result = TRUE, expires_at = EXCLUDED.expires_at
             WHERE NOT challenges.spent_on_result"
        }
    };
    let changed = sqlx::query(statement)
        .bind(openid)
        .bind(challenge.hash.as_bytes().as_slice())
        .bind(keep_until)
        .execute(connection)
        .await?;
    Ok(if changed.rows_affected() == 1 { Ok(()) } else { Err(Unspendable::SpentBefore) })
}

/// Deletes some of those that have expired, and says how many. In the order of their expiry, so that two instances which do it
/// at once wait for each other and do not block each other.
pub(super) async fn sweep(pool: &AnyPool, now: i64) -> Result<u64, sqlx::Error> {
    let deleted = sqlx::query(
        "DELETE FROM challenges WHERE (openid, hash) IN
         (SELECT openid, hash FROM challenges WHERE expires_at <= $1 ORDER BY expires_at, openid, hash LIMIT $2)",
    )
    .bind(now)
    .bind(SWEEP_SIZE)
    .execute(pool)
    .await?;
    Ok(deleted.rows_affected())
}
