//! Challenges: each is spent once on a key and once on a result.

use super::Store;
use crate::challenge::{Challenge, Purpose};
use sqlx::{AnyConnection, AnyPool, Row};

/// What became of an attempt to spend a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spending {
    /// It was there and is spent now.
    Spent,
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
        sqlx::query("INSERT INTO challenges VALUES ($1, $2, $3, FALSE, FALSE)")
            .bind(openid)
            .bind(challenge.hash.as_bytes())
            .bind(expires_at)
            .execute(&self.writes)
            .await?;
        Ok(())
    }
}

/// Spends a challenge, within the transaction that acts on it. One that a backend made by itself is remembered until
/// `keep_until`, so that it is not spent again.
pub(super) async fn spend(
    connection: &mut AnyConnection,
    openid: &str,
    challenge: &Challenge,
    purpose: Purpose,
    now: i64,
    keep_until: i64,
) -> Result<Spending, sqlx::Error> {
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
) -> Result<Spending, sqlx::Error> {
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
        .bind(challenge.hash.as_bytes())
        .bind(now)
        .execute(&mut *connection)
        .await?;
    if updated.rows_affected() == 1 {
        return Ok(Spending::Spent);
    }
    let row = sqlx::query("SELECT expires_at FROM challenges WHERE openid = $1 AND hash = $2")
        .bind(openid)
        .bind(challenge.hash.as_bytes())
        .fetch_optional(connection)
        .await?;
    Ok(match row {
        None => Spending::NotIssued,
        Some(row) if row.try_get::<i64, _>(0)? <= now => Spending::Expired,
        Some(_) => Spending::SpentBefore,
    })
}

async fn spend_own(
    connection: &mut AnyConnection,
    openid: &str,
    challenge: &Challenge,
    purpose: Purpose,
    keep_until: i64,
) -> Result<Spending, sqlx::Error> {
    let statement = match purpose {
        Purpose::Key => {
            "INSERT INTO challenges VALUES ($1, $2, $3, TRUE, FALSE)
             ON CONFLICT (openid, hash) DO UPDATE SET spent_on_key = TRUE WHERE NOT challenges.spent_on_key"
        }
        Purpose::Result => {
            "INSERT INTO challenges VALUES ($1, $2, $3, FALSE, TRUE)
             ON CONFLICT (openid, hash) DO UPDATE SET spent_on_result = TRUE WHERE NOT challenges.spent_on_result"
        }
    };
    let changed = sqlx::query(statement)
        .bind(openid)
        .bind(challenge.hash.as_bytes())
        .bind(keep_until)
        .execute(connection)
        .await?;
    Ok(if changed.rows_affected() == 1 { Spending::Spent } else { Spending::SpentBefore })
}

pub(super) async fn sweep(pool: &AnyPool, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM challenges WHERE expires_at <= $1").bind(now).execute(pool).await?;
    Ok(())
}
