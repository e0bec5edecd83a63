//! What each connection is told when it begins.

use sqlx::{AnyConnection, Executor};

/// A commit waits for the disk, as in PostgreSQL: nothing that was accepted is forgotten, not even when the power fails.
pub(super) async fn prepare_sqlite(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for pragma in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA busy_timeout = 5000"] {
        connection.execute(pragma).await?;
    }
    Ok(())
}

/// The server gives up what a vanished instance has locked, and what takes too long here: otherwise one locked row would
/// hold every connection of the pool, since a call that is given up leaves its connection waiting.
pub(super) async fn prepare_postgres(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for setting in [
        "SET lock_timeout = '500ms'",
        "SET statement_timeout = '5s'",
        "SET idle_in_transaction_session_timeout = '10s'",
        "SET tcp_keepalives_idle = 10",
        "SET tcp_keepalives_interval = 5",
        "SET tcp_keepalives_count = 3",
        // With less than that results would be accepted twice after a failure. What is stricter stays.
        "SELECT set_config('synchronous_commit', 'on', false)
         WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')",
    ] {
        connection.execute(setting).await?;
    }
    Ok(())
}
