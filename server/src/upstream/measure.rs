//! The log and the metrics of what WeChat is asked.

use super::client::Call;
use super::failure::Failure;
use std::time::Instant;

const CANCELLED: &str = "cancelled";

/// Counts from nothing, so that no alert is quiet for want of a series.
pub fn begin() {
    for call in Call::ALL {
        for outcome in ["ok", "no", CANCELLED].into_iter().chain(Failure::names()) {
            count(call, outcome, 0);
        }
    }
}

/// Asks, and tells how it came out. `name` is that of an answer that is no failure. A question that is dropped, as when the backend
/// hangs up, is told as `cancelled`: it may have cost some of the quota.
pub async fn measure<T>(
    call: Call,
    appid: &str,
    name: impl FnOnce(&T) -> &'static str,
    asked: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let mut question = Question { call, appid, started: Instant::now(), is_answered: false };
    let answered = asked.await;
    question.is_answered = true;
    let seconds = question.started.elapsed().as_secs_f64();
    let outcome = match &answered {
        Ok(answer) => name(answer),
        Err(failure) => failure.name(),
    };
    let call_name = call.name();
    match &answered {
        Ok(_) => tracing::info!(call = call_name, appid, outcome, seconds, "WeChat was asked"),
        Err(failure) => {
            tracing::warn!(call = call_name, appid, outcome, seconds, %failure, "WeChat gave no answer that counts");
        }
    }
    count(call, outcome, 1);
    // What WeChat was not asked has taken it no time.
    if !matches!(answered, Err(Failure::Busy)) {
        metrics::histogram!("soter_upstream_call_duration_seconds", "call" => call_name).record(seconds);
    }
    answered
}

/// One that was begun.
struct Question<'a> {
    call: Call,
    appid: &'a str,
    started: Instant,
    is_answered: bool,
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        if !self.is_answered {
            let (call, appid) = (self.call.name(), self.appid);
            let seconds = self.started.elapsed().as_secs_f64();
            tracing::info!(
                call,
                appid,
                outcome = CANCELLED,
                seconds,
                "WeChat was asked, and nobody waits any more"
            );
            count(self.call, CANCELLED, 1);
        }
    }
}

fn count(call: Call, outcome: &'static str, number: u64) {
    metrics::counter!("soter_upstream_calls_total", "call" => call.name(), "outcome" => outcome)
        .increment(number);
}

#[cfg(test)]
mod tests {
    use super::*;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use std::future::pending;
    use std::pin::pin;
    use std::task::{Context, Waker};

    #[test]
    fn a_question_that_was_dropped_is_counted() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let count = |outcome| {
            let line =
                format!(r#"soter_upstream_calls_total{{call="verify_signature",outcome="{outcome}"}} "#);
            let text = recorder.handle().render();
            text.lines().find_map(|text| text.strip_prefix(&line).map(str::to_owned))
        };
        metrics::with_local_recorder(&recorder, || {
            begin();
            assert_eq!(count(CANCELLED), Some("0".to_owned()));
            let name = |(): &()| "ok";
            let mut context = Context::from_waker(Waker::noop());
            {
                let asked = pin!(measure(Call::VerifySignature, "wx1", name, pending()));
                assert!(asked.poll(&mut context).is_pending());
            }
            assert_eq!(count(CANCELLED), Some("1".to_owned()));
            let asked = pin!(measure(Call::VerifySignature, "wx1", name, async { Ok(()) }));
            assert!(asked.poll(&mut context).is_ready());
            assert_eq!(count("ok"), Some("1".to_owned()));
            let asked = pin!(measure(Call::VerifySignature, "wx1", name, async { Err(Failure::Busy) }));
            assert!(asked.poll(&mut context).is_ready());
            assert_eq!(count("busy"), Some("1".to_owned()));
        });
        let durations = recorder.handle().render();
        assert!(
            durations.contains(r#"soter_upstream_call_duration_seconds_count{call="verify_signature"} 1"#)
        );
        assert_eq!(count(CANCELLED), Some("1".to_owned()));
    }
}
