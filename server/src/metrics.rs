//! Metrics, in Prometheus' text form.

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;

/// Upper bounds of the histogram of durations, in seconds: a check takes a tenth of a millisecond, a commit to a slow disk
/// tens, and more than a second is trouble.
const DURATIONS: [f64; 10] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];

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
    let duration = Matcher::Full("soter_call_duration_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(duration, &DURATIONS)?;
    HANDLE.get_or_init(|| {
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("something else records metrics");
        }
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

/// All metrics as text.
#[must_use]
pub fn render() -> String {
    HANDLE.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Frees what the recorder has aggregated; to be called periodically.
pub fn run_upkeep() {
    if let Some(handle) = HANDLE.get() {
        handle.run_upkeep();
    }
}
