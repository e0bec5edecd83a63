//! Each step of the formats `android-key`, `apple` and `fido-u2f`, broken alone: WebAuthn Level 3, §8.4, §8.8 and §8.6. What
//! stands in a certificate is changed without a new signature of its issuer, which only counts where a root is wanted.
#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used)]

mod common;

use common::Credulous;
use common::certificate::{Extension, Template, packed_subject};
use pollster::block_on;
use wx_soter_authenticator::Credential;
use wx_soter_verifier::attestation::{Attestation, AttestationObject};
use wx_soter_verifier::native::Native;
use wx_soter_verifier::policy::{Certified, UserVerification};
use wx_soter_verifier::registration::{self, Expected, RegistrationResponse};
use wx_soter_verifier::{Error, SignatureVerifier};
use wx_soter_webauthn::PublicKey;
use wx_soter_webauthn::cbor::Value;
use wx_soter_webauthn::vectors;

/// One of the specification's registrations, taken apart.
#[derive(Clone)]
struct Attested {
    id: Vec<u8>,
    challenge: Vec<u8>,
    client_data: Vec<u8>,
    authenticator_data: Vec<u8>,
    format: String,
    algorithm: Option<i64>,
    signature: Option<Vec<u8>>,
    certificates: Vec<Vec<u8>>,
    has_further_member: bool,
}

fn attested(name: &str) -> Attested {
    let vector = vectors::named(name).unwrap();
    let registration = vector.registration;
    let object = AttestationObject::parse(&registration.attestation_object).unwrap();
    let member = |name: &str| object.statement.get(name);
    let certificates = member("x5c").unwrap().as_array().unwrap();
    Attested {
        id: vector.credential_id,
        challenge: registration.challenge,
        client_data: registration.client_data_json,
        authenticator_data: object.authenticator_data.to_vec(),
        format: object.format.to_owned(),
        algorithm: member("alg").and_then(Value::as_integer),
        signature: member("sig").and_then(Value::as_bytes).map(<[u8]>::to_vec),
        certificates: certificates.iter().map(|der| der.as_bytes().unwrap().to_vec()).collect(),
        has_further_member: false,
    }
}

impl Attested {
    fn statement(&self) -> Value<'_> {
        let certificates: Vec<_> = self.certificates.iter().map(Vec::as_slice).collect();
        let algorithm = self.algorithm.map(|algorithm| ("alg", Value::Integer(algorithm)));
        let signature = self.signature.as_deref().map(|signature| ("sig", Value::Bytes(signature)));
        let further = self.has_further_member.then_some(("further", Value::Bool(true)));
        let certificates = Some(("x5c", common::x5c(&certificates)));
        let members = [algorithm, signature, further, certificates].into_iter().flatten();
        common::map(&members.collect::<Vec<_>>())
    }

    fn verify(&self, verifier: &impl SignatureVerifier) -> Result<Attestation, Error> {
        let object = common::attestation_object(&self.format, &self.statement(), &self.authenticator_data);
        let response = RegistrationResponse {
            id: self.id.clone(),
            client_data_json: self.client_data.clone(),
            attestation_object: object,
            transports: Vec::new(),
            client_extensions: Vec::new(),
        };
        let mut policy = common::policy();
        policy.user_verification = UserVerification::Optional;
        let expected = Expected { challenge: &self.challenge, ..Default::default() };
        let verified = block_on(registration::verify(&response, &expected, &policy, verifier));
        verified.map(|registration| registration.attestation)
    }

    #[track_caller]
    fn accepted(&self) {
        assert!(matches!(self.verify(&Native), Ok(Attestation::Uncertain { .. })));
    }

    /// Whether or not signatures hold.
    #[track_caller]
    fn refused(&self, error: Error) {
        assert_eq!(self.verify(&Credulous), Err(error));
        assert_eq!(error.registration_step(), Some("22"));
    }

    fn changed(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = self.clone();
        change(&mut changed);
        changed
    }

    fn with_certificate(&self, from: &[u8], to: &[u8]) -> Self {
        self.changed(|attested| attested.certificates[0] = replaced(&attested.certificates[0], from, to))
    }

    /// The uncompressed point of P-256 in the certificate made another.
    fn with_another_key(&self) -> Self {
        self.changed(|attested| {
            let certificate = &mut attested.certificates[0];
            let header = [0x03, 0x42, 0x00, 0x04];
            let at = certificate.windows(4).position(|window| window == header).unwrap();
            certificate[at + 4] ^= 1;
        })
    }

    /// The certificate's key said to be of P-384.
    fn with_another_curve(&self) -> Self {
        let p256 = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
        let other = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x06];
        self.with_certificate(&p256, &other)
    }

    /// What every format with certificates demands of its syntax.
    fn syntax_is_checked(&self) {
        let malformed = Error::AttestationStatementMalformed;
        self.changed(|attested| attested.certificates.clear()).refused(malformed);
        self.changed(|attested| attested.has_further_member = true).refused(malformed);
        self.changed(|attested| attested.certificates[0].push(0))
            .refused(Error::AttestationCertificateMalformed);
    }
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

#[test]
fn fido_u2f() {
    let good = attested("fido-u2f-es256");
    good.accepted();
    // 1.
    good.syntax_is_checked();
    good.changed(|attested| attested.signature = None).refused(Error::AttestationStatementMalformed);
    good.changed(|attested| attested.signature = Some(vec![0; 2000]))
        .refused(Error::AttestationStatementMalformed);
    // 2.
    let two = good.changed(|attested| attested.certificates.push(attested.certificates[0].clone()));
    two.refused(Error::AttestationStatementMalformed);
    good.with_another_curve().refused(Error::AttestationCertificateUnsuitable);
    // 3 to 6.
    let invalid = Err(Error::AttestationSignatureInvalid);
    assert_eq!(good.with_another_key().verify(&Native), invalid);
    let other_id = good.changed(|attested| {
        let id = attested.id.clone();
        attested.id[0] ^= 1;
        attested.authenticator_data = replaced(&attested.authenticator_data, &id, &attested.id);
    });
    assert_eq!(other_id.verify(&Native), invalid);
    let other_client_data = good.changed(|attested| {
        attested.client_data = replaced(&attested.client_data, b"{", b"{\"other\":1,");
    });
    assert_eq!(other_client_data.verify(&Native), invalid);
    let other_key = good.changed(|attested| {
        let before = attested.authenticator_data.len() - 77;
        attested.authenticator_data.truncate(before);
        attested.authenticator_data.extend(common::es256_cose(-7));
    });
    assert_eq!(other_key.verify(&Native), invalid);
}

/// A security key's certificate, issued by our own authority and attesting our own credential.
fn u2f_by(template: &Template, roots: &[Vec<u8>], now: u64) -> Result<Attestation, Error> {
    let registering = common::Registering { format: "fido-u2f", ..Default::default() };
    let key = common::credential().public_key();
    let PublicKey::Es256 { x, y } = &key else { panic!("not ES256") };
    let message = [
        &[0][..],
        &common::sha256(b"example.org"),
        &common::sha256(&registering.client_data()),
        common::CREDENTIAL_ID,
        &[4],
        x,
        y,
    ];
    // The certificate's key is the credential's, for short.
    let signature = common::sign(&message.concat());
    let certificate = template.issued();
    let statement = common::map(&[("sig", Value::Bytes(&signature)), ("x5c", common::x5c(&[&certificate]))]);
    let mut policy = common::policy();
    policy.attestation.certified = Certified::Roots { roots: roots.to_vec(), now };
    common::register(&registering.with_statement(&statement), &policy).map(|found| found.attestation)
}

#[test]
fn fido_u2f_asks_its_certificate_for_p256_alone() {
    const NOW: u64 = 1_767_225_600;
    let root = Template::root().issued();
    let good = Template::packed(&common::credential().public_key());
    let version_1 = Template { version: 0, extensions: Vec::new(), ..good.clone() };
    let authority = Template { extensions: vec![Extension::basic_constraints(true)], ..good.clone() };
    // id-kp-emailProtection
    let usage = Extension::extended_key_usage(&[0x2b, 6, 1, 5, 5, 7, 3, 4]);
    let other_usage = Template { extensions: vec![usage], ..good.clone() };
    let unused_bits = Template { unused_bits: 2, ..good.clone() };
    for template in [good.clone(), version_1, authority, other_usage, unused_bits] {
        let found = u2f_by(&template, std::slice::from_ref(&root), NOW);
        assert!(matches!(found, Ok(Attestation::Certified { .. })), "{found:?}");
        let untrusted = Err(Error::AttestationUntrusted);
        assert_eq!(u2f_by(&template, &[], NOW), untrusted);
        for now in [0, 4_000_000_000] {
            assert_eq!(u2f_by(&template, std::slice::from_ref(&root), now), untrusted);
        }
        let elsewhere = Template { issuer: packed_subject(), ..template.clone() };
        assert_eq!(u2f_by(&elsewhere, std::slice::from_ref(&root), NOW), untrusted);
        // Of the same name, with another key.
        let other = Credential::new([8; 32], vec![1]).unwrap();
        let other =
            Template { public_key: other.public_key().to_spki(), ..Template::root() }.signed_by(&other);
        assert_eq!(u2f_by(&template, &[other], NOW), untrusted);
        let mut critical = template.clone();
        critical.version = 2;
        critical.extensions.push(Extension { is_critical: true, ..Extension::new(&[0x2a, 3], Vec::new()) });
        assert_eq!(u2f_by(&critical, std::slice::from_ref(&root), NOW), untrusted);
    }
}

#[test]
fn fido_u2f_has_no_other_algorithm() {
    let good = attested("fido-u2f-es256");
    let key = [&[0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20][..], &[1; 32]].concat();
    let of_eddsa = good.changed(|attested| {
        let before = attested.authenticator_data.len() - 77;
        attested.authenticator_data.truncate(before);
        attested.authenticator_data.extend(key);
    });
    of_eddsa.refused(Error::AttestationAlgorithmMismatch);
}

#[test]
fn apple() {
    const NONCE: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x63, 0x64, 0x08, 0x02];
    let good = attested("apple-es256");
    good.accepted();
    // 1.
    good.syntax_is_checked();
    // As Apple's devices sent it in 2020.
    good.changed(|attested| attested.algorithm = Some(-7)).accepted();
    for algorithm in [-257, -8, -35, 7] {
        let other = good.changed(|attested| attested.algorithm = Some(algorithm));
        other.refused(Error::AttestationAlgorithmMismatch);
    }
    let mut three = good.changed(|attested| attested.algorithm = Some(-7));
    three.has_further_member = true;
    three.refused(Error::AttestationStatementMalformed);
    // 2 to 4.
    let mut other = NONCE;
    other[10] = 3;
    good.with_certificate(&NONCE, &other).refused(Error::AttestationCertificateUnsuitable);
    good.with_certificate(&[0x24, 0xa1, 0x22, 0x04, 0x20], &[0x24, 0xa2, 0x22, 0x04, 0x20])
        .refused(Error::AttestationCertificateUnsuitable);
    good.with_certificate(&[0x24, 0xa1, 0x22, 0x04, 0x20], &[0x24, 0xa1, 0x22, 0x0c, 0x20])
        .refused(Error::AttestationCertificateUnsuitable);
    let other_client_data = good.changed(|attested| {
        attested.client_data = replaced(&attested.client_data, b"{", b"{\"other\":1,");
    });
    other_client_data.refused(Error::AttestationChallengeMismatch);
    let mut other_data = good.clone();
    other_data.authenticator_data[36] ^= 1;
    other_data.refused(Error::AttestationChallengeMismatch);
    // 5.
    good.with_another_key().refused(Error::AttestationKeyMismatch);
    good.with_another_curve().refused(Error::AttestationKeyMismatch);
}

/// `[TAG] EXPLICIT`, in a list that was empty: the last is the one of the secure environment.
fn with_lists(software: &[u8], tee: &[u8]) -> Attested {
    let good = attested("android-key-es256");
    good.changed(|attested| {
        let lists = [&[0x30, u8::try_from(software.len()).unwrap()][..], software].concat();
        let lists = [&lists[..], &[0x30, u8::try_from(tee.len()).unwrap()], tee].concat();
        let more = software.len() + tee.len();
        let old = attested.certificates[0].clone();
        // An empty unique id before the two lists.
        let at = old.windows(6).position(|window| window == [0x04, 0, 0x30, 0, 0x30, 0]).unwrap() + 2;
        let mut new = [&old[..at], &lists, &old[at + 4..]].concat();
        // More bytes: in the certificate, what is signed of it, and its extensions, which hold the extension last.
        for at in [2, 6] {
            let length = u16::from_be_bytes([new[at], new[at + 1]]) + u16::try_from(more).unwrap();
            new[at..at + 2].copy_from_slice(&length.to_be_bytes());
        }
        let more = u8::try_from(more).unwrap();
        let extensions = new.windows(4).position(|window| window == [0xa3, 0x81, 0xa8, 0x30]).unwrap();
        new[extensions + 2] += more;
        new[extensions + 5] += more;
        let extension = new.windows(4).position(|window| window == [0x30, 0x45, 0x06, 0x0a]).unwrap();
        for at in [1, 15, 17] {
            new[extension + at] += more;
        }
        attested.certificates[0] = new;
    })
}

const SIGN: &[u8] = &[0xa1, 5, 0x31, 3, 0x02, 1, 2];
const SIGN_AND_VERIFY: &[u8] = &[0xa1, 8, 0x31, 6, 0x02, 1, 2, 0x02, 1, 3];
const VERIFY: &[u8] = &[0xa1, 5, 0x31, 3, 0x02, 1, 3];
const ALL_APPLICATIONS: &[u8] = &[0xbf, 0x84, 0x58, 2, 0x05, 0];
const GENERATED: &[u8] = &[0xbf, 0x85, 0x3e, 3, 0x02, 1, 0];
const IMPORTED: &[u8] = &[0xbf, 0x85, 0x3e, 3, 0x02, 1, 2];

#[test]
fn android_key() {
    const DESCRIPTION: [u8; 12] = [0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x01, 0x11];
    let good = attested("android-key-es256");
    good.accepted();
    // 1.
    good.syntax_is_checked();
    good.changed(|attested| attested.signature = None).refused(Error::AttestationStatementMalformed);
    good.changed(|attested| attested.algorithm = None).refused(Error::AttestationStatementMalformed);
    good.changed(|attested| attested.signature = Some(vec![0; 2000]))
        .refused(Error::AttestationStatementMalformed);
    // 2.
    good.changed(|attested| attested.algorithm = Some(-257)).refused(Error::AttestationAlgorithmMismatch);
    good.with_another_curve().refused(Error::AttestationAlgorithmMismatch);
    let other = good.changed(|attested| attested.signature.as_mut().unwrap()[10] ^= 1);
    assert_eq!(other.verify(&Native), Err(Error::AttestationSignatureInvalid));
    // 3.
    good.with_another_key().refused(Error::AttestationKeyMismatch);
    // 4.
    let other_client_data = good.changed(|attested| {
        attested.client_data = replaced(&attested.client_data, b"{", b"{\"other\":1,");
    });
    other_client_data.refused(Error::AttestationChallengeMismatch);
    let mut other = DESCRIPTION;
    other[11] = 0x12;
    good.with_certificate(&DESCRIPTION, &other).refused(Error::AttestationCertificateUnsuitable);
}

#[test]
fn android_key_step_5() {
    for (software, tee) in
        [(&[][..], [SIGN, GENERATED].concat()), (SIGN, GENERATED.to_vec()), (GENERATED, SIGN.to_vec())]
    {
        let verified = with_lists(software, &tee).verify(&Credulous);
        assert!(matches!(verified, Ok(Attestation::Uncertain { .. })), "{verified:?}");
    }
    for bad in [ALL_APPLICATIONS, IMPORTED, VERIFY, SIGN_AND_VERIFY, &[0xa1, 2, 0x31, 0]] {
        with_lists(bad, &[]).refused(Error::AttestationCertificateUnsuitable);
        with_lists(&[], bad).refused(Error::AttestationCertificateUnsuitable);
        with_lists(&[SIGN, GENERATED].concat(), bad).refused(Error::AttestationCertificateUnsuitable);
    }
    // Not as its type.
    for bad in [&[0xa1, 3, 0x02, 1, 2][..], &[0xbf, 0x85, 0x3e, 3, 0x04, 1, 0]] {
        with_lists(&[], bad).refused(Error::AttestationCertificateUnsuitable);
    }
}
