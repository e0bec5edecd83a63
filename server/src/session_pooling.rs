//! Whether a connection to PostgreSQL has a session of its own. Behind a pooler in transaction mode it has another at each
//! transaction, which others use as well: what is set for one connection would be in force for another, such as that a commit need
//! not wait for the disk, and statements that are prepared on one are unknown on the next.

use anyhow::{Context, ensure};
use sqlx::{Connection, Executor, PgConnection, Row};

/// Others who use the pooler meanwhile may hide it once; not so often.
const ROUNDS: usize = 5;

/// Refuses a database whose sessions are shared.
///
/// # Errors
///
/// They are, or the database cannot be reached.
pub async fn ensure_own_sessions(url: &str) -> anyhow::Result<()> {
    let mut one = PgConnection::connect(url).await?;
    let mut other = PgConnection::connect(url).await?;
    let shared = are_shared(&mut one, &mut other).await;
    // Both end in any case.
    let _ = (one.close().await, other.close().await);
    ensure!(
        !shared.context(
            "the database does not say which session a connection has: a pooler in statement mode?"
        )?,
        "a pooler before the database gives a connection another session at each transaction, and what the service sets on it \
         would be lost, or in force for others: let the pooler work in session mode (PgBouncer: pool_mode = session), or \
         connect to PostgreSQL itself"
    );
    Ok(())
}

/// A pooler either gives the session that was used last, and so the one's to the other, or the one that was idle longest, and so
/// the one gets another at the next question. Nothing here is prepared: that would be the first to fail.
async fn are_shared(one: &mut PgConnection, other: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let first = session(one).await?;
    for _ in 0..ROUNDS {
        if session(one).await? != first {
            return Ok(true);
        }
        other.execute("BEGIN").await?;
        let others = session(other).await?;
        other.execute("ROLLBACK").await?;
        if others == first {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The process that serves it.
async fn session(connection: &mut PgConnection) -> Result<i32, sqlx::Error> {
    sqlx::raw_sql("SELECT pg_backend_pid()").fetch_one(connection).await?.try_get(0)
}
