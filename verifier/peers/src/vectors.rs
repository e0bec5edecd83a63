//! The test vectors of WebAuthn Level 3, §16.

use crate::common::base64url;
use serde_json::{Value, json};

const FILES: [&str; 2] = [
    include_str!("../../../tests/vectors/webauthn-level-3.json"),
    include_str!("../../../tests/vectors/webauthn-level-3-server.json"),
];

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
    let files = FILES.map(|text| serde_json::from_str::<Value>(text).unwrap());
    files.iter().flat_map(|file| file["vectors"].as_array().unwrap()).map(vector).collect()
}

/// The root that the vectors' certificates lead to, DER.
pub fn root() -> Vec<u8> {
    let file: Value = serde_json::from_str(FILES[1]).unwrap();
    hex(&file["attestationRootCertificate"])
}

fn vector(json: &Value) -> Vector {
    let id = base64url(&hex(&json["credentialId"]));
    let part = |part: &str, member: &str| base64url(&hex(&json[part][member]));
    let response = |inner: Value| json!({ "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {}, "response": inner });
    Vector {
        name: json["name"].as_str().unwrap().to_owned(),
        registration_challenge: hex(&json["registration"]["challenge"]),
        registration: response(json!({
            "clientDataJSON": part("registration", "clientDataJSON"),
            "attestationObject": part("registration", "attestationObject"),
            "transports": [],
        })),
        assertion_challenge: hex(&json["assertion"]["challenge"]),
        assertion: response(json!({
            "clientDataJSON": part("assertion", "clientDataJSON"),
            "authenticatorData": part("assertion", "authenticatorData"),
            "signature": part("assertion", "signature"),
        })),
    }
}

fn hex(json: &Value) -> Vec<u8> {
    let text = json.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
