//! `POST /cgi-bin/soter/get_challenge`: a challenge for one openid, to be used once for a key and once for a result.

use crate::challenge::{self, Challenge};
use crate::error::Error;
use crate::extract::{Authenticated, OpenidOnly};
use crate::observation::Outcome;
use crate::service::Service;
use axum::extract::State;
use axum::{Extension, Json};
use serde::Serialize;
use std::sync::Arc;

/// The response's body.
#[derive(Serialize)]
pub struct Response {
    errcode: i32,
    errmsg: &'static str,
    /// For `startSoterAuthentication`.
    challenge: String,
    /// Seconds.
    expires_in: u32,
}

/// Handles the request.
///
/// # Errors
///
/// What every request may fail with; [`Error::TooManyChallenges`], [`Error::NoRoom`].
pub async fn handle(
    State(service): State<Arc<Service>>,
    Authenticated { owner, .. }: Authenticated<OpenidOnly>,
) -> Result<(Extension<Outcome>, Json<Response>), Error> {
    if service.disk_reserve.is_reached() {
        return Err(Error::NoRoom);
    }
    let challenge = challenge::issue()?;
    let new = Challenge::of(&challenge);
    let lifetime = service.challenge_seconds;
    if !service.store.add_challenge(&owner, &new, lifetime, service.max_challenges).await? {
        return Err(Error::TooManyChallenges);
    }
    let response = Response { errcode: 0, errmsg: "ok", challenge, expires_in: lifetime };
    Ok((Extension(Outcome::Ok), Json(response)))
}
