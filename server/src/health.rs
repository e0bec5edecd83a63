//! Endpoints for monitoring: liveness, readiness, metrics. They need no access token; a proxy should not expose them.

use crate::metrics;
use crate::readiness::NotReady;
use crate::service::Service;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use std::sync::Arc;

/// `GET /healthz`: liveness.
pub async fn healthz() -> &'static str {
    "ok"
}

/// `GET /readyz`: readiness. What calls write can be written, and the service is not shutting down.
///
/// # Errors
///
/// 503, with why.
pub async fn readyz(State(service): State<Arc<Service>>) -> Result<&'static str, (StatusCode, &'static str)> {
    let ready = if service.is_stopping() { Err(NotReady::Stopping) } else { service.readiness.check().await };
    ready.map(|()| "ok").map_err(|reason| (StatusCode::SERVICE_UNAVAILABLE, reason.text()))
}

/// `GET /metrics`
pub async fn metrics(State(service): State<Arc<Service>>) -> ([(HeaderName, &'static str); 1], String) {
    metrics::set_pool(service.store.pool_state());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics::render())
}
