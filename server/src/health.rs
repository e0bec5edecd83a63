//! Endpoints for monitoring: liveness, readiness, metrics. They need no access token; a proxy should not expose them.

use crate::metrics;
use crate::service::Service;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use std::sync::Arc;
use std::time::Duration;

/// No probe waits longer than this.
const PING_TIMEOUT: Duration = Duration::from_secs(2);

/// `GET /healthz`: liveness.
pub async fn healthz() -> &'static str {
    "ok"
}

/// `GET /readyz`: readiness. The database responds, and the service is not shutting down.
///
/// # Errors
///
/// 503, with why.
pub async fn readyz(State(service): State<Arc<Service>>) -> Result<&'static str, (StatusCode, &'static str)> {
    if service.is_stopping() {
        return Err((StatusCode::SERVICE_UNAVAILABLE, "stopping"));
    }
    match tokio::time::timeout(PING_TIMEOUT, service.store.ping()).await {
        Ok(Ok(())) => Ok("ok"),
        Ok(Err(error)) => {
            tracing::error!(%error, "the database failed");
            Err((StatusCode::SERVICE_UNAVAILABLE, "no database"))
        }
        Err(_) => Err((StatusCode::SERVICE_UNAVAILABLE, "slow database")),
    }
}

/// `GET /metrics`
pub async fn metrics() -> ([(HeaderName, &'static str); 1], String) {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics::render())
}
