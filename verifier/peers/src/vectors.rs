//! The test vectors of WebAuthn Level 3, §16, as cases want them.

use crate::common::base64url;
use serde_json::{Value, json};
use wx_soter_webauthn::json::AuthenticationResponseJson;
use wx_soter_webauthn::vectors;

pub use wx_soter_webauthn::vectors::attestation_root_certificate as root;

/// A vector as its parts.
pub struct Vector {
    pub name: String,
    pub registration_challenge: Vec<u8>,
    /// `RegistrationResponseJSON`
    pub registration: Value,
    pub assertion_challenge: Vec<u8>,
    /// `AuthenticationResponseJSON`
    pub assertion: Value,
}

/// All vectors.
pub fn all() -> Vec<Vector> {
    vectors::all().into_iter().map(vector).collect()
}

fn vector(vector: vectors::Vector) -> Vector {
    let id = base64url(&vector.credential_id);
    // Not by the type for this form, which wants to read the key: some of these are of other algorithms.
    let registration = json!({
        "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
        "response": {
            "clientDataJSON": base64url(&vector.registration.client_data_json),
            "attestationObject": base64url(&vector.registration.attestation_object),
            "transports": [],
        },
    });
    let assertion = AuthenticationResponseJson::from(vector.assertion_response());
    Vector {
        name: vector.name,
        registration_challenge: vector.registration.challenge,
        registration,
        assertion_challenge: vector.assertion.challenge,
        assertion: serde_json::to_value(assertion).unwrap(),
    }
}
