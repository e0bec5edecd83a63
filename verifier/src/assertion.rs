//! Verifying an authentication assertion (WebAuthn Level 3, §7.2).

use crate::authenticator_data::{self, AuthenticatorData, signed_bytes};
use crate::client_data::{self, Ceremony, ClientData};
use crate::cose_key::PublicKey;
use crate::error::Error;
use crate::policy::{CounterPolicy, Policy};
use crate::record::CredentialRecord;
use crate::signature::{self, SignatureVerifier, Signed};
use std::mem;
use wx_soter_webauthn::json::AuthenticationResponseJson;
use wx_soter_webauthn::response::AssertionResponse;

/// An `AuthenticationResponseJSON` may have this many bytes.
pub const MAX_JSON_SIZE: usize = 64 * 1024;

/// What the page got from `navigator.credentials.get()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticationResponse {
    /// `id`: the credential id, by which the caller looks up the record.
    pub id: Vec<u8>,
    /// `response.clientDataJSON`
    pub client_data_json: Vec<u8>,
    /// `response.authenticatorData`
    pub authenticator_data: Vec<u8>,
    /// `response.signature`
    pub signature: Vec<u8>,
    /// `response.userHandle`, where there is one; an empty one counts as none.
    pub user_handle: Option<Vec<u8>>,
    /// The names in `clientExtensionResults`.
    pub client_extensions: Vec<String>,
}

impl AuthenticationResponse {
    /// §7.2 steps 3 and 4: reads an `AuthenticationResponseJSON`, as `toJSON()` and `toAuthenticationResponse()` give it.
    ///
    /// # Errors
    ///
    /// [`Error::ResponseTooLarge`], [`Error::ResponseMalformed`], [`Error::CredentialTypeUnknown`],
    /// [`Error::CredentialIdInconsistent`].
    pub fn from_json(text: &str) -> Result<Self, Error> {
        if text.len() > MAX_JSON_SIZE {
            return Err(Error::ResponseTooLarge);
        }
        let mut json = AuthenticationResponseJson::parse(text)?;
        let client_extensions = mem::take(&mut json.client_extensions);
        Ok(Self { client_extensions, ..AssertionResponse::try_from(json)?.into() })
    }
}

impl From<AssertionResponse> for AuthenticationResponse {
    fn from(response: AssertionResponse) -> Self {
        Self {
            id: response.id,
            client_data_json: response.client_data_json,
            authenticator_data: response.authenticator_data,
            signature: response.signature,
            user_handle: response.user_handle,
            client_extensions: Vec::new(),
        }
    }
}

/// Whose assertion it has to be (step 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum User<'a> {
    /// Identified before, by a session, say; the record is one of theirs. With their user handle, where the relying party
    /// knows it: a handle in the response must be that one.
    Identified(Option<&'a [u8]>),
    /// Not identified before: the response must have the user handle, and it must be that of the record's user.
    ByUserHandle(&'a [u8]),
}

/// What the relying party expects of this one assertion.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The challenge that was sent; used once. An empty one matches nothing.
    pub challenge: &'a [u8],
    /// Whose assertion.
    pub user: User<'a>,
    /// The credential ids that the request allowed; empty for any (step 5).
    pub allowed: &'a [&'a [u8]],
}

/// What the signature counter says (step 22).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// 0 before and now: none is kept, and nothing follows from it.
    NotKept,
    /// It has grown.
    Increased,
    /// It has not: a copy of the key may be in use, or responses came out of order.
    NotIncreased {
        /// The record's.
        recorded: u32,
        /// The authenticator's.
        received: u32,
    },
}

/// An assertion that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// The record with its new values, to be stored (step 24), on condition that nobody stored it since it was read. The
    /// counter never goes back. `uv_initialized` is as it was: setting it wants another factor.
    pub record: CredentialRecord,
    /// Whether the user was verified.
    pub user_verified: bool,
    /// What the signature counter says.
    pub counter: Counter,
    /// The identifiers of the authenticator's extension outputs.
    pub extensions: Vec<String>,
}

/// Verifies an assertion against the record of its credential, in the order of §7.2. Steps 1 and 2 happened in the page.
///
/// # Errors
///
/// The first step that does not hold.
pub async fn verify(
    response: &AuthenticationResponse,
    record: &CredentialRecord,
    expected: &Expected<'_>,
    policy: &Policy,
    verifier: &impl SignatureVerifier,
) -> Result<Assertion, Error> {
    let data = verify_signed(response, record, expected, policy, verifier).await?;
    accept(&data, response, record, policy)
}

/// Steps 5 to 21: what was signed, and that it was. After them a result in WeChat's form is compared with what it says.
pub(crate) async fn verify_signed<'a>(
    response: &'a AuthenticationResponse,
    record: &CredentialRecord,
    expected: &Expected<'_>,
    policy: &Policy,
    verifier: &impl SignatureVerifier,
) -> Result<AuthenticatorData<'a>, Error> {
    // Step 5.
    check_allowed(response, expected.allowed)?;
    // Step 6.
    check_user(response, record, expected.user)?;
    // Steps 8 and 9.
    let client_data = ClientData::from_json(&response.client_data_json)?;
    // Steps 10 to 14.
    client_data::check(&client_data, Ceremony::Authentication, expected.challenge, policy)?;
    // Steps 15 to 18.
    let data = AuthenticatorData::parse(&response.authenticator_data)?;
    authenticator_data::check(&data, policy, false)?;
    // Step 19.
    check_backup_eligibility(&data, record)?;
    authenticator_data::check_backup_policy(data.flags, policy.backup)?;
    // Steps 20 and 21.
    check_signature(response, record, verifier).await?;
    Ok(data)
}

/// Steps 22 to 24: what follows from it.
pub(crate) fn accept(
    data: &AuthenticatorData<'_>,
    response: &AuthenticationResponse,
    record: &CredentialRecord,
    policy: &Policy,
) -> Result<Assertion, Error> {
    // Step 22.
    let counter = check_counter(data, record, policy.counter)?;
    // Step 23.
    authenticator_data::check_extensions(data, &response.client_extensions, &policy.extensions)?;
    // Step 24.
    Ok(Assertion {
        record: updated(record, data),
        user_verified: data.flags.user_verified(),
        counter,
        extensions: authenticator_data::extension_identifiers(data),
    })
}

/// Step 5.
fn check_allowed(response: &AuthenticationResponse, allowed: &[&[u8]]) -> Result<(), Error> {
    let is_allowed = allowed.is_empty() || allowed.contains(&response.id.as_slice());
    is_allowed.then_some(()).ok_or(Error::CredentialNotAllowed)
}

/// Step 6.
fn check_user(
    response: &AuthenticationResponse,
    record: &CredentialRecord,
    user: User<'_>,
) -> Result<(), Error> {
    if response.id != record.id {
        return Err(Error::CredentialUnknown);
    }
    // A user handle has a byte at least (§5.4.3), so an empty one names nobody: Safari has sent it since 15.4 for credentials that
    // are not discoverable, which have none.
    let user_handle = response.user_handle.as_deref().filter(|handle| !handle.is_empty());
    let is_theirs = match (user_handle, user) {
        (None, User::ByUserHandle(_)) => return Err(Error::UserHandleMissing),
        (None, User::Identified(_)) | (Some(_), User::Identified(None)) => true,
        (Some(handle), User::Identified(Some(theirs)) | User::ByUserHandle(theirs)) => handle == theirs,
    };
    is_theirs.then_some(()).ok_or(Error::UserHandleMismatch)
}

/// Step 19, 1 and 2.
fn check_backup_eligibility(data: &AuthenticatorData<'_>, record: &CredentialRecord) -> Result<(), Error> {
    let is_unchanged = data.flags.backup_eligible() == record.backup_eligible;
    is_unchanged.then_some(()).ok_or(Error::BackupEligibilityChanged)
}

/// Steps 20 and 21.
async fn check_signature(
    response: &AuthenticationResponse,
    record: &CredentialRecord,
    verifier: &impl SignatureVerifier,
) -> Result<(), Error> {
    let key = PublicKey::from_cose(&record.public_key)?;
    let message = signed_bytes(&response.authenticator_data, &response.client_data_json);
    let signed = Signed { key: &key, message: &message, signature: &response.signature };
    let holds = response.signature.len() <= signature::MAX_SIZE && verifier.holds(signed).await;
    holds.then_some(()).ok_or(Error::SignatureInvalid)
}

/// Step 22.
fn check_counter(
    data: &AuthenticatorData<'_>,
    record: &CredentialRecord,
    policy: CounterPolicy,
) -> Result<Counter, Error> {
    match (record.sign_count, data.sign_count) {
        (0, 0) => Ok(Counter::NotKept),
        (recorded, received) if received > recorded => Ok(Counter::Increased),
        (recorded, received) => match policy {
            CounterPolicy::Refuse => Err(Error::SignCountNotIncreased),
            CounterPolicy::Report => Ok(Counter::NotIncreased { recorded, received }),
        },
    }
}

/// Step 24.
fn updated(record: &CredentialRecord, data: &AuthenticatorData<'_>) -> CredentialRecord {
    CredentialRecord {
        sign_count: record.sign_count.max(data.sign_count),
        backup_state: data.flags.backup_state(),
        ..record.clone()
    }
}
