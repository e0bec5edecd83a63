//! Statements of the format `compound`, WebAuthn Level 3, §8.9: which of them have to hold, and that none which is forged counts.
#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used)]

mod common;

use common::certificate::Template;
use common::{EMPTY, Registering, credential, map, packed, policy, register, sign};
use wx_soter_verifier::attestation::{Attestation, MAX_COMPOUND_STATEMENTS};
use wx_soter_verifier::policy::{Certified, Compound, UnknownFormat};
use wx_soter_verifier::{Error, Policy};
use wx_soter_webauthn::cbor::Value;

fn registering() -> Registering {
    Registering { format: "compound", ..Default::default() }
}

/// What its parts are made of.
#[derive(Clone)]
struct Material {
    of_itself: Vec<u8>,
    by_certificate: Vec<u8>,
    certificate: Vec<u8>,
}

impl Material {
    fn good() -> Self {
        let signed = registering().signed();
        // The certificate's key is the credential's, for short.
        let certificate = Template::packed(&credential().public_key()).issued();
        Self { of_itself: sign(&signed), by_certificate: sign(&signed), certificate }
    }

    fn self_attestation(&self) -> Value<'_> {
        part("packed", packed(-7, &self.of_itself, &[]))
    }

    fn certified(&self) -> Value<'_> {
        part("packed", packed(-7, &self.by_certificate, &[&self.certificate]))
    }

    fn both(&self, policy: &Policy) -> Result<Attestation, Error> {
        verify(vec![self.self_attestation(), self.certified()], policy)
    }

    fn chain(&self) -> Vec<Vec<u8>> {
        vec![self.certificate.clone()]
    }
}

fn part<'a>(format: &'a str, statement: Value<'a>) -> Value<'a> {
    map(&[("fmt", Value::Text(format)), ("attStmt", statement)])
}

fn none() -> Value<'static> {
    part("none", EMPTY)
}

fn unknown() -> Value<'static> {
    part("android-safetynet", EMPTY)
}

fn verify(parts: Vec<Value<'_>>, policy: &Policy) -> Result<Attestation, Error> {
    let response = registering().with_statement(&Value::Array(parts));
    register(&response, policy).map(|registration| registration.attestation)
}

fn wanting(compound: Compound) -> Policy {
    let mut policy = policy();
    policy.attestation.compound = compound;
    policy
}

/// Whose certificates have to lead to our authority.
fn with_root(compound: Compound) -> Policy {
    let mut policy = wanting(compound);
    let roots = vec![Template::root().issued()];
    policy.attestation.certified = Certified::Roots { roots, now: 1_767_225_600 };
    policy
}

#[test]
fn what_proves_most_is_reported() {
    let material = Material::good();
    let certified = Attestation::Certified { certificates: material.chain() };
    let uncertain = Attestation::Uncertain { certificates: material.chain() };
    for compound in [Compound::All, Compound::Any] {
        let (by_root, by_nobody) = (with_root(compound), wanting(compound));
        let (of_itself, with_certificate) = (|| material.self_attestation(), || material.certified());
        for (parts, policy, found) in [
            (vec![of_itself(), with_certificate()], &by_root, &certified),
            (vec![with_certificate(), of_itself()], &by_root, &certified),
            (vec![none(), with_certificate(), none()], &by_root, &certified),
            (vec![of_itself(), with_certificate()], &by_nobody, &Attestation::SelfAttestation),
            (vec![none(), with_certificate()], &by_nobody, &uncertain),
            (vec![none(), of_itself()], &by_root, &Attestation::SelfAttestation),
            (vec![none(), none()], &by_root, &Attestation::None),
        ] {
            assert_eq!(verify(parts, policy).as_ref(), Ok(found), "{compound:?}");
        }
    }
}

#[test]
fn of_all_none_may_fail() {
    let material = Material::good();
    let mut policy = with_root(Compound::All);
    policy.attestation.self_attestation = false;
    assert_eq!(material.both(&policy), Err(Error::SelfAttestationNotAllowed));
    policy.attestation.none = false;
    assert_eq!(verify(vec![material.certified(), none()], &policy), Err(Error::AttestationMissing));
    assert!(verify(vec![material.certified(), material.certified()], &policy).is_ok());
    let with_unknown = || vec![material.certified(), unknown()];
    assert_eq!(verify(with_unknown(), &policy), Err(Error::AttestationFormatUnsupported));
    policy.attestation.unknown_format = UnknownFormat::AsNone;
    assert_eq!(verify(with_unknown(), &policy), Err(Error::AttestationMissing));
    policy.attestation.none = true;
    assert!(verify(with_unknown(), &policy).is_ok());
    // What step 22 refuses comes before what step 24 does.
    policy.attestation.none = false;
    let bad = part("packed", EMPTY);
    assert_eq!(verify(vec![none(), bad], &policy), Err(Error::AttestationStatementMalformed));
}

#[test]
fn of_any_one_is_enough() {
    let material = Material::good();
    let mut policy = with_root(Compound::Any);
    policy.attestation.self_attestation = false;
    policy.attestation.none = false;
    let certified = Ok(Attestation::Certified { certificates: material.chain() });
    assert_eq!(material.both(&policy), certified);
    for other in [none(), unknown(), part("packed", EMPTY), part("packed", Value::Array(vec![]))] {
        assert_eq!(verify(vec![other.clone(), material.certified()], &policy), certified);
        assert!(verify(vec![other, material.self_attestation()], &policy).is_err());
    }
    // The reason is that of the first.
    let parts = vec![unknown(), none(), material.self_attestation()];
    assert_eq!(verify(parts, &policy), Err(Error::AttestationFormatUnsupported));
}

type Place = fn(&mut Material) -> &mut Vec<u8>;

#[test]
fn no_forged_statement_counts() {
    let good = Material::good();
    let (all, any) = (with_root(Compound::All), with_root(Compound::Any));
    assert!(good.both(&all).is_ok());
    let places: [(Place, bool); 3] = [
        (|material| &mut material.of_itself, true),
        (|material| &mut material.by_certificate, false),
        (|material| &mut material.certificate, false),
    ];
    for (of, is_the_certificate_good) in places {
        for at in (0..of(&mut good.clone()).len()).step_by(5) {
            let mut bad = good.clone();
            of(&mut bad)[at] ^= 1;
            assert!(bad.both(&all).is_err(), "{at}");
            let left = if is_the_certificate_good {
                Attestation::Certified { certificates: good.chain() }
            } else {
                Attestation::SelfAttestation
            };
            assert_eq!(bad.both(&any), Ok(left), "{at}");
        }
    }
}

#[test]
fn what_all_have_signed_is_changed_for_none() {
    let material = Material::good();
    let parts = Value::Array(vec![material.self_attestation(), material.certified()]);
    let others = [
        Registering { more: r#","other":1"#, ..registering() },
        Registering { flags: 0x4d, ..registering() },
        Registering { credential_id: b"another".to_vec(), ..registering() },
        Registering { extensions: b"\xa1\x61e\xf5".to_vec(), flags: 0xc5, ..registering() },
    ];
    for compound in [Compound::All, Compound::Any] {
        let policy = with_root(compound);
        assert!(register(&registering().with_statement(&parts), &policy).is_ok());
        for other in &others {
            let found = register(&other.with_statement(&parts), &policy);
            assert_eq!(found.map(|_| ()), Err(Error::AttestationSignatureInvalid));
        }
    }
}

#[test]
fn the_syntax_is_checked() {
    let text = |text| Value::Text(text);
    let further = map(&[("fmt", text("none")), ("attStmt", EMPTY), ("further", EMPTY)]);
    let nested = part("compound", Value::Array(vec![none(), none()]));
    let bad = [
        EMPTY,
        none(),
        Value::Array(vec![]),
        Value::Array(vec![none()]),
        Value::Array(vec![none(); MAX_COMPOUND_STATEMENTS + 1]),
        Value::Array(vec![none(), EMPTY]),
        Value::Array(vec![none(), Value::Integer(1)]),
        Value::Array(vec![none(), map(&[("fmt", text("none"))])]),
        Value::Array(vec![none(), map(&[("fmt", text("none")), ("statement", EMPTY)])]),
        Value::Array(vec![none(), map(&[("fmt", Value::Bytes(b"none")), ("attStmt", EMPTY)])]),
        Value::Array(vec![none(), further]),
        Value::Array(vec![none(), nested]),
    ];
    for compound in [Compound::All, Compound::Any] {
        let policy = wanting(compound);
        assert!(verify(vec![none(); MAX_COMPOUND_STATEMENTS], &policy).is_ok());
        for statement in &bad {
            let found = register(&registering().with_statement(statement), &policy);
            assert_eq!(found.map(|_| ()), Err(Error::AttestationStatementMalformed), "{statement:?}");
        }
    }
    assert_eq!(Error::AttestationStatementMalformed.registration_step(), Some("22"));
}
