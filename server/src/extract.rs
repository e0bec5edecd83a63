//! The extractor of handlers that need a caller.

use crate::audit;
use crate::body;
use crate::caller::Caller;
use crate::error::Error;
use crate::service::Service;
use crate::store::Owner;
use axum::body::Body;
use axum::extract::{FromRequest, Query, Request};
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// The body of a request that is about an openid, which all of them name in the same way.
pub trait OfOpenid {
    /// Its `openid`, once.
    fn take_openid(&mut self) -> Option<String>;
}

/// The body of a request that has an openid and nothing else.
#[derive(Deserialize)]
pub struct OpenidOnly {
    openid: Option<String>,
}

impl OfOpenid for OpenidOnly {
    fn take_openid(&mut self) -> Option<String> {
        self.openid.take()
    }
}

/// A request whose caller is authenticated, about an openid, and within the rate limits of both.
pub struct Authenticated<T> {
    /// Whom it is about: an openid of the app that the access token belongs to.
    pub owner: Owner,
    /// The request's body.
    pub body: T,
}

#[derive(Deserialize)]
struct QueryString {
    access_token: Option<String>,
}

impl<T: DeserializeOwned + OfOpenid + Send> FromRequest<Arc<Service>> for Authenticated<T> {
    type Rejection = Error;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let query = Query::<QueryString>::try_from_uri(&parts.uri);
        let in_query = query.ok().and_then(|query| query.0.access_token);
        // A query may end up in the log of whatever stands between; a header does not.
        let token = in_query.or_else(|| bearer_token(&parts.headers));
        let caller = match identify(service, token.as_deref()) {
            Ok(caller) => caller,
            Err(error) => {
                body::drain(body).await;
                return Err(error);
            }
        };
        if let (Caller::App(appid), Some(token)) = (&caller, &token)
            && let Err(error) = check_expiry(service, appid, token).await
        {
            body::drain(body).await;
            return Err(error);
        }
        let app = service.credentials.app_of(&caller);
        let read = read_body(body, app).await;
        // First whether this openid comes too often: its calls are not to use up those of the others.
        if let Ok(Self { owner, .. }) = &read {
            service.rate_limiter.check_owner(owner)?;
        }
        service.rate_limiter.check(Some(caller))?;
        read
    }
}

async fn read_body<T: DeserializeOwned + OfOpenid>(
    body: Body,
    app: String,
) -> Result<Authenticated<T>, Error> {
    let mut body: T = body::read(body, body::MAX_SIZE).await?;
    let openid = body::openid(body.take_openid())?;
    Ok(Authenticated { owner: Owner::new(app, openid), body })
}

/// Who it is. Whoever is nobody is counted with the others who are.
fn identify(service: &Service, token: Option<&str>) -> Result<Caller, Error> {
    match service.credentials.caller(token) {
        Ok(caller) => {
            audit::note_caller(&caller, service.credentials.appid_of(&caller));
            Ok(caller)
        }
        Err(error) => {
            service.rate_limiter.check(None)?;
            Err(error)
        }
    }
}

/// Whether the token of an app is good now. Where it is not it takes nothing from the app, nor from the openid that the body names:
/// old tokens lie about in logs.
async fn check_expiry(service: &Service, appid: &str, token: &str) -> Result<(), Error> {
    let checked = service.credentials.check_expiry(&service.store, appid, token).await;
    match checked {
        Err(Error::TokenExpired) => {
            // Its app is to fetch another, and learns that also while somebody guesses.
            let _ = service.rate_limiter.check(None);
        }
        Err(Error::InvalidCredential) => service.rate_limiter.check(None)?,
        _ => {}
    }
    checked
}

/// The token of `Authorization: Bearer` (RFC 6750, section 2.1).
fn bearer_token(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}
