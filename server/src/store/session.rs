//! The session settings of each connection.

use sqlx::{AssertSqlSafe, Executor, PgConnection, SqliteConnection};
use std::time::Duration;

/// Results are accepted with `synchronous = FULL`, as in PostgreSQL, so that nothing is forgotten even when the power fails (see
/// [`super::sqlite`]).
pub(super) async fn prepare_sqlite(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    connection
        .execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000")
        .await?;
    Ok(())
}

/// The server gives up what a vanished instance has locked, and what takes too long here: a call that is given up leaves its
/// connection waiting, and so locked rows would hold every connection of the pool. A call that still has time tries again (see
/// [`super::until_unlocked`]), after others had the connection.
pub(super) async fn prepare_postgres(
    connection: &mut PgConnection,
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
    let settings = format!(
        "SET lock_timeout = '500ms';
         SET statement_timeout = {half};
         SET idle_in_transaction_session_timeout = {milliseconds};
         -- What waits for a row sees what the other did to it; by any other level it would fail.
         SET default_transaction_isolation = 'read committed';
         SET tcp_keepalives_idle = 10;
         SET tcp_keepalives_interval = 5;
         SET tcp_keepalives_count = 3;
         -- With less than that results would be accepted twice after a failure. What is stricter stays.
         SELECT set_config('synchronous_commit', 'on', false)
         WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')"
    );
    connection.execute(AssertSqlSafe(settings)).await?;
    Ok(())
}

/// For statements that work for many owners at once: nobody's lock keeps the others waiting for long. All of them find their rows
/// by a primary key. A plan is made once, perhaps while a table is empty, and then it would be to read all of it.
pub(super) async fn prepare_postgres_for_many(
    connection: &mut PgConnection,
    timeout: Duration,
    is_flushed: bool,
) -> Result<(), sqlx::Error> {
    prepare_postgres(connection, timeout).await?;
    connection
        .execute(
            "SET lock_timeout = '100ms';
             SET plan_cache_mode = force_generic_plan;
             SET enable_seqscan = off;
             SET enable_hashjoin = off;
             SET enable_mergejoin = off;
             SET jit = off",
        )
        .await?;
    if !is_flushed {
        connection.execute("SET synchronous_commit = off").await?;
    }
    Ok(())
}
