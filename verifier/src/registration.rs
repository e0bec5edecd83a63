//! Registering a new credential (WebAuthn Level 3, §7.1).

use crate::attestation::{self, Attestation, AttestationObject, Inputs};
use crate::authenticator_data::{self, AttestedCredentialData, AuthenticatorData, signed_bytes};
use crate::client_data::{self, Ceremony, ClientData};
use crate::cose_key::PublicKey;
use crate::error::Error;
use crate::policy::Policy;
use crate::record::CredentialRecord;
use crate::rsa_limits;
use crate::signature::SignatureVerifier;
use std::mem;
use wx_soter_webauthn::json::RegistrationResponseJson;
use wx_soter_webauthn::response::AttestationResponse;

/// A `RegistrationResponseJSON` may have this many bytes.
pub const MAX_JSON_SIZE: usize = 256 * 1024;

/// A credential id may have this many bytes (§7.1 step 25).
pub const MAX_CREDENTIAL_ID_SIZE: usize = 1023;

/// So many transports are stored (step 27). WebAuthn has six.
pub const MAX_TRANSPORTS: usize = 8;

/// The name of a transport may have this many bytes. The longest of WebAuthn's is `smart-card`.
pub const MAX_TRANSPORT_SIZE: usize = 32;

/// What the page got from `navigator.credentials.create()`. What a browser repeats for convenience (`publicKey`,
/// `authenticatorData`) is not read: only the attestation object counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationResponse {
    /// `id`: the credential id.
    pub id: Vec<u8>,
    /// `response.clientDataJSON`
    pub client_data_json: Vec<u8>,
    /// `response.attestationObject`
    pub attestation_object: Vec<u8>,
    /// `response.transports`, as the page says; not all of it is stored.
    pub transports: Vec<String>,
    /// The names in `clientExtensionResults`.
    pub client_extensions: Vec<String>,
}

impl RegistrationResponse {
    /// §7.1 steps 3 and 4: reads a `RegistrationResponseJSON`, as `toJSON()` and `onKeyCreated` give it.
    ///
    /// # Errors
    ///
    /// [`Error::ResponseTooLarge`], [`Error::ResponseMalformed`], [`Error::CredentialTypeUnknown`],
    /// [`Error::CredentialIdInconsistent`].
    pub fn from_json(text: &str) -> Result<Self, Error> {
        if text.len() > MAX_JSON_SIZE {
            return Err(Error::ResponseTooLarge);
        }
        let mut json = RegistrationResponseJson::parse(text)?;
        let client_extensions = mem::take(&mut json.client_extensions);
        Ok(Self { client_extensions, ..AttestationResponse::try_from(json)?.into() })
    }
}

impl From<AttestationResponse> for RegistrationResponse {
    fn from(response: AttestationResponse) -> Self {
        Self {
            id: response.id,
            client_data_json: response.client_data_json,
            attestation_object: response.attestation_object,
            transports: response.transports,
            client_extensions: Vec::new(),
        }
    }
}

/// What the relying party expects of this one registration.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected<'a> {
    /// The challenge that was sent: at least 16 random bytes, used once. An empty one matches nothing.
    pub challenge: &'a [u8],
    /// Whether the request had conditional mediation, which needs no person (step 15).
    pub is_conditional: bool,
    /// Whether a credential with the response's `id` is registered already, for any user (step 26).
    pub is_registered: bool,
}

/// A registration that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// What to store (steps 27 and 29). The store must refuse an id that it has.
    pub record: CredentialRecord,
    /// Whether the user was verified.
    pub user_verified: bool,
    /// What is proved about the authenticator.
    pub attestation: Attestation,
    /// The authenticator's model, as it says itself.
    pub aaguid: [u8; 16],
    /// The identifiers of the authenticator's extension outputs.
    pub extensions: Vec<String>,
}

/// Verifies a registration, in the order of §7.1. Steps 1 and 2 happened in the page.
///
/// # Errors
///
/// The first step that does not hold.
pub async fn verify(
    response: &RegistrationResponse,
    expected: &Expected<'_>,
    policy: &Policy,
    verifier: &impl SignatureVerifier,
) -> Result<Registration, Error> {
    // Steps 5 and 6.
    let client_data = ClientData::from_json(&response.client_data_json)?;
    // Steps 7 to 11.
    client_data::check(&client_data, Ceremony::Registration, expected.challenge, policy)?;
    // Step 13.
    let object = AttestationObject::parse(&response.attestation_object)?;
    let data = AuthenticatorData::parse(object.authenticator_data)?;
    let credential = data.new_credential()?;
    // Steps 14 to 17.
    authenticator_data::check(&data, policy, expected.is_conditional)?;
    // Steps 18 and 19.
    authenticator_data::check_backup_policy(data.flags, policy.backup)?;
    // Step 20.
    let key = allowed_key(credential, policy, verifier).await?;
    // Step 21.
    let format = attestation::format(object.format, policy.attestation.unknown_format)?;
    // Step 22, with the hash of step 12.
    let message = signed_bytes(object.authenticator_data, &response.client_data_json);
    let inputs = Inputs { statement: &object.statement, credential, key: &key, message: &message };
    let statement = attestation::verify(format, &inputs, verifier).await?;
    // Steps 23 and 24.
    let attestation = attestation::assess(statement, &policy.attestation)?;
    // Steps 25 to 27.
    check_credential_id(credential, response, expected)?;
    let record = record(&data, credential, response);
    // Step 28.
    authenticator_data::check_extensions(&data, &response.client_extensions, &policy.extensions)?;
    Ok(Registration {
        record,
        user_verified: data.flags.user_verified(),
        attestation,
        aaguid: *credential.aaguid,
        extensions: authenticator_data::extension_identifiers(&data),
    })
}

/// Step 20. A key whose signatures could never be found to hold would lock its user out at the next step, so it is refused now.
async fn allowed_key(
    credential: &AttestedCredentialData<'_>,
    policy: &Policy,
    verifier: &impl SignatureVerifier,
) -> Result<PublicKey, Error> {
    let key = PublicKey::from_cose(credential.public_key)?;
    if !policy.algorithms.contains(&key.algorithm()) {
        return Err(Error::AlgorithmNotAllowed);
    }
    let is_within_limits = match &key {
        PublicKey::Rsa { n, e, .. } => rsa_limits::are_met(n, e),
        _ => true,
    };
    (is_within_limits && verifier.can_use(&key).await).then_some(key).ok_or(Error::PublicKeyUnusable)
}

fn check_credential_id(
    credential: &AttestedCredentialData<'_>,
    response: &RegistrationResponse,
    expected: &Expected<'_>,
) -> Result<(), Error> {
    // Step 25 has an upper limit only. But an empty id names no credential, and could be registered once, for one user. §4
    // makes random ids 16 bytes long at least; that is the authenticator's duty, no step has it checked, and an id that
    // is too short to be unique meets step 26.
    if credential.credential_id.is_empty() {
        return Err(Error::CredentialIdEmpty);
    }
    if credential.credential_id.len() > MAX_CREDENTIAL_ID_SIZE {
        return Err(Error::CredentialIdTooLong);
    }
    // Step 26.
    if expected.is_registered {
        return Err(Error::CredentialRegistered);
    }
    // Step 27 takes the id from the response, which nobody signed.
    (credential.credential_id == response.id).then_some(()).ok_or(Error::CredentialIdMismatch)
}

/// Step 27.
fn record(
    data: &AuthenticatorData<'_>,
    credential: &AttestedCredentialData<'_>,
    response: &RegistrationResponse,
) -> CredentialRecord {
    CredentialRecord {
        id: credential.credential_id.to_vec(),
        public_key: credential.public_key.to_vec(),
        sign_count: data.sign_count,
        uv_initialized: data.flags.user_verified(),
        transports: transports(&response.transports),
        backup_eligible: data.flags.backup_eligible(),
        backup_state: data.flags.backup_state(),
    }
}

/// Step 27: the transports to store, each once, in their order.
///
/// Names that WebAuthn does not know are stored too, as §5.2.1 wants it: browsers skip those in `allowCredentials` that they
/// do not know, and a newer one may need them to find the authenticator. But nobody signed them. Whatever has not the form
/// of WebAuthn's names is left out, so that a page cannot fill a store, or break one by a NUL or by what stands between
/// names there. It is no reason to refuse a key: transports are hints, and prove nothing.
fn transports(said: &[String]) -> Vec<String> {
    let mut stored = Vec::new();
    for name in said.iter().filter(|name| is_transport(name)) {
        if stored.len() < MAX_TRANSPORTS && !stored.contains(name) {
            stored.push(name.clone());
        }
    }
    stored
}

fn is_transport(name: &str) -> bool {
    let is_of_a_name = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    (1..=MAX_TRANSPORT_SIZE).contains(&name.len()) && name.bytes().all(is_of_a_name)
}
