//! `POST /cgi-bin/stable_token`: what [`super::token`] does, asked in a body, as WeChat has it too. WeChat returns the
//! same token until shortly before it expires; here each is new, since only hashes are stored, and all are valid until they expire.

use super::token::{self, Response};
use crate::body;
use crate::error::Error;
use crate::observation::Outcome;
use crate::service::Service;
use axum::body::Body;
use axum::extract::State;
use axum::{Extension, Json};
use std::sync::Arc;

/// The body may have this many bytes: anybody may send one.
const MAX_SIZE: usize = 4096;

/// Handles the request.
///
/// # Errors
///
/// Those of [`token::handle`], and of a body that cannot be read.
pub async fn handle(
    State(service): State<Arc<Service>>,
    body: Body,
) -> Result<(Extension<Outcome>, Json<Response>), Error> {
    token::respond(&service, body::read(body, MAX_SIZE).await?).await
}
