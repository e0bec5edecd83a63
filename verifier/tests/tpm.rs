//! Each step of the format `tpm`, broken alone: WebAuthn Level 3, §8.3. The TPM and its certificates are of our own making.
#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used)]

mod common;
mod signers;

use common::certificate::*;
use common::{Registering, map, policy, register, x5c};
use sha2::{Digest, Sha256, Sha384, Sha512};
use signers::Signer;
use wx_soter_verifier::attestation::Attestation;
use wx_soter_verifier::policy::Certified;
use wx_soter_verifier::signature::Algorithm;
use wx_soter_verifier::{Error, Policy};
use wx_soter_webauthn::PublicKey;
use wx_soter_webauthn::cbor::Value;

const AIK_CERTIFICATE: &[u8] = &[0x67, 0x81, 0x05, 0x08, 0x03];
const MANUFACTURER: &[u8] = &[0x67, 0x81, 0x05, 2, 1];
const MODEL: &[u8] = &[0x67, 0x81, 0x05, 2, 2];
const VERSION: &[u8] = &[0x67, 0x81, 0x05, 2, 3];
const SHA256: u16 = 0x000b;
const NULL: u16 = 0x0010;

fn sized(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

fn numbers(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// What stands in front of the parameters: type, name algorithm, attributes, no policy, no symmetric algorithm.
fn head(kind: u16, name_algorithm: u16) -> Vec<u8> {
    [numbers(&[kind, name_algorithm]), vec![0, 6, 4, 0x72], sized(&[]), numbers(&[NULL])].concat()
}

fn ecc(curve: u16, x: &[u8], y: &[u8]) -> Vec<u8> {
    [head(0x0023, SHA256), numbers(&[NULL, curve, NULL]), sized(x), sized(y)].concat()
}

fn rsa(bits: u16, exponent: u32, n: &[u8]) -> Vec<u8> {
    [head(1, SHA256), numbers(&[NULL, bits]), exponent.to_be_bytes().to_vec(), sized(n)].concat()
}

fn public_area(key: &PublicKey) -> Vec<u8> {
    match key {
        PublicKey::Es256 { x, y } => ecc(3, x, y),
        PublicKey::Es384 { x, y } => ecc(4, x, y),
        PublicKey::Es512 { x, y } => ecc(5, x, y),
        PublicKey::Rsa { n, .. } => rsa(u16::try_from(n.len() * 8).unwrap(), 0, n),
        other => panic!("no TPM has {other:?}"),
    }
}

fn hash(algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
    match algorithm.name().get(2..) {
        Some("384") => Sha384::digest(message).to_vec(),
        Some("512") => Sha512::digest(message).to_vec(),
        _ => Sha256::digest(message).to_vec(),
    }
}

fn attribute(identifier: &[u8], text: &[u8]) -> Vec<u8> {
    sequence(&[der(OID, identifier), der(UTF8, text)])
}

fn alternative_name(sets: &[Vec<u8>]) -> Extension {
    let name = der(0xa4, &sequence(sets));
    Extension { is_critical: true, ..Extension::new(SUBJECT_ALTERNATIVE_NAME, sequence(&[name])) }
}

fn tpm_name(manufacturer: &[u8]) -> [Vec<u8>; 3] {
    [attribute(MANUFACTURER, manufacturer), attribute(MODEL, b"Test"), attribute(VERSION, b"id:00020008")]
}

/// A TPM's attestation, to be spoiled before it is signed.
struct Attesting {
    registering: Registering,
    aik: Signer,
    version: &'static str,
    algorithm: i64,
    public_area: Vec<u8>,
    magic: u32,
    kind: u16,
    extra_data: Vec<u8>,
    name: Vec<u8>,
    trailing: Vec<u8>,
    certificate: Template,
    has_further_member: bool,
}

impl Attesting {
    fn new(key: &PublicKey, aik: Signer) -> Self {
        let registering = Registering { format: "tpm", public_key: key.to_cose(), ..Default::default() };
        let public_area = public_area(key);
        Self {
            extra_data: hash(aik.algorithm(), &registering.signed()),
            registering,
            version: "2.0",
            algorithm: aik.algorithm().to_cose().into(),
            name: name_of(&public_area),
            public_area,
            magic: 0xff54_4347,
            kind: 0x8017,
            trailing: Vec::new(),
            certificate: Template {
                subject: sequence(&[]),
                extensions: vec![
                    Extension::basic_constraints(false),
                    alternative_name(&[der(SET, &tpm_name(b"id:54455354").concat())]),
                    Extension::extended_key_usage(AIK_CERTIFICATE),
                ],
                ..Template::packed(&aik.key)
            },
            has_further_member: false,
            aik,
        }
    }

    fn good() -> Self {
        Self::new(&signers::es256().key, signers::es256())
    }

    fn verify(&self, policy: &Policy) -> Result<Attestation, Error> {
        let info = [
            self.magic.to_be_bytes().to_vec(),
            self.kind.to_be_bytes().to_vec(),
            sized(b"signer"),
            sized(&self.extra_data),
            vec![1; 17],
            vec![2; 8],
            sized(&self.name),
            sized(b"qualified"),
            self.trailing.clone(),
        ];
        let info = info.concat();
        let signature = (self.aik.sign)(&info);
        let certificate = self.certificate.issued();
        let mut members = vec![
            ("ver", Value::Text(self.version)),
            ("alg", Value::Integer(self.algorithm)),
            ("x5c", x5c(&[&certificate])),
            ("sig", Value::Bytes(&signature)),
            ("certInfo", Value::Bytes(&info)),
            ("pubArea", Value::Bytes(&self.public_area)),
        ];
        members.extend(self.has_further_member.then_some(("ecdaaKeyId", Value::Bytes(b"id"))));
        let response = self.registering.with_statement(&map(&members));
        register(&response, policy).map(|registration| registration.attestation)
    }

    /// With a public area that the TPM certifies.
    fn with_public_area(mut self, public_area: Vec<u8>) -> Self {
        self.name = name_of(&public_area);
        self.public_area = public_area;
        self
    }
}

fn name_of(public_area: &[u8]) -> Vec<u8> {
    [&SHA256.to_be_bytes()[..], &Sha256::digest(public_area)].concat()
}

#[track_caller]
fn accepted(attesting: &Attesting) {
    let found = attesting.verify(&policy());
    assert!(matches!(found, Ok(Attestation::Uncertain { .. })), "{found:?}");
}

#[track_caller]
fn refused(change: impl FnOnce(&mut Attesting), error: Error) {
    let mut attesting = Attesting::good();
    change(&mut attesting);
    assert_eq!(attesting.verify(&policy()), Err(error));
    assert_eq!(error.registration_step(), Some("22"));
}

#[test]
fn keys_of_each_kind_are_certified_by_each_kind() {
    let every = Policy { algorithms: Algorithm::ALL.to_vec(), ..policy() };
    let is_usable = |signer: &Signer| cfg!(feature = "aws-lc-rs") || signer.algorithm() != Algorithm::Es512;
    let is_of_a_tpm = |signer: &Signer| signer.algorithm() != Algorithm::EdDsa && is_usable(signer);
    let keys = signers::all().into_iter().filter(is_of_a_tpm);
    let mut all: Vec<_> = keys.map(|signer| (signer.key, signers::es256())).collect();
    let aiks = signers::all().into_iter().filter(is_of_a_tpm);
    all.extend(aiks.map(|aik| (signers::es256().key, aik)));
    for (key, aik) in all {
        let (of, by) = (key.algorithm(), aik.algorithm());
        let found = Attesting::new(&key, aik).verify(&every);
        assert!(matches!(found, Ok(Attestation::Uncertain { .. })), "{of:?} {by:?} {found:?}");
    }
}

/// Its certificate is for no other usage than a TPM's.
#[test]
fn it_leads_to_a_root() {
    let mut policy = policy();
    let with = |root: Vec<u8>| Certified::Roots { roots: vec![root], now: 1_767_225_600 };
    policy.attestation.certified = with(Template::root().issued());
    assert!(matches!(Attesting::good().verify(&policy), Ok(Attestation::Certified { .. })));
    let another = wx_soter_authenticator::Credential::new([8; 32], vec![1]).unwrap();
    let root = Template { public_key: another.public_key().to_spki(), ..Template::root() };
    policy.attestation.certified = with(root.signed_by(&another));
    assert_eq!(Attesting::good().verify(&policy), Err(Error::AttestationUntrusted));
}

#[test]
fn the_syntax() {
    let malformed = Error::AttestationStatementMalformed;
    refused(|attesting| attesting.version = "1.2", malformed);
    refused(|attesting| attesting.has_further_member = true, malformed);
    refused(|attesting| attesting.public_area.push(0), malformed);
    refused(|attesting| attesting.public_area.truncate(40), malformed);
    refused(|attesting| attesting.trailing.push(0), malformed);
    refused(|attesting| attesting.magic ^= 1, malformed);
    refused(|attesting| attesting.kind = 0x8018, malformed);
}

#[test]
fn the_key_of_the_public_area() {
    let mismatch = Error::AttestationKeyMismatch;
    refused(|attesting| attesting.registering.public_key = signers::es256().key.to_cose(), mismatch);
    let key = signers::es256().key;
    let PublicKey::Es256 { x, y } = key else { panic!("not ES256") };
    let with = |public_area| Attesting::new(&key, signers::es256()).with_public_area(public_area);
    accepted(&with(ecc(3, &x, &y)));
    accepted(&with(ecc(3, &[&[0], &x[..]].concat(), &y)));
    for other in [ecc(4, &x, &y), ecc(3, &y, &x), ecc(3, &x, &[]), rsa(256, 0, &x)] {
        assert_eq!(with(other).verify(&policy()), Err(mismatch));
    }
    let of_key =
        |parameters: &[u16]| [head(0x0023, SHA256), numbers(parameters), sized(&x), sized(&y)].concat();
    accepted(&with(of_key(&[0x0018, SHA256, 3, NULL])));
    for other in [of_key(&[0x001a, SHA256, 3, NULL]), of_key(&[NULL, 3, 0x0007, SHA256])] {
        assert_eq!(with(other).verify(&policy()), Err(Error::AttestationStatementMalformed));
    }
    let symmetric = [
        numbers(&[0x0023, SHA256]),
        vec![0; 4],
        sized(&[]),
        numbers(&[6, 128, 0x43, NULL, 3, NULL]),
        sized(&x),
        sized(&y),
    ];
    assert_eq!(with(symmetric.concat()).verify(&policy()), Err(Error::AttestationStatementMalformed));

    let [key, ..] = signers::rsa().map(|signer| signer.key);
    let PublicKey::Rsa { n, .. } = &key else { panic!("not RSA") };
    let with = |public_area| Attesting::new(&key, signers::es256()).with_public_area(public_area);
    accepted(&with(rsa(2048, 0x0001_0001, n)));
    for other in [rsa(2048, 3, n), rsa(1024, 0, n), rsa(2048, 0, &n[1..]), ecc(3, n, n)] {
        assert_eq!(with(other).verify(&policy()), Err(mismatch));
    }
}

#[test]
fn the_hash_of_what_is_signed() {
    refused(|attesting| attesting.extra_data[0] ^= 1, Error::AttestationChallengeMismatch);
    refused(|attesting| attesting.extra_data.clear(), Error::AttestationChallengeMismatch);
    refused(|attesting| attesting.registering.more = r#","other":1"#, Error::AttestationChallengeMismatch);
    refused(|attesting| attesting.registering.flags = 0x4d, Error::AttestationChallengeMismatch);
}

#[test]
fn the_name_of_what_is_certified() {
    refused(|attesting| attesting.name[5] ^= 1, Error::AttestationKeyMismatch);
    refused(|attesting| attesting.name[1] ^= 1, Error::AttestationKeyMismatch);
    // Other attributes than the TPM has signed.
    refused(|attesting| attesting.public_area[5] ^= 1, Error::AttestationKeyMismatch);
    // SHA-1.
    refused(
        |attesting| {
            attesting.public_area[2..4].copy_from_slice(&[0, 4]);
            attesting.name = [&[0, 4][..], &[0; 20]].concat();
        },
        Error::AttestationAlgorithmMismatch,
    );
}

#[test]
fn the_signature() {
    refused(|attesting| attesting.aik.sign = signers::es256().sign, Error::AttestationSignatureInvalid);
    refused(|attesting| attesting.algorithm = -65535, Error::AttestationAlgorithmMismatch);
    refused(|attesting| attesting.algorithm = -8, Error::AttestationAlgorithmMismatch);
    refused(|attesting| attesting.algorithm = -257, Error::AttestationAlgorithmMismatch);
    refused(|attesting| attesting.algorithm = -35, Error::AttestationChallengeMismatch);
}

#[test]
fn the_certificate() {
    let unsuitable = Error::AttestationCertificateUnsuitable;
    refused(|attesting| attesting.certificate.version = 1, unsuitable);
    refused(|attesting| attesting.certificate.subject = issuer(), unsuitable);
    let mut unsaid = Attesting::good();
    unsaid.certificate.extensions.remove(0);
    accepted(&unsaid);
    for at in 1..3 {
        refused(|attesting| drop(attesting.certificate.extensions.remove(at)), unsuitable);
    }
    refused(|attesting| attesting.certificate.extensions[0] = Extension::basic_constraints(true), unsuitable);
    // id-kp-clientAuth
    let client = Extension::extended_key_usage(&[0x2b, 6, 1, 5, 5, 7, 3, 2]);
    refused(|attesting| attesting.certificate.extensions[2] = client, unsuitable);
    let aaguid = |aaguid: &[u8]| Extension::new(AAGUID, der(OCTET_STRING, aaguid));
    let mut good = Attesting::good();
    good.certificate.extensions.push(aaguid(&common::AAGUID));
    accepted(&good);
    refused(
        |attesting| attesting.certificate.extensions.push(aaguid(&[8; 16])),
        Error::AttestationAaguidMismatch,
    );
}

#[test]
fn the_name_of_the_tpm() {
    let with = |sets: &[Vec<u8>]| {
        let mut attesting = Attesting::good();
        attesting.certificate.extensions[1] = alternative_name(sets);
        attesting.verify(&policy())
    };
    let is_accepted = |sets: &[Vec<u8>]| matches!(with(sets), Ok(Attestation::Uncertain { .. }));
    let name = tpm_name(b"id:494E5443");
    // In one set, however it is sorted; each in a set of its own.
    assert!(is_accepted(&[der(SET, &name.concat())]));
    assert!(is_accepted(&[der(SET, &[&name[2][..], &name[0], &name[1]].concat())]));
    assert!(is_accepted(&name.each_ref().map(|attribute| der(SET, attribute))));
    let unsuitable = Err(Error::AttestationCertificateUnsuitable);
    for missing in 0..3 {
        let mut sets = name.each_ref().map(|attribute| der(SET, attribute)).to_vec();
        sets.remove(missing);
        assert_eq!(with(&sets), unsuitable);
    }
    for manufacturer in
        [&b"INTC"[..], b"id:", b"id:494E544", b"id:494E54433", b"id:494E544G", b"ID:494E5443", b""]
    {
        assert_eq!(with(&[der(SET, &tpm_name(manufacturer).concat())]), unsuitable);
    }
    assert_eq!(with(&[sequence(&name)]), unsuitable);
}
