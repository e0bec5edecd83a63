//! The device of every key: one key pair, many credential ids, no counter.

use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use wx_soter_authenticator::{Credential, Request, signed_bytes};
use wx_soter_webauthn::json::RegistrationResponseJson;
use wx_soter_webauthn::response::AssertionResponse;
use wx_soter_webauthn::result_json::ResultJson;
use wx_soter_webauthn::{AuthenticatorData, ClientData, Flags, PublicKey, base64, base64url, client_data};

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

fn client_data(kind: &str, challenge: &str) -> ClientData {
    ClientData {
        kind: kind.into(),
        challenge: base64url::encode(challenge.as_bytes()),
        origin: "http://localhost:8000".into(),
        ..ClientData::default()
    }
}

/// The body of `register_key`.
pub fn registration(number: u32, challenge: &str) -> Value {
    let client_data = client_data(client_data::CREATE, challenge);
    let response = credential(number).create(&Request::new("localhost", &client_data));
    let registration = RegistrationResponseJson::try_from(response).unwrap();
    json!({ "openid": openid(number), "registration": registration })
}

/// Signs in a tenth of the software authenticator's time: the load must not be what is measured.
static KEY: LazyLock<EcdsaKeyPair> = LazyLock::new(|| {
    let PublicKey::Es256 { x, y } = credential(0).public_key() else {
        unreachable!("the authenticator has no others")
    };
    let public_key = [&[4][..], &x, &y].concat();
    let random = SystemRandom::new();
    EcdsaKeyPair::from_private_key_and_public_key(
        &ECDSA_P256_SHA256_ASN1_SIGNING,
        &SECRET,
        &public_key,
        &random,
    )
    .unwrap()
});

/// The body of `verify_signature`.
pub fn result(number: u32, challenge: &str) -> Value {
    let client_data_json = client_data(client_data::GET, challenge).to_json().into_bytes();
    let authenticator_data = AuthenticatorData {
        rp_id_hash: &Sha256::digest("localhost").into(),
        flags: Flags::USER_PRESENT | Flags::USER_VERIFIED,
        sign_count: 0,
        attested_credential_data: None,
        extensions: &[],
    };
    let authenticator_data = authenticator_data.to_bytes();
    let signature =
        KEY.sign(&SystemRandom::new(), &signed_bytes(&authenticator_data, &client_data_json)).unwrap();
    let response = AssertionResponse {
        id: credential_id(number),
        client_data_json,
        authenticator_data,
        signature: signature.as_ref().to_vec(),
        user_handle: None,
    };
    let result = ResultJson::new(challenge, 0, b"", &response);
    json!({
        "openid": openid(number), "json_string": serde_json::to_string(&result).unwrap(),
        "json_signature": base64::encode(&response.signature),
    })
}
