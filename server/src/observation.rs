//! Request logging and metrics: which endpoint, the outcome, the duration. Never what was sent: the URL has an access token
//! in it, and bodies have challenges and signatures.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use std::borrow::Cow;
use std::time::Instant;

/// The outcome of a request, which each response carries as an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What was sent holds.
    Ok,
    /// What was sent does not hold, for this reason.
    No(&'static str),
    /// It failed, with the error of this number.
    Error(i32),
    /// It was dropped before its end, and its transaction rolled back unless it was committing already: what was sent may be
    /// spent or not.
    Cancelled(By),
}

/// Who cancelled a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The client disconnected, and got no response.
    Client,
    /// The timeout; the response is -1.
    Deadline,
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
            Self::Cancelled(By::Client) => "cancelled-by-client".into(),
            Self::Cancelled(By::Deadline) => "cancelled-by-deadline".into(),
        }
    }
}

/// Middleware that logs and counts a request.
pub async fn observe(request: Request, next: Next) -> Response {
    let mut observed = Observed::begin(call(&request));
    let response = next.run(request).await;
    observed.outcome = response.extensions().get().copied();
    response
}

/// A request in flight, which is logged when it is dropped. Where the client disconnects, the server drops the handler's
/// future, and this with it.
struct Observed {
    call: String,
    started: Instant,
    outcome: Option<Outcome>,
}

impl Observed {
    fn begin(call: String) -> Self {
        Self { call, started: Instant::now(), outcome: Some(Outcome::Cancelled(By::Client)) }
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        let Some(outcome) = self.outcome else {
            return;
        };
        let (call, outcome) = (self.call.clone(), outcome.name());
        let seconds = self.started.elapsed().as_secs_f64();
        tracing::info!(call, outcome = &*outcome, seconds, "call");
        metrics::counter!("soter_calls_total", "call" => call.clone(), "outcome" => outcome.into_owned())
            .increment(1);
        metrics::histogram!("soter_call_duration_seconds", "call" => call).record(seconds);
    }
}

/// The last part of the path of a known call, so that nobody can make names for the metrics.
fn call(request: &Request) -> String {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("unknown").to_owned()
}
