//! The device of every key: one key pair, many credential ids, no counter.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wx_soter_authenticator::{Credential, Request};
use wx_soter_webauthn::result_json::ResultJson;
use wx_soter_webauthn::{ClientData, base64, base64url, client_data};

const SECRET: [u8; 32] = [3; 32];

fn credential(number: u32) -> Credential {
    Credential::new(SECRET, credential_id(number)).unwrap()
}

/// The COSE key.
pub fn public_key() -> Vec<u8> {
    credential(0).public_key().to_cose()
}

/// Spread over the index, as real ones are.
pub fn credential_id(number: u32) -> Vec<u8> {
    Sha256::digest(number.to_be_bytes()).to_vec()
}

pub fn openid(number: u32) -> String {
    format!("user-{number}")
}

/// The body of `verify_signature`.
pub fn result(number: u32, challenge: &str) -> Value {
    let client_data = ClientData {
        kind: client_data::GET.into(),
        challenge: base64url::encode(challenge.as_bytes()),
        origin: "http://localhost:8000".into(),
        ..ClientData::default()
    };
    let response = credential(number).get_uncounted(&Request::new("localhost", &client_data));
    let result = ResultJson::new(challenge, 0, b"", &response);
    json!({
        "openid": openid(number), "json_string": serde_json::to_string(&result).unwrap(),
        "json_signature": base64::encode(&response.signature),
    })
}
