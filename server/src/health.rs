//! Endpoints for monitoring: liveness, readiness, metrics. They need no access token; a proxy should not expose them.

use crate::metrics;
use crate::readiness::NotReady;
use crate::service::Service;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use std::sync::Arc;

/// Ready, as far as it goes.
const NEARLY_FULL: &str = "ok, but no new challenges: the disk is nearly full";

/// `GET /healthz`: liveness.
pub async fn healthz() -> &'static str {
    "ok"
}

/// `GET /readyz`: readiness. What calls write can be written, and the service is not shutting down. Without room for new challenges
/// it stays ready: results for challenges that were issued before are accepted, and a load balancer would keep those away, too.
///
/// # Errors
///
/// 503, with why.
pub async fn readyz(State(service): State<Arc<Service>>) -> Result<&'static str, (StatusCode, &'static str)> {
    let ready = if service.is_stopping() { Err(NotReady::Stopping) } else { service.readiness.check().await };
    let text = if service.disk_reserve.is_reached() { NEARLY_FULL } else { "ok" };
    ready.map(|()| text).map_err(|reason| (StatusCode::SERVICE_UNAVAILABLE, reason.text()))
}

/// `GET /metrics`
pub async fn metrics(State(service): State<Arc<Service>>) -> ([(HeaderName, &'static str); 1], String) {
    metrics::set_pool(service.store.pool_state());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics::render())
}
