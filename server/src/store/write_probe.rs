//! The proof that calls can be answered: what they write can be written.

use super::Store;
use crate::challenge::{self, Challenge};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// An openid that no call can have.
const NOBODY: &str = "";

impl Store {
    /// Writes a challenge that nobody can use, waits for the disk, and deletes it; and takes the locks that a result takes.
    ///
    /// # Errors
    ///
    /// The database failed. Where it only reads, connections are given up as well: after a failover they may all lead to the
    /// server that was the primary before.
    pub async fn prove_writing(&self, now: i64) -> Result<(), sqlx::Error> {
        let proved = self.write_nothing(now).await;
        if proved.as_ref().is_err_and(is_read_only) {
            self.stale.give_up_all();
        }
        proved
    }

    async fn write_nothing(&self, now: i64) -> Result<(), sqlx::Error> {
        let challenge = challenge::issue().map_err(|error| sqlx::Error::Configuration(error.into()))?;
        let challenge = Challenge::of(&challenge);
        self.add_challenge(NOBODY, &challenge, now).await?;
        sqlx::query("UPDATE keys SET sign_count = sign_count WHERE credential_id = $1")
            .bind(NOBODY.as_bytes())
            .execute(&self.writes)
            .await?;
        sqlx::query("DELETE FROM challenges WHERE openid = $1 AND hash = $2")
            .bind(NOBODY)
            .bind(challenge.hash.as_bytes().as_slice())
            .execute(&self.writes)
            .await?;
        Ok(())
    }
}

/// PostgreSQL's `read_only_sql_transaction`: a standby, or a primary that has become one.
fn is_read_only(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code == "25006")
}

/// Connections that were made before a time are of no use any more.
#[derive(Clone, Debug, Default)]
pub(super) struct Stale(Arc<Mutex<Option<Instant>>>);

impl Stale {
    fn give_up_all(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a connection of that age is one of them.
    pub fn contains(&self, age: Duration) -> bool {
        let given_up = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        given_up.is_some_and(|at| age >= at.elapsed())
    }
}
