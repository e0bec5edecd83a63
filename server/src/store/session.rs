//! The session settings of each connection.

use sqlx::{AnyConnection, AssertSqlSafe, Executor};
use std::time::Duration;

/// A commit waits for the disk, as in PostgreSQL: nothing that was accepted is forgotten, not even when the power fails.
pub(super) async fn prepare_sqlite(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for pragma in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA busy_timeout = 5000"] {
        connection.execute(pragma).await?;
    }
    Ok(())
}

/// The server gives up what a vanished instance has locked, and what takes too long here: a call that is given up leaves its
/// connection waiting, and so locked rows would hold every connection of the pool. A call that still has time tries again (see
/// [`super::until_unlocked`]), after others had the connection.
pub(super) async fn prepare_postgres(
    connection: &mut AnyConnection,
    timeout: Duration,
) -> Result<(), sqlx::Error> {
    // After a failover a name may lead to a standby for a while, which answers everything and stores nothing.
    let only_reads: bool =
        sqlx::query_scalar("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'")
            .fetch_one(&mut *connection)
            .await?;
    if only_reads {
        return Err(sqlx::Error::Configuration("the server only reads: a standby?".into()));
    }
    let milliseconds = timeout.as_millis();
    // For so long a statement may go on without its call. More than for a lock in any case, which is tried again.
    let half = (milliseconds / 2).max(1000);
    for setting in [
        "SET lock_timeout = '500ms'",
        &format!("SET statement_timeout = {half}"),
        &format!("SET idle_in_transaction_session_timeout = {milliseconds}"),
        "SET tcp_keepalives_idle = 10",
        "SET tcp_keepalives_interval = 5",
        "SET tcp_keepalives_count = 3",
        // With less than that results would be accepted twice after a failure. What is stricter stays.
        "SELECT set_config('synchronous_commit', 'on', false)
         WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')",
    ] {
        connection.execute(AssertSqlSafe(setting)).await?;
    }
    Ok(())
}
