//! The description of the service for programs.

use axum::http::{HeaderName, header};

/// OpenAPI 3.1.
pub const DOCUMENT: &str = include_str!("../openapi.json");

/// `GET /openapi.json`
pub async fn document() -> ([(HeaderName, &'static str); 1], &'static str) {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT)
}
