//! `GET /cgi-bin/token`: an access token for an appid and its secret, as WeChat gives it. For backends that fetch theirs;
//! only apps of the configuration get one.

use crate::app_token;
use crate::body;
use crate::caller::Caller;
use crate::error::{Error, Field};
use crate::observation::Outcome;
use crate::secret::Hash;
use crate::service::Service;
use crate::settings::App;
use axum::extract::{Query, State};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The request's parameters: in the query here, in the body of `stable_token`.
#[derive(Deserialize)]
pub struct Request {
    grant_type: Option<String>,
    appid: Option<String>,
    secret: Option<String>,
}

/// The response's body.
#[derive(Serialize)]
pub struct Response {
    access_token: String,
    /// Seconds.
    expires_in: i64,
}

/// Handles the request.
///
/// # Errors
///
/// [`Error::InvalidAppid`], [`Error::InvalidSecret`], and missing fields.
pub async fn handle(
    State(service): State<Arc<Service>>,
    request: Result<Query<Request>, axum::extract::rejection::QueryRejection>,
) -> Result<(Extension<Outcome>, Json<Response>), Error> {
    let Query(request) = request.map_err(|_| Error::Malformed)?;
    respond(&service, request).await
}

/// What both endpoints do.
pub(super) async fn respond(
    service: &Service,
    request: Request,
) -> Result<(Extension<Outcome>, Json<Response>), Error> {
    let app = app(service, request);
    // Who knows a secret is not kept out by those who guess.
    service.rate_limiter.check(app.as_ref().ok().map(|app| Caller::App(app.appid.clone())))?;
    let access_token = issue(service, app?).await?;
    Ok((Extension(Outcome::Ok), Json(Response { access_token, expires_in: app_token::LIFETIME })))
}

/// The app that asks, if it knows its secret.
fn app(service: &Service, request: Request) -> Result<&App, Error> {
    if request.grant_type.as_deref() != Some("client_credential") {
        return Err(Error::InvalidGrantType);
    }
    let appid = body::required(request.appid, Field::Appid)?;
    let secret = body::required(request.secret, Field::Secret)?;
    service.credentials.app(&appid, &secret)
}

async fn issue(service: &Service, app: &App) -> Result<String, Error> {
    let token = app_token::generate(app)?;
    service.store.add_access_token(&Hash::of(&token), &app.appid, app_token::LIFETIME).await?;
    Ok(token)
}
