//! What is told of each call, to the log and to the metrics: which call, how it came out, how long it took. Never what
//! was sent: the address has an access token in it, and bodies have challenges and signatures.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use std::borrow::Cow;
use std::time::Instant;

/// How a call came out; each answer carries it as an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered, and what was sent holds.
    Ok,
    /// It was answered: what was sent does not hold, for this reason.
    No(&'static str),
    /// It could not be answered, for the error of this number.
    Error(i32),
}

impl Outcome {
    /// Of a verdict.
    #[must_use]
    pub const fn of(reason: Option<&'static str>) -> Self {
        match reason {
            None => Self::Ok,
            Some(reason) => Self::No(reason),
        }
    }

    fn name(self) -> Cow<'static, str> {
        match self {
            Self::Ok => "ok".into(),
            Self::No(reason) => reason.into(),
            Self::Error(code) => code.to_string().into(),
        }
    }
}

/// Observes a call.
pub async fn observe(request: Request, next: Next) -> Response {
    let call = call(&request);
    let started = Instant::now();
    let response = next.run(request).await;
    let seconds = started.elapsed().as_secs_f64();
    if let Some(outcome) = response.extensions().get::<Outcome>() {
        let outcome = outcome.name();
        tracing::info!(call, outcome = &*outcome, seconds, "call");
        metrics::counter!("soter_calls_total", "call" => call.clone(), "outcome" => outcome.into_owned())
            .increment(1);
        metrics::histogram!("soter_call_duration_seconds", "call" => call).record(seconds);
    }
    response
}

/// The last part of the path of a known call, so that nobody can make names for the metrics.
fn call(request: &Request) -> String {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("unknown").to_owned()
}
