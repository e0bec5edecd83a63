//! `POST /cgi-bin/soter/get_challenge`: a challenge for one openid, good once on a key and once on a result, for a while.

use super::Call;
use crate::body;
use crate::challenge::{self, Challenge};
use crate::error::Error;
use crate::observation::Outcome;
use crate::service::Service;
use axum::extract::State;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a backend sends.
#[derive(Deserialize)]
pub struct Body {
    openid: Option<String>,
}

/// What it gets.
#[derive(Serialize)]
pub struct Answer {
    errcode: i32,
    errmsg: &'static str,
    /// For `startSoterAuthentication`.
    challenge: String,
    /// Seconds.
    expires_in: u32,
}

/// Answers the call.
///
/// # Errors
///
/// What every call may fail with.
pub async fn call(
    State(service): State<Arc<Service>>,
    Call(body): Call<Body>,
) -> Result<(Extension<Outcome>, Json<Answer>), Error> {
    let openid = body::openid(body.openid)?;
    let challenge = challenge::issue()?;
    let expires_at = service.clock.now().saturating_add(service.challenge_seconds.into());
    service.store.add_challenge(&openid, &Challenge::of(&challenge), expires_at).await?;
    let answer = Answer { errcode: 0, errmsg: "ok", challenge, expires_in: service.challenge_seconds };
    Ok((Extension(Outcome::Ok), Json(answer)))
}
