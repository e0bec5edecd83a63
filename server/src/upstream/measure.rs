//! The log and the metrics of what WeChat is asked.

use super::client::Call;
use super::failure::Failure;
use std::time::Instant;

/// Counts from nothing, so that no alert is quiet for want of a series.
pub fn begin() {
    for call in Call::ALL {
        for outcome in ["ok", "no"].into_iter().chain(Failure::names()) {
            count(call, outcome, 0);
        }
    }
}

/// Asks, and tells how it came out. `name` is that of an answer that is no failure.
pub async fn measure<T>(
    call: Call,
    appid: &str,
    name: impl FnOnce(&T) -> &'static str,
    asked: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let started = Instant::now();
    let answered = asked.await;
    let seconds = started.elapsed().as_secs_f64();
    let outcome = match &answered {
        Ok(answer) => name(answer),
        Err(failure) => failure.name(),
    };
    let call_name = call.name();
    match &answered {
        Ok(_) => tracing::info!(call = call_name, appid, outcome, seconds, "WeChat was asked"),
        Err(failure) => {
            tracing::warn!(call = call_name, appid, outcome, seconds, %failure, "WeChat was asked in vain");
        }
    }
    count(call, outcome, 1);
    metrics::histogram!("soter_upstream_call_duration_seconds", "call" => call_name).record(seconds);
    answered
}

fn count(call: Call, outcome: &'static str, number: u64) {
    metrics::counter!("soter_upstream_calls_total", "call" => call.name(), "outcome" => outcome)
        .increment(number);
}
