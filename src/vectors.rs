//! The test vectors of WebAuthn Level 3, §16, for native tests.

use crate::signature::Algorithm;
use sha2::Digest;
use std::sync::LazyLock;

const FILE: &str = include_str!("../tests/vectors/webauthn-level-3.json");

/// One credential of the specification, with its registration and one assertion.
pub struct Vector {
    pub name: String,
    pub algorithm: Algorithm,
    json: serde_json::Value,
}

/// Those with attestation none or packed, of the algorithms that we ask for.
pub static ALL: LazyLock<Vec<Vector>> = LazyLock::new(|| {
    let file: serde_json::Value = serde_json::from_str(FILE).unwrap();
    let vectors = file["vectors"].as_array().unwrap().iter().map(|json| Vector {
        name: json["name"].as_str().unwrap().to_owned(),
        algorithm: Algorithm::from_cose(json["algorithm"].as_i64().unwrap().try_into().unwrap()).unwrap(),
        json: json.clone(),
    });
    vectors.collect()
});

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(bytes).into()
}

fn hex(json: &serde_json::Value) -> Vec<u8> {
    let text = json.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

impl Vector {
    pub fn credential_id(&self) -> Vec<u8> {
        hex(&self.json["credentialId"])
    }

    pub fn public_key(&self) -> Vec<u8> {
        hex(&self.json["publicKey"])
    }

    pub fn registration_challenge(&self) -> Vec<u8> {
        hex(&self.json["registration"]["challenge"])
    }

    pub fn registration_client_data_json(&self) -> Vec<u8> {
        hex(&self.json["registration"]["clientDataJSON"])
    }

    pub fn registration_authenticator_data(&self) -> Vec<u8> {
        hex(&self.json["registration"]["authenticatorData"])
    }

    pub fn assertion_challenge(&self) -> Vec<u8> {
        hex(&self.json["assertion"]["challenge"])
    }

    pub fn assertion_client_data_json(&self) -> Vec<u8> {
        hex(&self.json["assertion"]["clientDataJSON"])
    }

    pub fn assertion_authenticator_data(&self) -> Vec<u8> {
        hex(&self.json["assertion"]["authenticatorData"])
    }

    pub fn assertion_signature(&self) -> Vec<u8> {
        hex(&self.json["assertion"]["signature"])
    }
}
