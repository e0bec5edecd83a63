//! `POST /cgi-bin/soter/register_key`: verifies what `onKeyCreated` gave to the page, and stores the public key.

use crate::audit;
use crate::body;
use crate::challenge::Challenge;
use crate::error::{Error, Field};
use crate::extract::Authenticated;
use crate::service::Service;
use crate::settings::Challenges;
use crate::store::{Addition, Owner, StoredKey};
use crate::verdict::{Reason, Verdict};
use axum::extract::State;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::sync::Arc;
use wx_soter_verifier::native::Native;
use wx_soter_verifier::registration::{self, Expected, RegistrationResponse};
use wx_soter_verifier::{Error as Refusal, client_data::ClientData};
use wx_soter_webauthn::base64url;

/// An openid may have so many keys: more devices than anybody has, and few enough that nobody fills the disk.
pub const MAX_KEYS: u32 = 100;

/// A user handle may have this many bytes (WebAuthn Level 3, §5.4.3).
const MAX_UID_SIZE: usize = 64;

/// The request's body.
#[derive(Deserialize)]
pub struct Request {
    openid: Option<String>,
    /// The `RegistrationResponseJSON`, as an object or as a JSON text of it.
    registration: Option<Box<RawValue>>,
    /// The challenge, where the backend made it by itself.
    challenge: Option<String>,
    /// The user handle, base64url, where the backend knows it: what `uid` in `resultJSON` must be, unless it is empty.
    uid: Option<String>,
}

/// Handles the request.
///
/// # Errors
///
/// What every request may fail with.
pub async fn handle(
    State(service): State<Arc<Service>>,
    Authenticated { app, body }: Authenticated<Request>,
) -> Result<Verdict, Error> {
    let owner = Owner::new(app, body::openid(body.openid)?);
    let registration = json_text(&body.registration.ok_or(Error::Missing(Field::Registration))?)?;
    let uid = body.uid.filter(|uid| !uid.is_empty());
    let uid = uid.map(|uid| base64url::decode(&uid).ok_or(Error::Malformed)).transpose()?;
    if uid.as_ref().is_some_and(|uid| uid.len() > MAX_UID_SIZE) {
        return Err(Error::Malformed);
    }
    match verify(&service, &registration, body.challenge, uid).await {
        Ok((key, challenge)) => {
            audit::note_credential(&key.record.id);
            store_key(&service, &owner, &key, &challenge).await
        }
        Err(reason) => Ok(Verdict::No(reason)),
    }
}

async fn store_key(
    service: &Service,
    owner: &Owner,
    key: &StoredKey,
    challenge: &Challenge,
) -> Result<Verdict, Error> {
    let now = service.clock.now();
    let added = service.store.add_key(owner, key, challenge, now, service.keep_until(now), MAX_KEYS);
    Ok(match added.await? {
        Addition::Added => Verdict::Ok,
        Addition::RegisteredBefore => Verdict::No(Refusal::CredentialRegistered.into()),
        Addition::Refused(unspendable) => Verdict::No(unspendable.into()),
        Addition::TooMany => Verdict::No(Reason::TooManyKeys),
    })
}

/// All that can be seen without the database, which says at last whether the challenge was issued and is unspent.
async fn verify(
    service: &Service,
    registration: &str,
    own_challenge: Option<String>,
    uid: Option<Vec<u8>>,
) -> Result<(StoredKey, Challenge), Reason> {
    let response = RegistrationResponse::from_json(registration)?;
    let is_own = own_challenge.is_some() && service.challenges == Challenges::Any;
    let text = match own_challenge {
        Some(text) => text,
        None => signed_challenge(&response)?,
    };
    let challenge = Challenge::of(&text);
    // Without a backend's word for it nobody knows how old a challenge is that the service did not issue.
    if !challenge.is_issued && !is_own {
        return Err(Reason::ChallengeUnknown);
    }
    // Whether the credential id is registered is for the database to say.
    let expected = Expected { challenge: text.as_bytes(), is_conditional: false, is_registered: false };
    let verified = registration::verify(&response, &expected, &service.policy, &Native).await?;
    Ok((StoredKey { record: verified.record, uid }, challenge))
}

/// The text that the page was given for a challenge: wx-soter asks the authenticator with its UTF-8.
fn signed_challenge(response: &RegistrationResponse) -> Result<String, Reason> {
    let client_data = ClientData::from_json(&response.client_data_json).map_err(Refusal::from)?;
    let bytes = base64url::decode(&client_data.challenge);
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or(Reason::ChallengeUnknown)
}

/// The registration's JSON text, which backends may put into the body as it is or as a string.
fn json_text(registration: &RawValue) -> Result<String, Error> {
    match registration.get() {
        "null" => Err(Error::Missing(Field::Registration)),
        text if text.starts_with('"') => serde_json::from_str(text).map_err(|_| Error::Malformed),
        text if text.starts_with('{') => Ok(text.to_owned()),
        _ => Err(Error::Malformed),
    }
}
