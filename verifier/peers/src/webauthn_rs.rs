//! What webauthn-rs-core says.

use crate::cases::Case;
use crate::common::{ORIGIN, base64url};
use serde_json::{Value, json};
use std::time::Duration;
use webauthn_rs_core::WebauthnCore;
use webauthn_rs_core::proto::{
    AttestationFormat, AuthenticationState, COSEAlgorithm, COSEKey, Credential, ParsedAttestation,
    PublicKeyCredential, RegisterPublicKeyCredential, RegisteredExtensions, UserVerificationPolicy,
};
use wx_soter_verifier::CredentialRecord;

/// The relying party of the cases.
pub fn relying_party() -> WebauthnCore {
    let origin = url::Url::parse(ORIGIN).unwrap();
    WebauthnCore::new_unsafe_experts_only(
        "name",
        "example.org",
        vec![origin],
        Duration::from_secs(60),
        None,
        None,
    )
}

/// Its verdict, and its reason for a no.
pub fn verdict(case: &Case) -> Result<(), String> {
    match &case.record {
        None => register(case),
        Some(record) => {
            let response: PublicKeyCredential = read(&case.response)?;
            let credential = credential(record)?;
            let state = authentication_state(&credential, &case.challenge, case.requires_user_verification);
            let verified = relying_party().authenticate_credential(&response, &state);
            verified.map(drop).map_err(|error| format!("{error:?}"))
        }
    }
}

fn register(case: &Case) -> Result<(), String> {
    let response: RegisterPublicKeyCredential = read(&case.response)?;
    let relying_party = relying_party();
    let algorithms = case.algorithms.iter().map(|number| match number {
        -257 => COSEAlgorithm::RS256,
        -8 => COSEAlgorithm::EDDSA,
        _ => COSEAlgorithm::ES256,
    });
    let builder = relying_party
        .new_challenge_register_builder(b"user", "user", "user")
        .unwrap()
        .user_verification_policy(user_verification(case.requires_user_verification))
        .credential_algorithms(algorithms.collect());
    let (_, state) = relying_party.generate_challenge_register(builder).unwrap();
    let state = with_challenge(&state, &case.challenge);
    let registered = relying_party.register_credential(&response, &state, None);
    registered.map(drop).map_err(|error| format!("{error:?}"))
}

fn read<T: serde::de::DeserializeOwned>(json: &Value) -> Result<T, String> {
    serde_json::from_value(json.clone()).map_err(|error| error.to_string())
}

const fn user_verification(is_required: bool) -> UserVerificationPolicy {
    if is_required {
        UserVerificationPolicy::Required
    } else {
        UserVerificationPolicy::Discouraged_DO_NOT_USE
    }
}

/// It invents challenges itself; the case's is put in where the state is stored.
fn with_challenge<T: serde::Serialize + serde::de::DeserializeOwned>(state: &T, challenge: &[u8]) -> T {
    let mut json = serde_json::to_value(state).unwrap();
    json["challenge"] = json!(base64url(challenge));
    serde_json::from_value(json).unwrap()
}

/// The record in its form.
pub fn credential(record: &CredentialRecord) -> Result<Credential, String> {
    let key: serde_cbor_2::Value =
        serde_cbor_2::from_slice(&record.public_key).map_err(|error| error.to_string())?;
    Ok(Credential {
        cred_id: record.id.clone(),
        cred: COSEKey::try_from(&key).map_err(|error| format!("{error:?}"))?,
        counter: record.sign_count,
        transports: None,
        user_verified: record.uv_initialized,
        backup_eligible: record.backup_eligible,
        backup_state: record.backup_state,
        registration_policy: UserVerificationPolicy::Discouraged_DO_NOT_USE,
        extensions: RegisteredExtensions::none(),
        attestation: ParsedAttestation::default(),
        attestation_format: AttestationFormat::None,
    })
}

/// What it keeps between the request and the response.
pub fn authentication_state(
    credential: &Credential,
    challenge: &[u8],
    requires_user_verification: bool,
) -> AuthenticationState {
    let relying_party = relying_party();
    let policy = user_verification(requires_user_verification);
    let builder =
        relying_party.new_challenge_authenticate_builder(vec![credential.clone()], Some(policy)).unwrap();
    let (_, state) = relying_party.generate_challenge_authenticate(builder).unwrap();
    with_challenge(&state, challenge)
}
