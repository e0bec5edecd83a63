//! Metrics, in Prometheus' text form.

use crate::store::PoolState;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;
use std::sync::OnceLock;

/// Upper bounds of the histogram of durations, in seconds: a check takes a tenth of a millisecond, a commit to a slow disk
/// tens, and more than a second is trouble. The last are beyond the usual time limits, and the longest.
const DURATIONS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 5.0, 15.0, 60.0, 601.0];

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

/// Installs the recorder. All instances in one process share it.
///
/// # Errors
///
/// Something else records already.
pub fn install() -> Result<(), BuildError> {
    if HANDLE.get().is_some() {
        return Ok(());
    }
    let mut builder = PrometheusBuilder::new();
    for duration in ["soter_call_duration_seconds", "soter_upstream_call_duration_seconds"] {
        builder = builder.set_buckets_for_metric(Matcher::Full(duration.to_owned()), &DURATIONS)?;
    }
    HANDLE.get_or_init(|| {
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("something else records metrics");
        }
        describe();
        Collector::default().describe();
        metrics::gauge!("soter_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        metrics::describe_counter!("soter_calls_total", "Calls, by call and by how they came out");
        metrics::describe_histogram!("soter_call_duration_seconds", "How long calls took");
        metrics::describe_counter!(
            "soter_counters_not_increased_total",
            "Results accepted although the signature counter had not grown"
        );
        handle
    });
    Ok(())
}

fn describe() {
    metrics::describe_gauge!("soter_build_info", "Always 1; the version is in the label");
    metrics::describe_gauge!("soter_calls_in_flight", "Calls that are under way");
    metrics::describe_counter!(
        "soter_database_errors_total",
        "Failures of the database, apart from clients' errors"
    );
    metrics::describe_gauge!(
        "soter_database_connections",
        "Connections to the database, by their state, and by whether each works for a single call or is shared by many"
    );
    metrics::describe_gauge!(
        "soter_database_waiting",
        "Calls that wait for a connection to the database, by whether it is to work for them alone"
    );
    for work in ["single", "shared"] {
        metrics::gauge!("soter_database_waiting", "work" => work).set(0.0);
    }
    metrics::describe_gauge!("soter_challenges_open", "Challenges that are good, counted every minute");
    metrics::describe_gauge!(
        "soter_sweep_lag_seconds",
        "For how long the oldest expired challenge waits to be deleted"
    );
    metrics::describe_gauge!(
        "soter_clock_difference_seconds",
        "By how much this machine's clock is ahead of the database's, asked every minute"
    );
    metrics::describe_counter!(
        "soter_upstream_calls_total",
        "Calls to WeChat, by call and by how they came out: ok, no, WeChat's errcode, timeout, unreachable, malformed, \
         busy, cancelled"
    );
    metrics::describe_histogram!("soter_upstream_call_duration_seconds", "How long WeChat took");
    metrics::describe_counter!("soter_connections_refused_total", "Connections of clients beyond the cap");
    metrics::describe_counter!("soter_audit_errors_total", "Lines of the audit that could not be written");
    // A rate of nothing is nothing, and no alert is quiet for want of a series.
    for counter in
        ["soter_database_errors_total", "soter_connections_refused_total", "soter_audit_errors_total"]
    {
        metrics::counter!(counter).absolute(0);
    }
}

/// The connections as they are now.
pub fn set_pool(pool: PoolState) {
    for (work, connections) in [("single", pool.single), ("shared", pool.shared)] {
        let idle = u32::try_from(connections.idle).unwrap_or(u32::MAX);
        let in_use = connections.open.saturating_sub(idle);
        metrics::gauge!("soter_database_connections", "work" => work, "state" => "idle").set(idle);
        metrics::gauge!("soter_database_connections", "work" => work, "state" => "in_use").set(in_use);
    }
}

/// What the last sweep has left.
pub fn set_challenges(open: i64, lag: i64) {
    // Counts that a float no longer holds exactly are no less a warning.
    let float = |number: i64| u32::try_from(number).map_or(f64::from(u32::MAX), f64::from);
    metrics::gauge!("soter_challenges_open").set(float(open));
    metrics::gauge!("soter_sweep_lag_seconds").set(float(lag));
}

/// By how many seconds this machine's clock is ahead of the database's.
pub fn set_clock_difference(ahead: i64) {
    let float = i32::try_from(ahead).unwrap_or(if ahead < 0 { i32::MIN } else { i32::MAX });
    metrics::gauge!("soter_clock_difference_seconds").set(float);
}

/// All metrics as text.
#[must_use]
pub fn render() -> String {
    Collector::default().collect();
    HANDLE.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Frees what the recorder has aggregated; to be called periodically.
pub fn run_upkeep() {
    if let Some(handle) = HANDLE.get() {
        handle.run_upkeep();
    }
}
