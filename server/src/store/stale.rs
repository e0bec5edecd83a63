//! Connections that are of no use any more: after a failover all may lead to the server that was the primary before, which
//! answers everything and stores nothing.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// PostgreSQL's `read_only_sql_transaction`: a standby, or a primary that has become one.
pub(super) fn is_read_only(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code == "25006")
}

/// Connections that were made before a time are of no use any more.
#[derive(Clone, Debug, Default)]
pub(super) struct Stale(Arc<Mutex<Option<Instant>>>);

impl Stale {
    /// From now on those are that there are.
    pub fn give_up_all(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a connection of that age is one of them.
    pub fn contains(&self, age: Duration) -> bool {
        let given_up = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        given_up.is_some_and(|at| age >= at.elapsed())
    }
}
