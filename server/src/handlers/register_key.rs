//! `POST /cgi-bin/soter/register_key`: verifies what `onKeyCreated` gave to the page, and stores the public key.

use super::existing_key::{self, ExistingKeyResult};
use super::verify_signature;
use crate::audit;
use crate::challenge::Challenge;
use crate::error::{Error, Field};
use crate::extract::{Authenticated, OfOpenid};
use crate::service::Service;
use crate::settings::{Challenges, FurtherKeys};
use crate::store::{self, Addition, NewKey, Owner, StoredKey};
use crate::verdict::{Reason, Registered};
use axum::extract::State;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::sync::Arc;
use wx_soter_verifier::native::Native;
use wx_soter_verifier::registration::{self, Expected, RegistrationResponse};
use wx_soter_verifier::{Error as Refusal, client_data::ClientData};
use wx_soter_webauthn::base64url;

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
    /// `resultJSON` of a result by a key that the openid has already.
    json_string: Option<String>,
    /// Its `resultJSONSignature`.
    json_signature: Option<String>,
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
/// What every request may fail with.
pub async fn handle(
    State(service): State<Arc<Service>>,
    Authenticated { owner, body }: Authenticated<Request>,
) -> Result<Registered, Error> {
    let registration = json_text(&body.registration.ok_or(Error::Missing(Field::Registration))?)?;
    let uid = body.uid.filter(|uid| !uid.is_empty());
    let uid = uid.map(|uid| base64url::decode(&uid).ok_or(Error::Malformed)).transpose()?;
    if uid.as_ref().is_some_and(|uid| uid.len() > MAX_UID_SIZE) {
        return Err(Error::Malformed);
    }
    let result = existing_key::result(body.json_string, body.json_signature)?;
    let new = match verify(&service, &registration, body.challenge, uid).await {
        Ok(new) => new,
        Err(reason) => return Ok(Registered::No(reason)),
    };
    audit::note_credential(&new.key.record.id);
    let result = match result.transpose() {
        Ok(result) => result,
        Err(reason) => return Ok(Registered::NoByResult(reason)),
    };
    Ok(store::until_unlocked(|| add(&service, &owner, &new, result.as_ref())).await?)
}

/// What the openid has decides whether it gets one more, and nobody changes that meanwhile.
async fn add(
    service: &Service,
    owner: &Owner,
    new: &NewKey,
    result: Option<&ExistingKeyResult>,
) -> Result<Registered, sqlx::Error> {
    let mut registering = service.store.registering(owner).await?;
    if let Some(reason) = refusal(service, registering.keys(), result.is_some()) {
        return Ok(Registered::No(reason));
    }
    let confirmed = match result {
        None => None,
        Some(result) => match result.check(service, owner, &mut registering).await? {
            Ok(confirmed) => Some(confirmed),
            Err(error) => {
                // Another connection is to come.
                drop(registering);
                return Ok(Registered::NoByResult(result.reason(service, owner, error).await?));
            }
        },
    };
    let (acceptance, assertion) = confirmed.unzip();
    Ok(match registering.add(new, acceptance).await? {
        Addition::Added => {
            if let Some(assertion) = assertion {
                verify_signature::report_counter(&assertion);
            }
            Registered::Ok { cpu_id: base64url::encode(&new.key.record.id) }
        }
        Addition::Refused(why) => Registered::No(why.into()),
        Addition::ResultRefused(why) => Registered::NoByResult(why.into()),
        Addition::RegisteredBefore => Registered::No(Refusal::CredentialRegistered.into()),
        Addition::RemovedBefore => Registered::No(Reason::CredentialRemoved),
    })
}

/// Why an openid with so many keys gets no more.
fn refusal(service: &Service, keys: i64, has_result: bool) -> Option<Reason> {
    match service.further_keys {
        _ if keys >= service.max_keys.into() => Some(Reason::TooManyKeys),
        FurtherKeys::None if keys > 0 => Some(Reason::FurtherKeyNotAllowed),
        FurtherKeys::ByExistingKey if keys > 0 && !has_result => Some(Reason::ExistingKeyRequired),
        FurtherKeys::None | FurtherKeys::ByExistingKey | FurtherKeys::Any => None,
    }
}

/// All that can be seen without the database, which says at last whether the challenge was issued and is unspent.
async fn verify(
    service: &Service,
    registration: &str,
    own_challenge: Option<String>,
    uid: Option<Vec<u8>>,
) -> Result<NewKey, Reason> {
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
    let expected = Expected::new(text.as_bytes());
    let verified =
        registration::verify(&response, &expected, &service.registration_policy(), &Native).await?;
    let key = StoredKey { record: verified.record, uid };
    Ok(NewKey { key, challenge, keep_for: Some(service.keep_own_challenge()) })
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
