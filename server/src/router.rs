//! Routes and middleware.

use crate::error::{DatabaseFailed, Error};
use crate::handlers::{
    erase_openid, get_challenge, list_keys, register_key, remove_key, stable_token, token, verify_signature,
};
use crate::observation::{By, Outcome};
use crate::service::Service;
use crate::{health, observation, openapi};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http_body::{Frame, SizeHint};
use std::any::Any;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tower_http::catch_panic::CatchPanicLayer;

/// The service as a router, and the endpoints for monitoring.
pub fn router(service: Arc<Service>) -> Router {
    calls(service.clone()).merge(monitoring(service))
}

/// The endpoints for monitoring, which may have a listener of their own.
pub fn monitoring(service: Arc<Service>) -> Router {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .with_state(service)
}

/// The service alone.
pub fn calls(service: Arc<Service>) -> Router {
    let post_only = || async { Error::PostRequired };
    let get_only = || async { Error::GetRequired };
    let routes = Router::new()
        .route("/cgi-bin/soter/verify_signature", post(verify_signature::handle).fallback(post_only))
        .route("/cgi-bin/soter/register_key", post(register_key::handle).fallback(post_only))
        .route("/cgi-bin/soter/get_challenge", post(get_challenge::handle).fallback(post_only))
        .route("/cgi-bin/soter/list_keys", post(list_keys::handle).fallback(post_only))
        .route("/cgi-bin/soter/remove_key", post(remove_key::handle).fallback(post_only))
        .route("/cgi-bin/soter/erase_openid", post(erase_openid::handle).fallback(post_only))
        .route("/cgi-bin/stable_token", post(stable_token::handle).fallback(post_only))
        .route("/cgi-bin/token", get(token::handle).fallback(get_only));
    with_middleware(routes, service)
}

/// Adds the middleware to routes.
pub fn with_middleware(routes: Router<Arc<Service>>, service: Arc<Service>) -> Router {
    let routes = routes
        .fallback(|| async { Error::InvalidUrl })
        .layer(middleware::from_fn_with_state(service.clone(), limit_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(service.clone(), observation::observe));
    Router::new().route("/openapi.json", get(openapi::document)).merge(routes).with_state(service)
}

/// Timeout: a request that takes longer is dropped, and its transaction rolled back. While it waits for its body, it is the client
/// that takes so long, and nothing was done.
async fn limit_time(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let is_awaited = Arc::new(AtomicBool::new(false));
    let request = request.map(|body| Body::new(Watched { body, is_awaited: is_awaited.clone() }));
    match tokio::time::timeout(service.timeout, next.run(request)).await {
        Ok(response) => {
            if response.extensions().get::<DatabaseFailed>().is_some() {
                service.readiness.doubt();
            }
            response
        }
        Err(_) if is_awaited.load(Ordering::Relaxed) => Error::IncompleteBody.into_response(),
        Err(_) => {
            service.readiness.doubt();
            let mut response = Error::System.into_response();
            response.extensions_mut().insert(Outcome::Cancelled(By::Deadline));
            response
        }
    }
}

/// A body that tells whether somebody waits for more of it. One that nobody has asked for yet is not to blame.
struct Watched {
    body: Body,
    is_awaited: Arc<AtomicBool>,
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        self.is_awaited.store(polled.is_pending(), Ordering::Relaxed);
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The panic's own message went to standard error.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    Error::System.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body::Body as _;

    /// A body that does not come.
    struct Never;

    impl http_body::Body for Never {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
            Poll::Pending
        }
    }

    /// Whether the client is to blame for a call that takes too long, before and after its body is asked for.
    fn blames_the_client(body: Body) -> [bool; 2] {
        let is_awaited = Arc::new(AtomicBool::new(false));
        let mut watched = Watched { body, is_awaited: is_awaited.clone() };
        let before = is_awaited.load(Ordering::Relaxed);
        let _ = Pin::new(&mut watched).poll_frame(&mut Context::from_waker(std::task::Waker::noop()));
        [before, is_awaited.load(Ordering::Relaxed)]
    }

    #[test]
    fn a_client_is_slow_only_while_its_body_is_waited_for() {
        assert_eq!(blames_the_client(Body::new(Never)), [false, true]);
        assert_eq!(blames_the_client(Body::from("{}")), [false, false]);
        assert_eq!(blames_the_client(Body::empty()), [false, false]);
    }
}
