//! `POST /cgi-bin/soter/remove_key`: deletes a key of an openid, or all of them.

use crate::audit;
use crate::body;
use crate::error::{Error, Field};
use crate::extract::{Authenticated, OfOpenid};
use crate::service::Service;
use crate::verdict::Verdict;
use axum::extract::State;
use serde::Deserialize;
use std::sync::Arc;
use wx_soter_verifier::Error as Refusal;
use wx_soter_webauthn::base64url;

/// The request's body: one of `cpu_id` and `"all": true`.
#[derive(Deserialize)]
pub struct Request {
    openid: Option<String>,
    /// The key id, as in `resultJSON`.
    cpu_id: Option<String>,
    #[serde(default)]
    all: bool,
}

impl OfOpenid for Request {
    fn take_openid(&mut self) -> Option<String> {
        self.openid.take()
    }
}

/// Handles the request.
///
/// # Errors
///
/// What every request may fail with; [`Error::InvalidOpenid`] where the openid has no key.
pub async fn handle(
    State(service): State<Arc<Service>>,
    Authenticated { owner, body }: Authenticated<Request>,
) -> Result<Verdict, Error> {
    if body.all {
        let removed = service.store.remove_keys(&owner).await?;
        return removed.then_some(Verdict::Ok).ok_or(Error::InvalidOpenid);
    }
    let id = body::required(body.cpu_id, Field::CpuId)?;
    let id = base64url::decode(&id).ok_or(Error::Malformed)?;
    audit::note_credential(&id);
    if service.store.remove_key(&owner, &id).await? {
        return Ok(Verdict::Ok);
    }
    match service.store.count_keys(&owner).await? {
        0 => Err(Error::InvalidOpenid),
        _ => Ok(Verdict::No(Refusal::CredentialUnknown.into())),
    }
}
