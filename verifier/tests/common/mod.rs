//! A relying party and an authenticator in software, whose every byte a test may change.
#![allow(dead_code, missing_docs, unused_macros)]

use minicbor::Encoder;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use pollster::block_on;
use wx_soter_verifier::assertion::{self, Assertion, AuthenticationResponse};
use wx_soter_verifier::native::Native;
use wx_soter_verifier::policy::Iframes;
use wx_soter_verifier::registration::{self, Registration, RegistrationResponse};
use wx_soter_verifier::signature::Signed;
use wx_soter_verifier::{CredentialRecord, Error, Policy, SignatureVerifier, User};

pub const CHALLENGE: &[u8] = b"a challenge of some bytes";
pub const ORIGIN: &str = "https://example.org";
pub const TOP_ORIGIN: &str = "https://example.com";
pub const CREDENTIAL_ID: &[u8] = b"credential";
pub const USER: &[u8] = b"user";
pub const AAGUID: [u8; 16] = [7; 16];

pub fn policy() -> Policy {
    Policy::new("example.org", [ORIGIN])
}

pub fn in_iframes() -> Policy {
    Policy { iframes: Iframes::Within(vec![TOP_ORIGIN.into()]), ..policy() }
}

pub fn base64url(bytes: &[u8]) -> String {
    use base64ct::Encoding;
    base64ct::Base64UrlUnpadded::encode_string(bytes)
}

pub fn base64(bytes: &[u8]) -> String {
    use base64ct::Encoding;
    base64ct::Base64::encode_string(bytes)
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}

pub fn key() -> SigningKey {
    SigningKey::from_slice(&[3; 32]).unwrap()
}

pub fn sign(message: &[u8]) -> Vec<u8> {
    let signature: DerSignature = key().sign(message);
    signature.as_bytes().to_vec()
}

pub fn es256_cose(algorithm: i64) -> Vec<u8> {
    let point = key().verifying_key().to_sec1_point(false);
    let mut encoder = Encoder::new(Vec::new());
    encoder.map(5).unwrap().i8(1).unwrap().i8(2).unwrap().i8(3).unwrap().i64(algorithm).unwrap();
    encoder.i8(-1).unwrap().i8(1).unwrap().i8(-2).unwrap().bytes(point.x().unwrap()).unwrap();
    encoder.i8(-3).unwrap().bytes(point.y().unwrap()).unwrap();
    encoder.into_writer()
}

pub fn client_data(kind: &str, challenge: &[u8], origin: &str, more: &str) -> Vec<u8> {
    let challenge = base64url(challenge);
    format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}"{more}}}"#).into_bytes()
}

pub fn authenticator_data(rp_id: &str, flags: u8, sign_count: u32, rest: &[u8]) -> Vec<u8> {
    [&sha256(rp_id.as_bytes())[..], &[flags], &sign_count.to_be_bytes(), rest].concat()
}

/// The statement's encoder: writes the value of `attStmt`.
pub type Statement<'a> = &'a dyn Fn(&mut Encoder<Vec<u8>>);

pub fn empty(encoder: &mut Encoder<Vec<u8>>) {
    encoder.map(0).unwrap();
}

pub fn attestation_object(format: &str, statement: Statement<'_>, authenticator_data: &[u8]) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    encoder.map(3).unwrap().str("fmt").unwrap().str(format).unwrap().str("attStmt").unwrap();
    statement(&mut encoder);
    encoder.str("authData").unwrap().bytes(authenticator_data).unwrap();
    encoder.into_writer()
}

pub fn packed<'a>(
    algorithm: i64,
    signature: &'a [u8],
    x5c: &'a [&'a [u8]],
) -> impl Fn(&mut Encoder<Vec<u8>>) + 'a {
    move |encoder| {
        encoder.map(if x5c.is_empty() { 2 } else { 3 }).unwrap();
        encoder.str("alg").unwrap().i64(algorithm).unwrap().str("sig").unwrap().bytes(signature).unwrap();
        if !x5c.is_empty() {
            encoder.str("x5c").unwrap().array(x5c.len() as u64).unwrap();
            for certificate in x5c {
                encoder.bytes(certificate).unwrap();
            }
        }
    }
}

/// A good registration, to be spoiled.
pub struct Registering {
    pub kind: &'static str,
    pub challenge: Vec<u8>,
    pub origin: &'static str,
    pub more: &'static str,
    pub rp_id: &'static str,
    pub flags: u8,
    pub credential_id: Vec<u8>,
    pub public_key: Vec<u8>,
    pub extensions: Vec<u8>,
    pub format: &'static str,
}

impl Default for Registering {
    fn default() -> Self {
        Self {
            kind: "webauthn.create",
            challenge: CHALLENGE.to_vec(),
            origin: ORIGIN,
            more: "",
            rp_id: "example.org",
            flags: 0x45,
            credential_id: CREDENTIAL_ID.to_vec(),
            public_key: es256_cose(-7),
            extensions: Vec::new(),
            format: "none",
        }
    }
}

impl Registering {
    pub fn client_data(&self) -> Vec<u8> {
        client_data(self.kind, &self.challenge, self.origin, self.more)
    }

    pub fn authenticator_data(&self) -> Vec<u8> {
        let length = u16::try_from(self.credential_id.len()).unwrap().to_be_bytes();
        let rest = [&AAGUID[..], &length, &self.credential_id, &self.public_key, &self.extensions].concat();
        authenticator_data(self.rp_id, self.flags, 0, &rest)
    }

    pub fn signed(&self) -> Vec<u8> {
        [self.authenticator_data(), sha256(&self.client_data()).to_vec()].concat()
    }

    pub fn response(&self) -> RegistrationResponse {
        self.with_statement(&empty)
    }

    pub fn with_statement(&self, statement: Statement<'_>) -> RegistrationResponse {
        RegistrationResponse {
            id: self.credential_id.clone(),
            client_data_json: self.client_data(),
            attestation_object: attestation_object(self.format, statement, &self.authenticator_data()),
            transports: vec!["internal".into()],
            client_extensions: Vec::new(),
        }
    }

    pub fn verify(&self, policy: &Policy) -> Result<Registration, Error> {
        register(&self.response(), policy)
    }
}

pub const REGISTRATION: registration::Expected<'static> =
    registration::Expected { challenge: CHALLENGE, is_conditional: false, is_registered: false };

pub fn register(response: &RegistrationResponse, policy: &Policy) -> Result<Registration, Error> {
    block_on(registration::verify(response, &REGISTRATION, policy, &Native))
}

pub fn record() -> CredentialRecord {
    CredentialRecord {
        id: CREDENTIAL_ID.to_vec(),
        public_key: es256_cose(-7),
        sign_count: 4,
        uv_initialized: true,
        transports: vec!["internal".into()],
        backup_eligible: false,
        backup_state: false,
    }
}

/// A good assertion, to be spoiled. It is signed after that.
pub struct Asserting {
    pub kind: &'static str,
    pub challenge: Vec<u8>,
    pub origin: &'static str,
    pub more: &'static str,
    pub rp_id: &'static str,
    pub flags: u8,
    pub sign_count: u32,
    pub rest: Vec<u8>,
}

impl Default for Asserting {
    fn default() -> Self {
        Self {
            kind: "webauthn.get",
            challenge: CHALLENGE.to_vec(),
            origin: ORIGIN,
            more: "",
            rp_id: "example.org",
            flags: 0x05,
            sign_count: 5,
            rest: Vec::new(),
        }
    }
}

impl Asserting {
    pub fn response(&self) -> AuthenticationResponse {
        let client_data = client_data(self.kind, &self.challenge, self.origin, self.more);
        signed(client_data, authenticator_data(self.rp_id, self.flags, self.sign_count, &self.rest))
    }

    pub fn verify(&self, policy: &Policy) -> Result<Assertion, Error> {
        authenticate(&self.response(), &record(), policy)
    }
}

pub fn signed(client_data_json: Vec<u8>, authenticator_data: Vec<u8>) -> AuthenticationResponse {
    AuthenticationResponse {
        id: CREDENTIAL_ID.to_vec(),
        signature: sign(&[&authenticator_data[..], &sha256(&client_data_json)].concat()),
        client_data_json,
        authenticator_data,
        user_handle: Some(USER.to_vec()),
        client_extensions: Vec::new(),
    }
}

pub const ASSERTION: assertion::Expected<'static> =
    assertion::Expected { challenge: CHALLENGE, user: User::Identified(Some(USER)), allowed: &[] };

pub fn authenticate(
    response: &AuthenticationResponse,
    record: &CredentialRecord,
    policy: &Policy,
) -> Result<Assertion, Error> {
    block_on(assertion::verify(response, record, &ASSERTION, policy, &Native))
}

/// Believes every signature: for steps that come after one which cannot be made.
pub struct Credulous;

impl SignatureVerifier for Credulous {
    async fn holds(&self, _: Signed<'_>) -> bool {
        true
    }
}
