//! `POST /cgi-bin/stable_token`: what [`super::token`] does, asked in a body, as WeChat has it too. WeChat answers with the
//! same token until shortly before its end; here each is new, since only hashes are kept, and all are good until their end.

use super::token::{self, Answer};
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

/// Answers the call.
///
/// # Errors
///
/// Those of [`token::call`], and of a body that cannot be read.
pub async fn call(
    State(service): State<Arc<Service>>,
    body: Body,
) -> Result<(Extension<Outcome>, Json<Answer>), Error> {
    token::answer(&service, body::read(body, MAX_SIZE).await?).await
}
