//! A relying party, and an authenticator whose every byte a test may change.
#![allow(dead_code, missing_docs, unused_imports, unused_macros)]

pub mod certificate;

use pollster::block_on;
use wx_soter_authenticator::Credential;
use wx_soter_verifier::assertion::{self, Assertion, AuthenticationResponse};
use wx_soter_verifier::native::Native;
use wx_soter_verifier::policy::Iframes;
use wx_soter_verifier::registration::{self, Registration, RegistrationResponse};
use wx_soter_verifier::signature::Signed;
use wx_soter_verifier::{CredentialRecord, Error, Policy, SignatureVerifier, User};
use wx_soter_webauthn::cbor::{self, Value};
use wx_soter_webauthn::{AttestationObject, AttestedCredentialData, AuthenticatorData, Flags, PublicKey};

pub use wx_soter_authenticator::signed_bytes;
pub use wx_soter_webauthn::base64::encode as base64;
pub use wx_soter_webauthn::base64url::encode as base64url;

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

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}

pub const SECRET: [u8; 32] = [3; 32];

pub fn credential() -> Credential {
    Credential::new(SECRET, CREDENTIAL_ID.to_vec()).unwrap()
}

pub fn sign(message: &[u8]) -> Vec<u8> {
    credential().sign(message)
}

/// The credential's key, said to be of that algorithm.
pub fn es256_cose(algorithm: i64) -> Vec<u8> {
    const ALG: i64 = 3;
    let key = credential().public_key().to_cose();
    let mut members = cbor::read(&key).unwrap().as_map().unwrap().to_vec();
    for (name, value) in &mut members {
        if name.as_integer() == Some(ALG) {
            *value = Value::Integer(algorithm);
        }
    }
    cbor::write(&Value::Map(members))
}

pub fn client_data(kind: &str, challenge: &[u8], origin: &str, more: &str) -> Vec<u8> {
    let challenge = base64url(challenge);
    format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}"{more}}}"#).into_bytes()
}

/// Authenticator data that end in `rest`, whatever the flags say.
pub fn authenticator_data(rp_id: &str, flags: u8, sign_count: u32, rest: &[u8]) -> Vec<u8> {
    let data = AuthenticatorData {
        rp_id_hash: &sha256(rp_id.as_bytes()),
        flags: Flags(flags),
        sign_count,
        attested_credential_data: None,
        extensions: rest,
    };
    data.to_bytes()
}

pub fn attestation_object(format: &str, statement: &Value<'_>, authenticator_data: &[u8]) -> Vec<u8> {
    AttestationObject { format, statement: statement.clone(), authenticator_data }.to_bytes()
}

pub const EMPTY: Value<'static> = Value::Map(Vec::new());

pub fn map<'a>(members: &[(&'a str, Value<'a>)]) -> Value<'a> {
    Value::Map(members.iter().map(|(name, value)| (Value::Text(name), value.clone())).collect())
}

pub fn x5c<'a>(certificates: &[&'a [u8]]) -> Value<'a> {
    Value::Array(certificates.iter().map(|certificate| Value::Bytes(certificate)).collect())
}

/// A statement of the format `packed`, without `x5c` where there are no certificates.
pub fn packed<'a>(algorithm: i64, signature: &'a [u8], certificates: &[&'a [u8]]) -> Value<'a> {
    let members =
        [("alg", Value::Integer(algorithm)), ("sig", Value::Bytes(signature)), ("x5c", x5c(certificates))];
    map(if certificates.is_empty() { &members[..2] } else { &members })
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
        let credential = AttestedCredentialData {
            aaguid: &AAGUID,
            credential_id: &self.credential_id,
            public_key: &self.public_key,
        };
        let data = AuthenticatorData {
            rp_id_hash: &sha256(self.rp_id.as_bytes()),
            flags: Flags(self.flags),
            sign_count: 0,
            attested_credential_data: Some(credential),
            extensions: &self.extensions,
        };
        data.to_bytes()
    }

    pub fn signed(&self) -> Vec<u8> {
        signed_bytes(&self.authenticator_data(), &self.client_data())
    }

    pub fn response(&self) -> RegistrationResponse {
        self.with_statement(&EMPTY)
    }

    pub fn with_statement(&self, statement: &Value<'_>) -> RegistrationResponse {
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
        signature: sign(&signed_bytes(&authenticator_data, &client_data_json)),
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
    async fn can_use(&self, _: &PublicKey) -> bool {
        true
    }

    async fn holds(&self, _: Signed<'_>) -> bool {
        true
    }
}
