//! The test vectors of WebAuthn Level 3, §16.
#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used)]

use pollster::block_on;
use wx_soter_verifier::assertion::{self, AuthenticationResponse, Counter};
use wx_soter_verifier::attestation::{Attestation, AttestationObject};
use wx_soter_verifier::native::Native;
use wx_soter_verifier::policy::{Certified, Iframes, UnknownFormat, UserVerification};
use wx_soter_verifier::registration::{self, Registration};
use wx_soter_verifier::signature::Algorithm;
use wx_soter_verifier::{CredentialRecord, Error, Policy, User};
use wx_soter_webauthn::vectors::{self, Vector};

/// 2026-01-01. The vectors' certificates are valid from 2024 to 3024.
const NOW: u64 = 1_767_225_600;
/// The seconds of their notBefore and notAfter.
const FIRST: u64 = 1_704_067_200;
const LAST: u64 = 33_260_976_000;

fn vector(name: &str) -> Vector {
    vectors::named(name).unwrap()
}

fn root() -> Vec<u8> {
    vectors::attestation_root_certificate()
}

/// What the vectors need: not all are user-verified, one is in an iframe.
fn policy() -> Policy {
    let mut policy = Policy::new("example.org", ["https://example.org"]);
    policy.iframes = Iframes::Within(vec!["https://example.com".into()]);
    policy.user_verification = UserVerification::Optional;
    policy.algorithms = Algorithm::ALL.to_vec();
    policy.attestation.certified = Certified::Roots { roots: vec![root()], now: NOW };
    policy
}

fn register(vector: &Vector, policy: &Policy) -> Result<Registration, Error> {
    let expected = registration::Expected { challenge: &vector.registration.challenge, ..Default::default() };
    block_on(registration::verify(&vector.attestation_response().into(), &expected, policy, &Native))
}

fn assertion_of(vector: &Vector) -> (AuthenticationResponse, Vec<u8>) {
    (vector.assertion_response().into(), vector.assertion.challenge.clone())
}

fn authenticate(vector: &Vector, record: &CredentialRecord) -> Result<assertion::Assertion, Error> {
    let (response, challenge) = assertion_of(vector);
    let expected = assertion::Expected { challenge: &challenge, user: User::Identified(None), allowed: &[] };
    block_on(assertion::verify(&response, record, &expected, &policy(), &Native))
}

/// Those of supported algorithms and formats.
const SUPPORTED: [(&str, &str); 13] = [
    ("none-es256", "none"),
    ("packed-self-es256", "self"),
    ("none-es256-crossOrigin", "none"),
    ("none-es256-topOrigin", "none"),
    ("none-es256-long-credential-id", "none"),
    ("packed-es256", "certified"),
    ("packed-rs256", "certified"),
    ("packed-es384", "certified"),
    ("packed-eddsa", "certified"),
    ("android-key-es256", "certified"),
    ("apple-es256", "certified"),
    ("fido-u2f-es256", "certified"),
    ("tpm-es256", "certified"),
];
/// Those of other algorithms.
const OTHER_ALGORITHMS: [&str; 1] = ["packed-ed448"];
/// Those of algorithms that ring does not have.
const OF_AWS_LC: [&str; 1] = ["packed-es512"];

#[test]
fn all_vectors_are_tried() {
    assert_eq!(vectors::all().len(), SUPPORTED.len() + OTHER_ALGORITHMS.len() + OF_AWS_LC.len());
}

#[test]
fn supported_vectors_are_accepted() {
    for (name, kind) in SUPPORTED {
        let vector = vector(name);
        let registration = register(&vector, &policy()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = match registration.attestation {
            Attestation::None => "none",
            Attestation::SelfAttestation => "self",
            Attestation::Uncertain { .. } => "uncertain",
            Attestation::Certified { .. } => "certified",
        };
        assert_eq!(found, kind, "{name}");
        assert_eq!(registration.record.id, vector.credential_id);
        let assertion =
            authenticate(&vector, &registration.record).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(assertion.counter, Counter::NotKept);
    }
}

#[test]
fn other_formats_are_a_matter_of_policy() {
    let mut vector = vector("none-es256");
    let object = AttestationObject::parse(&vector.registration.attestation_object).unwrap();
    let other = AttestationObject { format: "android-safetynet", ..object };
    vector.registration.attestation_object = other.to_bytes();
    assert_eq!(register(&vector, &policy()).map(|_| ()), Err(Error::AttestationFormatUnsupported));
    let mut policy = policy();
    policy.attestation.unknown_format = UnknownFormat::AsNone;
    let registration = register(&vector, &policy).unwrap();
    assert_eq!(registration.attestation, Attestation::None);
    assert!(authenticate(&vector, &registration.record).is_ok());
}

#[test]
fn other_algorithms_are_refused() {
    for name in OTHER_ALGORITHMS {
        assert_eq!(
            register(&vector(name), &policy()).map(|_| ()),
            Err(Error::AlgorithmUnsupported),
            "{name}"
        );
    }
}

#[test]
fn es512_takes_aws_lc() {
    for name in OF_AWS_LC {
        let vector = vector(name);
        let registration = register(&vector, &policy());
        if cfg!(feature = "aws-lc-rs") {
            let registration = registration.unwrap();
            assert!(matches!(registration.attestation, Attestation::Certified { .. }));
            assert!(authenticate(&vector, &registration.record).is_ok());
        } else {
            assert_eq!(registration.map(|_| ()), Err(Error::PublicKeyUnusable));
        }
    }
}

#[test]
fn every_changed_byte_of_a_signed_part_is_noticed() {
    for (name, _) in SUPPORTED {
        let vector = vector(name);
        let record = register(&vector, &policy()).unwrap().record;
        let (good, challenge) = assertion_of(&vector);
        let expected =
            assertion::Expected { challenge: &challenge, user: User::Identified(None), allowed: &[] };
        let is_refused = |response| {
            block_on(assertion::verify(&response, &record, &expected, &policy(), &Native)).is_err()
        };
        for at in 0..good.client_data_json.len() {
            let mut bad = good.clone();
            bad.client_data_json[at] ^= 1;
            assert!(is_refused(bad), "{name}: client data, {at}");
        }
        for at in 0..good.authenticator_data.len() {
            let mut bad = good.clone();
            bad.authenticator_data[at] ^= 1;
            assert!(is_refused(bad), "{name}: authenticator data, {at}");
        }
        for at in 0..good.signature.len() {
            let mut bad = good.clone();
            bad.signature[at] ^= 1;
            assert!(is_refused(bad), "{name}: signature, {at}");
        }
    }
}

#[test]
fn certificates_must_lead_to_a_root_in_time() {
    let vector = vector("packed-es256");
    let with = |certified| {
        let mut policy = policy();
        policy.attestation.certified = certified;
        register(&vector, &policy).map(|registration| registration.attestation)
    };
    let Ok(Attestation::Uncertain { certificates }) = with(Certified::AsSelf) else {
        panic!("not uncertain");
    };
    let leaf = certificates[0].clone();
    assert!(matches!(
        with(Certified::Roots { roots: vec![root()], now: NOW }),
        Ok(Attestation::Certified { .. })
    ));
    assert!(matches!(
        with(Certified::Roots { roots: vec![leaf.clone()], now: NOW }),
        Ok(Attestation::Certified { .. })
    ));
    for trusted in [root(), leaf.clone()] {
        let at = |now| with(Certified::Roots { roots: vec![trusted.clone()], now });
        for now in [FIRST, LAST] {
            assert!(matches!(at(now), Ok(Attestation::Certified { .. })), "{now}");
        }
        for now in [0, FIRST - 1, LAST + 1, u64::MAX] {
            assert_eq!(at(now), Err(Error::AttestationUntrusted), "{now}");
        }
    }
    assert_eq!(with(Certified::Roots { roots: vec![], now: NOW }), Err(Error::AttestationUntrusted));
    let unreadable = vec![0x30, 0];
    assert_eq!(
        with(Certified::Roots { roots: vec![unreadable.clone()], now: NOW }),
        Err(Error::AttestationUntrusted)
    );
    for root in [root(), leaf] {
        for roots in [vec![unreadable.clone(), root.clone()], vec![root, unreadable.clone()]] {
            assert!(matches!(with(Certified::Roots { roots, now: NOW }), Ok(Attestation::Certified { .. })));
        }
    }
    assert_eq!(with(Certified::Refuse), Err(Error::CertifiedAttestationNotAllowed));
}
