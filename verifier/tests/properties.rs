//! No input panics, and only what was signed is accepted.
#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used)]

mod common;

use common::*;
use pollster::block_on;
use proptest::collection::vec;
use proptest::prelude::*;
use wx_soter_verifier::assertion::{AuthenticationResponse, Expected};
use wx_soter_verifier::attestation::AttestationObject;
use wx_soter_verifier::authenticator_data::AuthenticatorData;
use wx_soter_verifier::client_data::ClientData;
use wx_soter_verifier::cose_key::PublicKey;
use wx_soter_verifier::native::Native;
use wx_soter_verifier::registration::{self, RegistrationResponse};
use wx_soter_verifier::signature::Algorithm;
use wx_soter_verifier::signature::Signed;
use wx_soter_verifier::{Error, SignatureVerifier, SoterResult, cbor, certificate_key};

/// Cuts, changes and inserts bytes.
fn damaged(good: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let edits = vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..4);
    edits.prop_map(move |edits| {
        let mut bytes = good.clone();
        for (index, byte, kind) in edits {
            let at = index.index(bytes.len() + 1);
            match kind {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, byte),
                _ => bytes.iter_mut().skip(at).take(1).for_each(|old| *old = byte),
            }
        }
        bytes
    })
}

fn packed_registration() -> RegistrationResponse {
    let good = Registering { format: "packed", ..Default::default() };
    good.with_statement(&packed(-7, &sign(&good.signed()), &[]))
}

/// JSON-like text.
fn json() -> impl Strategy<Value = String> {
    let names =
        "(id|rawId|type|response|raw|counter|uid|cpu_id|webauthn|clientDataJSON|challenge|origin|topOrigin)";
    let leaf = prop_oneof![Just("null".to_owned()), "-?[0-9]{1,20}", "\"[a-zA-Z0-9_=-]{0,8}\"", ".{0,6}"];
    leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            vec((names, inner.clone()), 0..6).prop_map(|members| {
                let members: Vec<_> =
                    members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
            vec(inner, 0..4).prop_map(|values| format!("[{}]", values.join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..300)) {
        let _ = cbor::read(&bytes);
        let _ = AuthenticatorData::parse(&bytes);
        let _ = AttestationObject::parse(&bytes);
        let _ = PublicKey::from_cose(&bytes);
        for &algorithm in Algorithm::ALL {
            let _ = certificate_key::from_spki(&bytes, algorithm);
        }
        let _ = ClientData::from_json(&bytes);
    }

    #[test]
    fn any_text_is_read_or_refused(text in prop_oneof![".*", json()], signature in prop_oneof![".*", "[A-Za-z0-9+/]{0,16}={0,2}"]) {
        let _ = RegistrationResponse::from_json(&text);
        let _ = AuthenticationResponse::from_json(&text);
        let _ = SoterResult::parse(&text, &signature);
        let _ = ClientData::from_json(text.as_bytes());
    }

    #[test]
    fn any_key_and_signature_are_checked(key in 0..3u8, x in any::<[u8; 32]>(), y in any::<[u8; 32]>(),
                                         n in vec(any::<u8>(), 0..600), e in vec(any::<u8>(), 0..9), signature in vec(any::<u8>(), 0..300)) {
        let key = match key {
            0 => PublicKey::Es256 { x, y },
            1 => PublicKey::Rsa { algorithm: Algorithm::Rs256, n, e },
            _ => PublicKey::EdDsa { x },
        };
        let signed = Signed { key: &key, message: b"message", signature: &signature };
        let holds = block_on(Native.holds(signed));
        prop_assert!(!holds);
    }

    #[test]
    fn damaged_attestation_objects_do_not_panic(object in damaged(packed_registration().attestation_object)) {
        let good = packed_registration();
        let same = object == good.attestation_object;
        let response = RegistrationResponse { attestation_object: object, ..good };
        let believed = block_on(registration::verify(&response, &REGISTRATION, &policy(), &Credulous));
        for registration in [register(&response, &policy()), believed].into_iter().flatten() {
            prop_assert_eq!(registration.record.id, CREDENTIAL_ID);
        }
        prop_assert!(!same || register(&response, &policy()).is_ok());
    }

    #[test]
    fn damaged_authenticator_data_are_refused(data in damaged(Asserting::default().response().authenticator_data)) {
        let good = Asserting::default().response();
        let same = data == good.authenticator_data;
        let response = AuthenticationResponse { authenticator_data: data, ..good };
        prop_assert_eq!(authenticate(&response, &record(), &policy()).is_ok(), same);
    }

    #[test]
    fn damaged_client_data_are_refused(data in damaged(Asserting::default().response().client_data_json)) {
        let good = Asserting::default().response();
        let same = data == good.client_data_json;
        let response = AuthenticationResponse { client_data_json: data, ..good };
        prop_assert_eq!(authenticate(&response, &record(), &policy()).is_ok(), same);
    }

    #[test]
    fn any_challenge_comes_back(challenge in ".{1,512}") {
        let response = Asserting { challenge: challenge.as_bytes().to_vec(), ..Default::default() }.response();
        let verify = |challenge: &[u8]| {
            let expected = Expected { challenge, ..ASSERTION };
            block_on(wx_soter_verifier::assertion::verify(&response, &record(), &expected, &policy(), &Native))
        };
        prop_assert!(verify(challenge.as_bytes()).is_ok());
        let another = format!("{challenge} ");
        prop_assert_eq!(verify(another.as_bytes()).map(|_| ()), Err(Error::ChallengeMismatch));
    }
}
