//! The device of every key: one key pair, many credential ids, no counter.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use minicbor::Encoder;
use p256::ecdsa::SigningKey;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};

pub struct Device {
    key: EcdsaKeyPair,
    random: SystemRandom,
}

fn key() -> SigningKey {
    SigningKey::from_slice(&[3; 32]).unwrap()
}

/// The COSE key.
pub fn public_key() -> Vec<u8> {
    let point = key().verifying_key().to_sec1_point(false);
    let mut encoder = Encoder::new(Vec::new());
    encoder.map(5).unwrap().i8(1).unwrap().i8(2).unwrap().i8(3).unwrap().i8(-7).unwrap();
    encoder.i8(-1).unwrap().i8(1).unwrap().i8(-2).unwrap().bytes(point.x().unwrap()).unwrap();
    encoder.i8(-3).unwrap().bytes(point.y().unwrap()).unwrap();
    encoder.into_writer()
}

/// Spread over the index, as real ones are.
pub fn credential_id(number: u32) -> Vec<u8> {
    digest(&SHA256, &number.to_be_bytes()).as_ref().to_vec()
}

pub fn openid(number: u32) -> String {
    format!("user-{number}")
}

impl Device {
    pub fn new() -> Self {
        let random = SystemRandom::new();
        let point = key().verifying_key().to_sec1_point(false);
        let key = EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_ASN1_SIGNING,
            &[3; 32],
            point.as_bytes(),
            &random,
        );
        Self { key: key.unwrap(), random }
    }

    /// The body of `verify_signature`.
    pub fn result(&self, number: u32, challenge: &str) -> Value {
        let url = Base64UrlUnpadded::encode_string;
        let challenge_bytes = url(challenge.as_bytes());
        let client_data = format!(
            r#"{{"type":"webauthn.get","challenge":"{challenge_bytes}","origin":"http://localhost:8000","crossOrigin":false}}"#
        );
        let rp_id = digest(&SHA256, b"localhost");
        let data = [rp_id.as_ref(), &[5, 0, 0, 0, 0]].concat();
        let message = [&data[..], digest(&SHA256, client_data.as_bytes()).as_ref()].concat();
        let signature = self.key.sign(&self.random, &message).unwrap();
        let id = url(&credential_id(number));
        let json = json!({
            "raw": challenge, "counter": 0, "uid": "", "cpu_id": id,
            "webauthn": { "id": id, "clientDataJSON": url(client_data.as_bytes()), "authenticatorData": url(&data) },
        });
        json!({
            "openid": openid(number), "json_string": json.to_string(),
            "json_signature": Base64::encode_string(signature.as_ref()),
        })
    }
}
