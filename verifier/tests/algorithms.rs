//! Every algorithm, from a registration whose key signs for itself to an assertion; and keys of which nothing could ever hold.
#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used)]

mod common;
mod signers;

use common::certificate::Template;
use common::*;
use signers::Signer;
use wx_soter_verifier::assertion::AuthenticationResponse;
use wx_soter_verifier::attestation::Attestation;
use wx_soter_verifier::policy::DEFAULT_ALGORITHMS;
use wx_soter_verifier::registration::Registration;
use wx_soter_verifier::signature::Algorithm;
use wx_soter_verifier::{CredentialRecord, Error, Policy};
use wx_soter_webauthn::PublicKey;

fn every_algorithm() -> Policy {
    Policy { algorithms: Algorithm::ALL.to_vec(), ..policy() }
}

/// What ring does not have.
fn is_missing(algorithm: Algorithm) -> bool {
    cfg!(not(feature = "aws-lc-rs")) && algorithm == Algorithm::Es512
}

fn registering(key: &PublicKey) -> Registering {
    Registering { format: "packed", public_key: key.to_cose(), ..Default::default() }
}

fn register_itself(signer: &Signer, policy: &Policy) -> Result<Registration, Error> {
    let registering = registering(&signer.key);
    let signature = (signer.sign)(&registering.signed());
    let algorithm = signer.algorithm().to_cose().into();
    register(&registering.with_statement(&packed(algorithm, &signature, &[])), policy)
}

#[test]
fn a_key_of_each_registers_and_signs() {
    let signers = signers::all();
    assert_eq!(signers.len(), Algorithm::ALL.len());
    for signer in signers {
        let algorithm = signer.algorithm();
        if is_missing(algorithm) {
            assert_eq!(
                register_itself(&signer, &every_algorithm()).map(|_| ()),
                Err(Error::PublicKeyUnusable)
            );
            continue;
        }
        let registration = register_itself(&signer, &every_algorithm()).unwrap();
        assert_eq!(registration.attestation, Attestation::SelfAttestation, "{algorithm:?}");
        let record = CredentialRecord { public_key: signer.key.to_cose(), ..record() };
        assert_eq!(registration.record.public_key, record.public_key);
        let mut response = Asserting::default().response();
        let signed = signed_bytes(&response.authenticator_data, &response.client_data_json);
        response.signature = (signer.sign)(&signed);
        assert!(authenticate(&response, &record, &policy()).is_ok(), "{algorithm:?}");
        for at in 0..response.signature.len() {
            let mut bad = response.clone();
            bad.signature[at] ^= 1;
            assert_eq!(authenticate(&bad, &record, &policy()).map(|_| ()), Err(Error::SignatureInvalid));
        }
    }
}

#[test]
fn a_signature_is_none_of_another_algorithm() {
    let signers = signers::rsa();
    let response = Asserting::default().response();
    let message = signed_bytes(&response.authenticator_data, &response.client_data_json);
    for signer in &signers {
        for other in &signers {
            let signature = (signer.sign)(&message);
            let response = AuthenticationResponse { signature, ..response.clone() };
            let record = CredentialRecord { public_key: other.key.to_cose(), ..record() };
            let holds = authenticate(&response, &record, &policy()).is_ok();
            assert_eq!(holds, signer.algorithm() == other.algorithm());
        }
    }
}

#[test]
fn a_server_asks_for_three_unless_it_says_others() {
    for signer in signers::all() {
        let refused = register_itself(&signer, &policy()).err();
        let is_default = DEFAULT_ALGORITHMS.contains(&signer.algorithm());
        assert_eq!(refused, (!is_default).then_some(Error::AlgorithmNotAllowed), "{:?}", signer.algorithm());
    }
}

/// A certificate's key may be of any algorithm, whichever the credential's are.
#[test]
fn a_certificate_of_each_attests() {
    for signer in signers::all() {
        let certificate = Template::packed(&signer.key).issued();
        let registering = registering(&credential().public_key());
        let signature = (signer.sign)(&registering.signed());
        let verified = |algorithm: i64, signature: &[u8]| {
            let statement = packed(algorithm, signature, &[&certificate]);
            register(&registering.with_statement(&statement), &policy()).map(|found| found.attestation)
        };
        let algorithm = signer.algorithm();
        let found = verified(algorithm.to_cose().into(), &signature);
        if is_missing(algorithm) {
            assert_eq!(found, Err(Error::AttestationSignatureInvalid));
            continue;
        }
        assert!(matches!(found, Ok(Attestation::Uncertain { .. })), "{algorithm:?} {found:?}");
        for other in Algorithm::ALL.iter().filter(|other| **other != algorithm) {
            let expected = if algorithm.is_rsa() && other.is_rsa() {
                Error::AttestationSignatureInvalid
            } else {
                Error::AttestationAlgorithmMismatch
            };
            assert_eq!(
                verified(other.to_cose().into(), &signature),
                Err(expected),
                "{algorithm:?} {other:?}"
            );
        }
        // RS1.
        assert_eq!(verified(-65535, &signature), Err(Error::AttestationAlgorithmMismatch));
    }
}

#[test]
fn a_key_of_which_nothing_could_hold_is_refused() {
    let unusable = |key: PublicKey| {
        let registering = Registering { public_key: key.to_cose(), ..Default::default() };
        registering.verify(&every_algorithm()).map(|_| ()) == Err(Error::PublicKeyUnusable)
    };
    assert_eq!(Error::PublicKeyUnusable.registration_step(), Some("20"));
    let PublicKey::Es256 { x, y } = credential().public_key() else { panic!("not ES256") };
    let another = |mut y: [u8; 32]| {
        y[31] ^= 1;
        y
    };
    assert!(!unusable(PublicKey::Es256 { x, y }));
    assert!(unusable(PublicKey::Es256 { x, y: another(y) }));
    assert!(unusable(PublicKey::Es256 { x: [0; 32], y: [0; 32] }));
    assert!(unusable(PublicKey::Es256 { x: [0xff; 32], y }));
    let PublicKey::Es384 { x, mut y } = signers::es384().key else { panic!("not ES384") };
    assert!(!unusable(PublicKey::Es384 { x, y }));
    y[47] ^= 1;
    assert!(unusable(PublicKey::Es384 { x, y }));
    let PublicKey::Es512 { x, mut y } = signers::es512().key else { panic!("not ES512") };
    y[65] ^= 1;
    assert!(unusable(PublicKey::Es512 { x, y }));
    for &algorithm in Algorithm::ALL.iter().filter(|algorithm| algorithm.is_rsa()) {
        let rsa = |size: usize, last: u8, e: &[u8]| {
            let n = [vec![0xc5; size - 1], vec![last]].concat();
            PublicKey::rsa(algorithm, &n, e).unwrap()
        };
        assert!(!unusable(rsa(256, 1, &[1, 0, 1])));
        assert!(unusable(rsa(128, 1, &[1, 0, 1])));
        assert!(unusable(rsa(256, 2, &[1, 0, 1])));
        assert!(unusable(rsa(256, 1, &[1])));
        assert!(unusable(rsa(256, 1, &[1, 0, 0])));
    }
}
