//! How far this instance's clock is from the database's. What is stored expires by the database's; the instance's own dates its
//! log, and says whether a certificate is good.

use crate::clock::Clock;
use crate::inspection::CLOCK_TOLERANCE;
use crate::metrics;
use crate::store::Store;

/// Compares them, for the metrics, and warns of a difference of seconds.
///
/// # Errors
///
/// The database failed.
pub async fn report(store: &Store, clock: &dyn Clock) -> Result<(), sqlx::Error> {
    let before = clock.now();
    let database = store.now().await?;
    let ahead = ahead(before, database, clock.now());
    metrics::set_clock_difference(ahead);
    if ahead.unsigned_abs() > CLOCK_TOLERANCE {
        tracing::warn!(
            seconds_ahead = ahead,
            "this machine's clock differs from the database's, by which challenges and access tokens expire"
        );
    }
    Ok(())
}

/// By how many seconds it is ahead at least: the database's answer is of some time in between.
fn ahead(before: i64, database: i64, after: i64) -> i64 {
    before.saturating_sub(database).max(0).saturating_add(after.saturating_sub(database).min(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_answer_is_no_difference() {
        assert_eq!(ahead(100, 100, 100), 0);
        assert_eq!(ahead(100, 107, 110), 0);
        assert_eq!(ahead(100, 95, 110), 5);
        assert_eq!(ahead(100, 115, 110), -5);
    }
}
