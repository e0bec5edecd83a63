//! Credentials: a key, and what is made with it.

use crate::request::{Attestation, Request, signed_bytes};
use alloc::vec::Vec;
use core::fmt;
use ecdsa::hazmat::sign_prehashed_rfc6979;
use p256::elliptic_curve::point::AffineCoordinates as _;
use p256::{NistP256, SecretKey};
use sha2::{Digest as _, Sha256};
use wx_soter_webauthn::cbor::Value;
use wx_soter_webauthn::response::{AssertionResponse, AttestationResponse};
use wx_soter_webauthn::{
    AttestationObject, AttestedCredentialData, AuthenticatorData, Flags, PublicKey, ecdsa_signature,
};

/// A credential id may have this many bytes (§6.5.1).
pub const MAX_ID_SIZE: usize = 1023;

/// A credential with its private key.
#[derive(Clone)]
pub struct Credential {
    id: Vec<u8>,
    secret: SecretKey,
    /// The signature counter (§6.1.1).
    pub sign_count: u32,
}

impl Credential {
    /// Makes a credential out of random bytes; `None` for the few of which there is no key, and for an id that is longer
    /// than [`MAX_ID_SIZE`].
    #[must_use]
    pub fn new(secret: [u8; 32], id: Vec<u8>) -> Option<Self> {
        let secret = SecretKey::from_slice(&secret).ok()?;
        (id.len() <= MAX_ID_SIZE).then_some(Self { id, secret, sign_count: 0 })
    }

    /// The credential id.
    #[must_use]
    pub fn id(&self) -> &[u8] {
        &self.id
    }

    /// The private key, to be kept.
    #[must_use]
    pub fn secret(&self) -> [u8; 32] {
        self.secret.to_bytes().into()
    }

    /// The public key.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        let point = self.secret.public_key();
        PublicKey::Es256 { x: point.as_affine().x().into(), y: point.as_affine().y().into() }
    }

    /// Signs with ES256 (RFC 6979). DER, as WebAuthn has it (§6.5.5).
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let secret = self.secret.to_nonzero_scalar();
        let hash = Sha256::digest(message);
        let (signature, _) = sign_prehashed_rfc6979::<NistP256, Sha256>(&secret, &hash, &[]);
        let mut raw = [0; 64];
        let numbers = signature.to_bytes();
        raw.iter_mut().zip(numbers).for_each(|(place, byte)| *place = byte);
        ecdsa_signature::to_der(&raw)
    }

    /// The answer to the request that made this credential (§6.3.2).
    #[must_use]
    pub fn create(&self, request: &Request<'_>) -> AttestationResponse {
        let public_key = self.public_key().to_cose();
        let credential = AttestedCredentialData {
            aaguid: &request.aaguid,
            credential_id: &self.id,
            public_key: &public_key,
        };
        let data = self.authenticator_data(request, Some(credential));
        AttestationResponse {
            id: self.id.clone(),
            client_data_json: request.client_data_json.clone(),
            attestation_object: self.attestation_object(request, &data),
            transports: Vec::from(["internal".into()]),
            authenticator_attachment: Some("platform".into()),
        }
    }

    /// Counts, and signs a request (§6.3.3).
    #[must_use]
    pub fn get(&mut self, request: &Request<'_>) -> AssertionResponse {
        self.sign_count = self.sign_count.saturating_add(1);
        self.get_uncounted(request)
    }

    /// Signs a request with the signature counter as it stands: for authenticators that keep none.
    #[must_use]
    pub fn get_uncounted(&self, request: &Request<'_>) -> AssertionResponse {
        let authenticator_data = self.authenticator_data(request, None);
        let signature = self.sign(&signed_bytes(&authenticator_data, &request.client_data_json));
        AssertionResponse {
            id: self.id.clone(),
            client_data_json: request.client_data_json.clone(),
            authenticator_data,
            signature,
            user_handle: None,
        }
    }

    fn authenticator_data(
        &self,
        request: &Request<'_>,
        credential: Option<AttestedCredentialData<'_>>,
    ) -> Vec<u8> {
        let mut flags = request.flags;
        if credential.is_some() {
            flags = flags | Flags::ATTESTED;
        }
        if !request.extensions.is_empty() {
            flags = flags | Flags::EXTENSIONS;
        }
        let data = AuthenticatorData {
            rp_id_hash: &Sha256::digest(request.rp_id).into(),
            flags,
            sign_count: self.sign_count,
            attested_credential_data: credential,
            extensions: request.extensions,
        };
        data.to_bytes()
    }

    fn attestation_object(&self, request: &Request<'_>, authenticator_data: &[u8]) -> Vec<u8> {
        if request.attestation == Attestation::None {
            return AttestationObject::none(authenticator_data).to_bytes();
        }
        let algorithm = self.public_key().algorithm().to_cose();
        let signature = self.sign(&signed_bytes(authenticator_data, &request.client_data_json));
        let statement = Value::Map(Vec::from([
            (Value::Text("alg"), Value::Integer(algorithm.into())),
            (Value::Text("sig"), Value::Bytes(&signature)),
        ]));
        AttestationObject { format: "packed", statement, authenticator_data }.to_bytes()
    }
}

/// Without the private key.
impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, secret: _, sign_count } = self;
        formatter
            .debug_struct("Credential")
            .field("id", id)
            .field("sign_count", sign_count)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Credential, MAX_ID_SIZE};
    use crate::request::{AAGUID, Attestation, Request, signed_bytes};
    use crate::verify::verify;
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;
    use wx_soter_webauthn::cbor::Value;
    use wx_soter_webauthn::{
        AttestationObject, AuthenticatorData, ClientData, Flags, PublicKey, base64url, client_data,
    };

    fn request(challenge: &[u8]) -> Request<'static> {
        let client_data = ClientData {
            kind: client_data::GET.into(),
            challenge: base64url::encode(challenge),
            origin: "https://example.org".into(),
            ..ClientData::default()
        };
        Request::new("example.org", &client_data)
    }

    fn credential() -> Credential {
        Credential::new([3; 32], b"id".to_vec()).unwrap()
    }

    #[test]
    fn a_registration_has_the_key_that_signs_afterwards() {
        let mut credential = credential();
        let response = credential.create(&request(b"a"));
        let object = AttestationObject::parse(&response.attestation_object).unwrap();
        assert_eq!(object, AttestationObject::none(object.authenticator_data));
        let data = AuthenticatorData::parse(object.authenticator_data).unwrap();
        assert_eq!(data.flags, Flags(0x45));
        let attested = data.new_credential().unwrap();
        assert_eq!((attested.aaguid, attested.credential_id), (&AAGUID, &b"id"[..]));
        let key = PublicKey::from_cose(attested.public_key).unwrap();
        assert_eq!(key, credential.public_key());
        for count in 1..4 {
            let response = credential.get(&request(b"b"));
            let data = AuthenticatorData::parse(&response.authenticator_data).unwrap();
            assert_eq!((data.flags, data.sign_count), (Flags(5), count));
            let message = signed_bytes(&response.authenticator_data, &response.client_data_json);
            assert!(verify(&key, &message, &response.signature));
        }
        assert_eq!(credential.get_uncounted(&request(b"b")), credential.get_uncounted(&request(b"b")));
        assert_ne!(credential.get_uncounted(&request(b"b")), credential.get_uncounted(&request(b"c")));
    }

    #[test]
    fn self_attestation_is_signed_by_the_new_key() {
        let request = Request { attestation: Attestation::PackedSelf, ..request(b"a") };
        let response = credential().create(&request);
        let object = AttestationObject::parse(&response.attestation_object).unwrap();
        assert_eq!(object.format, "packed");
        assert_eq!(object.statement.get("alg").and_then(Value::as_integer), Some(-7));
        let signature = object.statement.get("sig").and_then(Value::as_bytes).unwrap();
        let message = signed_bytes(object.authenticator_data, &response.client_data_json);
        assert!(verify(&credential().public_key(), &message, signature));
    }

    #[test]
    fn flags_and_extensions_are_what_is_asked_for() {
        let request = Request { flags: Flags::USER_PRESENT, extensions: b"\xa1\x61e\xf5", ..request(b"a") };
        let response = credential().get(&request);
        let data = AuthenticatorData::parse(&response.authenticator_data).unwrap();
        assert_eq!((data.flags, data.extension_identifiers()), (Flags(0x81), vec!["e"]));
    }

    #[test]
    fn a_kept_credential_comes_back() {
        let mut kept = credential();
        let _ = kept.get(&request(b"a"));
        let mut back = Credential::new(kept.secret(), kept.id().to_vec()).unwrap();
        back.sign_count = kept.sign_count;
        assert_eq!(back.get(&request(b"b")), kept.get(&request(b"b")));
    }

    #[test]
    fn what_is_no_credential_is_refused() {
        assert!(Credential::new([0; 32], Vec::new()).is_none());
        assert!(Credential::new([0xff; 32], Vec::new()).is_none());
        assert!(Credential::new([3; 32], vec![0; MAX_ID_SIZE]).is_some());
        assert!(Credential::new([3; 32], vec![0; MAX_ID_SIZE + 1]).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn every_message_is_signed(secret: [u8; 32], message: Vec<u8>) {
            if let Some(credential) = Credential::new(secret, Vec::new()) {
                let signature = credential.sign(&message);
                prop_assert!(verify(&credential.public_key(), &message, &signature));
                prop_assert!(!verify(&credential.public_key(), &[&message[..], &[0]].concat(), &signature));
            }
        }
    }
}
