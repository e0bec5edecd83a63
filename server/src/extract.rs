//! The extractor of handlers that need a caller.

use crate::audit;
use crate::body;
use crate::caller::Caller;
use crate::error::Error;
use crate::service::Service;
use axum::extract::{FromRequest, Query, Request};
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// A request whose caller is authenticated and within the rate limit.
pub struct Authenticated<T> {
    /// The app that the access token belongs to; empty for the default one.
    pub app: String,
    /// The request's body.
    pub body: T,
}

#[derive(Deserialize)]
struct QueryString {
    access_token: Option<String>,
}

impl<T: DeserializeOwned> FromRequest<Arc<Service>> for Authenticated<T> {
    type Rejection = Error;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let query = Query::<QueryString>::try_from_uri(&parts.uri);
        let in_query = query.ok().and_then(|query| query.0.access_token);
        // A query may end up in the log of whatever stands between; a header does not.
        let token = in_query.or_else(|| bearer_token(&parts.headers));
        match authenticate(service, token.as_deref()).await {
            Ok(app) => {
                let body = body::read(body, body::MAX_SIZE).await?;
                Ok(Self { app, body })
            }
            Err(error) => {
                body::drain(body).await;
                Err(error)
            }
        }
    }
}

/// The token of `Authorization: Bearer` (RFC 6750, section 2.1).
fn bearer_token(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

async fn authenticate(service: &Service, token: Option<&str>) -> Result<String, Error> {
    let caller = service.credentials.caller(token);
    service.rate_limiter.check(caller.as_ref().ok().cloned())?;
    let caller = caller?;
    audit::note_caller(&caller, service.credentials.appid_of(&caller));
    if let (Caller::App(_), Some(token)) = (&caller, token) {
        service.credentials.check_expiry(&service.store, service.clock.now(), token).await?;
    }
    Ok(service.credentials.app_of(&caller))
}
