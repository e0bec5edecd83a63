//! One change in each signed place of a registration of every kind that is accepted with a root, and none of them passes.
//! `vectors.rs` has the same for assertions.
#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used)]

use pollster::block_on;
use wx_soter_verifier::attestation::AttestationObject;
use wx_soter_verifier::native::Native;
use wx_soter_verifier::policy::{Certified, Iframes, UserVerification};
use wx_soter_verifier::registration::{self, Expected};
use wx_soter_verifier::signature::Algorithm;
use wx_soter_verifier::{Error, Policy};
use wx_soter_webauthn::cbor::Value;
use wx_soter_webauthn::vectors::{self, Vector};

/// So many changes are spread over each place.
const CHANGES: usize = 8;

fn policy() -> Policy {
    let mut policy = Policy::new("example.org", ["https://example.org"]);
    policy.iframes = Iframes::Within(vec!["https://example.com".into()]);
    policy.user_verification = UserVerification::Optional;
    policy.algorithms = Algorithm::ALL.to_vec();
    let roots = vec![vectors::attestation_root_certificate()];
    policy.attestation.certified = Certified::Roots { roots, now: 1_767_225_600 };
    policy
}

fn register(vector: &Vector) -> Result<(), Error> {
    let expected = Expected { challenge: &vector.registration.challenge, ..Default::default() };
    let response = vector.attestation_response().into();
    block_on(registration::verify(&response, &expected, &policy(), &Native)).map(|_| ())
}

/// Where a part stands in the whole.
fn place(name: &'static str, whole: &[u8], part: &[u8]) -> (&'static str, usize, usize) {
    let at = whole.windows(part.len()).position(|window| window == part).unwrap();
    (name, at, part.len())
}

/// The places of an attestation object that are signed, or are signatures: name, beginning and length.
fn places(bytes: &[u8]) -> Vec<(&'static str, usize, usize)> {
    let object = AttestationObject::parse(bytes).unwrap();
    let (_, data, _) = place("authData", bytes, object.authenticator_data);
    let rest = object.authenticator_data.len() - 55;
    let mut places = vec![
        ("rpIdHash", data, 32),
        ("flags", data + 32, 1),
        ("signCount", data + 33, 4),
        ("aaguid", data + 37, 16),
        ("credentialId and credentialPublicKey", data + 55, rest),
    ];
    // U2F signs neither what CTAP2 added nor the counter of a new key ("FIDO U2F Raw Message Formats", §4.3).
    if object.format == "fido-u2f" {
        places.retain(|(name, ..)| !matches!(*name, "flags" | "signCount" | "aaguid"));
    }
    for name in ["sig", "certInfo", "pubArea"] {
        let member = object.statement.get(name).and_then(Value::as_bytes);
        places.extend(member.map(|member| place(name, bytes, member)));
    }
    let certificates = object.statement.get("x5c").and_then(Value::as_array).unwrap_or_default();
    places.extend(certificates.iter().map(|each| place("x5c", bytes, each.as_bytes().unwrap())));
    places
}

#[test]
fn no_changed_registration_is_accepted() {
    let mut formats = Vec::new();
    for vector in vectors::all() {
        let object = AttestationObject::parse(&vector.registration.attestation_object).unwrap();
        // Nothing is signed without attestation.
        if object.format == "none" || register(&vector).is_err() {
            continue;
        }
        formats.push(object.format.to_owned());
        for (name, begin, length) in places(&vector.registration.attestation_object) {
            for at in (begin..begin + length).step_by(length.div_ceil(CHANGES)) {
                let mut bad = vector.clone();
                bad.registration.attestation_object[at] ^= 1;
                assert!(register(&bad).is_err(), "{}: {name}, {at}", vector.name);
            }
        }
        for at in 0..vector.registration.client_data_json.len() {
            let mut bad = vector.clone();
            bad.registration.client_data_json[at] ^= 1;
            assert!(register(&bad).is_err(), "{}: clientDataJSON, {at}", vector.name);
        }
    }
    formats.sort();
    formats.dedup();
    assert_eq!(formats, ["android-key", "apple", "fido-u2f", "packed", "tpm"]);
}
