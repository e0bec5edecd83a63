//! The test vectors of WebAuthn Level 3, §16, for tests. They were made for `example.org` at `https://example.org`.
#![allow(clippy::expect_used, reason = "the files are part of the source")]

use crate::algorithm::Algorithm;
use crate::json_text;
use crate::response::{AssertionResponse, AttestationResponse};
use alloc::string::String;
use alloc::vec::Vec;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// Those with attestation none or packed, of ES256 and RS256.
const CLIENT: &str = include_str!("../vectors/webauthn-level-3.json");
/// The others.
const SERVER: &str = include_str!("../vectors/webauthn-level-3-server.json");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    vectors: Vec<Vector>,
    #[serde(default, deserialize_with = "hex")]
    attestation_root_certificate: Vec<u8>,
}

/// One credential of the specification, with its registration and one assertion.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Vector {
    /// The specification's name for it.
    pub name: String,
    /// The COSE algorithm of the credential.
    #[serde(rename = "algorithm")]
    pub cose_algorithm: i64,
    /// The credential id.
    #[serde(deserialize_with = "hex")]
    pub credential_id: Vec<u8>,
    /// The public key as `SubjectPublicKeyInfo`, where the file has it.
    #[serde(default, deserialize_with = "some_hex")]
    pub public_key: Option<Vec<u8>>,
    /// The registration.
    pub registration: Registration,
    /// The assertion.
    pub assertion: Assertion,
}

/// A registration.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Registration {
    /// The challenge that was sent.
    #[serde(deserialize_with = "hex")]
    pub challenge: Vec<u8>,
    /// `clientDataJSON`
    #[serde(rename = "clientDataJSON", deserialize_with = "hex")]
    pub client_data_json: Vec<u8>,
    /// The authenticator data, which the attestation object has too.
    #[serde(deserialize_with = "hex")]
    pub authenticator_data: Vec<u8>,
    /// `attestationObject`
    #[serde(deserialize_with = "hex")]
    pub attestation_object: Vec<u8>,
}

/// An assertion.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assertion {
    /// The challenge that was sent.
    #[serde(deserialize_with = "hex")]
    pub challenge: Vec<u8>,
    /// `clientDataJSON`
    #[serde(rename = "clientDataJSON", deserialize_with = "hex")]
    pub client_data_json: Vec<u8>,
    /// `authenticatorData`
    #[serde(deserialize_with = "hex")]
    pub authenticator_data: Vec<u8>,
    /// `signature`
    #[serde(deserialize_with = "hex")]
    pub signature: Vec<u8>,
}

/// The vectors that a browser's side can check: attestation none or packed, of ES256 and RS256.
#[must_use]
pub fn of_client() -> Vec<Vector> {
    file(CLIENT).vectors
}

/// All vectors.
#[must_use]
pub fn all() -> Vec<Vector> {
    [file(CLIENT).vectors, file(SERVER).vectors].concat()
}

/// The vector of that name.
#[must_use]
pub fn named(name: &str) -> Option<Vector> {
    all().into_iter().find(|vector| vector.name == name)
}

/// The certificate to which those with certificates lead, DER.
#[must_use]
pub fn attestation_root_certificate() -> Vec<u8> {
    file(SERVER).attestation_root_certificate
}

impl Vector {
    /// The algorithm of the credential, if it is a supported one.
    #[must_use]
    pub const fn algorithm(&self) -> Option<Algorithm> {
        Algorithm::from_cose(self.cose_algorithm)
    }

    /// The registration as `create()` answers it.
    #[must_use]
    pub fn attestation_response(&self) -> AttestationResponse {
        AttestationResponse {
            id: self.credential_id.clone(),
            client_data_json: self.registration.client_data_json.clone(),
            attestation_object: self.registration.attestation_object.clone(),
            ..AttestationResponse::default()
        }
    }

    /// The assertion as `get()` answers it.
    #[must_use]
    pub fn assertion_response(&self) -> AssertionResponse {
        AssertionResponse {
            id: self.credential_id.clone(),
            client_data_json: self.assertion.client_data_json.clone(),
            authenticator_data: self.assertion.authenticator_data.clone(),
            signature: self.assertion.signature.clone(),
            user_handle: None,
        }
    }
}

fn file(text: &str) -> File {
    json_text::object(text).expect("the file of vectors has this form")
}

fn hex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let digits = text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()));
    let digits: Option<Vec<u8>> = digits.collect();
    let digits = digits.ok_or_else(|| D::Error::custom("no hexadecimal"))?;
    let bytes = digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low);
    Ok(bytes.collect())
}

fn some_hex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<u8>>, D::Error> {
    hex(deserializer).map(Some)
}
