//! `GET /cgi-bin/token`: an access token for an appid and its secret, as WeChat gives it. For backends that fetch theirs;
//! only apps of the configuration get one.

use crate::access_token::Caller;
use crate::body;
use crate::error::{Error, Field};
use crate::fetched_token;
use crate::observation::Outcome;
use crate::secret::Hash;
use crate::service::Service;
use crate::settings::App;
use axum::extract::{Query, State};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a backend sends: in the address here, in the body of `stable_token`.
#[derive(Deserialize)]
pub struct Request {
    grant_type: Option<String>,
    appid: Option<String>,
    secret: Option<String>,
}

/// What it gets.
#[derive(Serialize)]
pub struct Answer {
    access_token: String,
    /// Seconds.
    expires_in: i64,
}

/// Answers the call.
///
/// # Errors
///
/// [`Error::InvalidAppid`], [`Error::InvalidSecret`], and missing fields.
pub async fn call(
    State(service): State<Arc<Service>>,
    request: Result<Query<Request>, axum::extract::rejection::QueryRejection>,
) -> Result<(Extension<Outcome>, Json<Answer>), Error> {
    let Query(request) = request.map_err(|_| Error::Malformed)?;
    answer(&service, request).await
}

/// The same for both calls.
pub(super) async fn answer(
    service: &Service,
    request: Request,
) -> Result<(Extension<Outcome>, Json<Answer>), Error> {
    let app = app(service, request);
    // Who knows a secret is not kept out by those who guess.
    service.rate_limit.check(app.as_ref().ok().map(|app| Caller::App(app.appid.clone())))?;
    let access_token = fetched_token::issue(service, app?).await?;
    Ok((Extension(Outcome::Ok), Json(Answer { access_token, expires_in: fetched_token::LIFETIME })))
}

/// The app that asks, if it knows its secret.
fn app(service: &Service, request: Request) -> Result<&App, Error> {
    if request.grant_type.as_deref() != Some("client_credential") {
        return Err(Error::InvalidGrantType);
    }
    let appid = body::required(request.appid, Field::Appid)?;
    let secret = body::required(request.secret, Field::Secret)?;
    let app = service.apps.iter().find(|app| app.appid == appid).ok_or(Error::InvalidAppid)?;
    app.secret.is(&Hash::of(&secret)).then_some(app).ok_or(Error::InvalidSecret)
}
