//! The calls, one a file.

pub mod get_challenge;
pub mod register_key;
pub mod remove_key;
pub mod stable_token;
pub mod token;
pub mod verify_signature;

use crate::access_token::{self, Caller};
use crate::body;
use crate::error::Error;
use crate::fetched_token;
use crate::service::Service;
use axum::extract::{FromRequest, Query, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// A call of a backend that may call, with its body.
pub struct Call<T>(pub T);

#[derive(Deserialize)]
struct Address {
    access_token: Option<String>,
}

impl<T: DeserializeOwned> FromRequest<Arc<Service>> for Call<T> {
    type Rejection = Error;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let address = Query::<Address>::try_from_uri(&parts.uri);
        let token = address.ok().and_then(|address| address.0.access_token);
        match let_in(service, token.as_deref()).await {
            Ok(()) => body::read(body, body::MAX_SIZE).await.map(Self),
            Err(error) => {
                body::throw_away(body).await;
                Err(error)
            }
        }
    }
}

async fn let_in(service: &Service, token: Option<&str>) -> Result<(), Error> {
    let caller = access_token::caller(service, token);
    service.rate_limit.check(caller.as_ref().ok().cloned())?;
    match (caller?, token) {
        (Caller::App(_), Some(token)) => fetched_token::check_age(service, token).await,
        _ => Ok(()),
    }
}
