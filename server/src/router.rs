//! Routes and middleware.

use crate::error::Error;
use crate::handlers::{get_challenge, register_key, remove_key, stable_token, token, verify_signature};
use crate::observation::{By, Outcome};
use crate::service::Service;
use crate::{health, observation, openapi};
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::any::Any;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;

/// The service as a router.
pub fn router(service: Arc<Service>) -> Router {
    let post_only = || async { Error::PostRequired };
    let get_only = || async { Error::GetRequired };
    let routes = Router::new()
        .route("/cgi-bin/soter/verify_signature", post(verify_signature::handle).fallback(post_only))
        .route("/cgi-bin/soter/register_key", post(register_key::handle).fallback(post_only))
        .route("/cgi-bin/soter/get_challenge", post(get_challenge::handle).fallback(post_only))
        .route("/cgi-bin/soter/remove_key", post(remove_key::handle).fallback(post_only))
        .route("/cgi-bin/stable_token", post(stable_token::handle).fallback(post_only))
        .route("/cgi-bin/token", get(token::handle).fallback(get_only));
    with_middleware(routes, service)
}

/// Adds the middleware and the operational endpoints to routes.
pub fn with_middleware(routes: Router<Arc<Service>>, service: Arc<Service>) -> Router {
    let routes = routes
        .fallback(|| async { Error::InvalidUrl })
        .layer(middleware::from_fn_with_state(service.clone(), limit_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(observation::observe));
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .route("/openapi.json", get(openapi::document))
        .merge(routes)
        .with_state(service)
}

/// Timeout: a request that takes longer is dropped, and its transaction rolled back.
async fn limit_time(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(service.timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let mut response = Error::System.into_response();
            response.extensions_mut().insert(Outcome::Cancelled(By::Deadline));
            response
        }
    }
}

/// The panic's own message went to standard error.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    Error::System.into_response()
}
