//! Request logging and metrics: which endpoint, the outcome, the duration. Never what was sent: the URL has an access token
//! in it, and bodies have challenges and signatures.

use crate::audit::{self, Sink, Subject};
use crate::secret;
use crate::service::Service;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::borrow::Cow;
use std::sync::{Arc, Mutex};
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

    /// For the log, the metrics and the audit.
    #[must_use]
    pub fn name(self) -> Cow<'static, str> {
        match self {
            Self::Ok => "ok".into(),
            Self::No(reason) => reason.into(),
            Self::Error(code) => code.to_string().into(),
            Self::Cancelled(By::Client) => "cancelled-by-client".into(),
            Self::Cancelled(By::Deadline) => "cancelled-by-deadline".into(),
        }
    }
}

/// What somebody before the service calls a request, or the service itself.
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// No request's id may be longer.
const MAX_REQUEST_ID: usize = 64;

/// Middleware that logs and counts a request.
pub async fn observe(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let id = request_id(&request);
    let mut observed = Observed::begin(call(&request), id.clone(), service.audit.clone());
    let mut response = audit::scope(observed.subject.clone(), next.run(request)).await;
    observed.outcome = response.extensions().get().copied();
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(&REQUEST_ID, id);
    }
    response
}

fn request_id(request: &Request) -> String {
    let given = request.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok());
    let is_id = |id: &&str| {
        (1..=MAX_REQUEST_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
    };
    given.filter(is_id).map_or_else(|| secret::random().unwrap_or_default(), str::to_owned)
}

/// A request in flight, which is logged when it is dropped. Where the client disconnects, the server drops the handler's
/// future, and this with it.
struct Observed {
    call: String,
    request_id: String,
    subject: Arc<Mutex<Subject>>,
    audit: Arc<dyn Sink>,
    started: Instant,
    outcome: Option<Outcome>,
}

impl Observed {
    fn begin(call: String, request_id: String, audit: Arc<dyn Sink>) -> Self {
        metrics::gauge!("soter_calls_in_flight").increment(1.0);
        let outcome = Some(Outcome::Cancelled(By::Client));
        Self { call, request_id, subject: Arc::default(), audit, started: Instant::now(), outcome }
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        metrics::gauge!("soter_calls_in_flight").decrement(1.0);
        let Some(outcome) = self.outcome else {
            return;
        };
        audit::record(&*self.audit, &self.request_id, &self.call, &self.subject, outcome);
        let (call, outcome) = (self.call.clone(), outcome.name());
        let seconds = self.started.elapsed().as_secs_f64();
        tracing::info!(call, outcome = &*outcome, seconds, request_id = self.request_id, "call");
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
