//! Certificates of our own making, each part of which a test may change (RFC 5280, §4.1).

use wx_soter_authenticator::Credential;
use wx_soter_webauthn::PublicKey;

/// Tags of DER.
pub const BOOLEAN: u8 = 0x01;
pub const INTEGER: u8 = 0x02;
pub const BIT_STRING: u8 = 0x03;
pub const OCTET_STRING: u8 = 0x04;
pub const OID: u8 = 0x06;
pub const UTF8: u8 = 0x0c;
pub const PRINTABLE: u8 = 0x13;
pub const TELETEX: u8 = 0x14;
pub const IA5: u8 = 0x16;
pub const UTC_TIME: u8 = 0x17;
pub const BMP: u8 = 0x1e;
pub const SEQUENCE: u8 = 0x30;
pub const SET: u8 = 0x31;

/// The identifiers of extensions, of attributes and of what else has one.
pub const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
pub const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
pub const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x11];
pub const AAGUID: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0xe5, 0x1c, 1, 1, 4];
pub const COUNTRY: &[u8] = &[0x55, 4, 6];
pub const ORGANIZATION: &[u8] = &[0x55, 4, 10];
pub const UNIT: &[u8] = &[0x55, 4, 11];
pub const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ECDSA_WITH_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];

/// A value.
pub fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let [.., high, low] = length.to_be_bytes();
    let head = match length {
        0..=0x7f => vec![tag, low],
        0x80..=0xff => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [head, content.to_vec()].concat()
}

pub fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    der(SEQUENCE, &parts.concat())
}

/// A name whose every attribute stands in a set of its own.
pub fn name(attributes: &[(&[u8], u8, &[u8])]) -> Vec<u8> {
    let sets = attributes
        .iter()
        .map(|(attribute, tag, text)| der(SET, &sequence(&[der(OID, attribute), der(*tag, text)])));
    sequence(&sets.collect::<Vec<_>>())
}

/// The subject of an attestation certificate (§8.2.1).
pub fn packed_subject() -> Vec<u8> {
    name(&[
        (COUNTRY, PRINTABLE, b"CN"),
        (ORGANIZATION, UTF8, b"Tests"),
        (UNIT, UTF8, b"Authenticator Attestation"),
        (COMMON_NAME, UTF8, b"Test"),
    ])
}

pub fn issuer() -> Vec<u8> {
    name(&[(COMMON_NAME, UTF8, b"Issuer")])
}

/// The key of the one that issues.
pub fn authority() -> Credential {
    Credential::new([9; 32], vec![1]).unwrap()
}

#[derive(Clone)]
pub struct Extension {
    pub identifier: &'static [u8],
    pub is_critical: bool,
    pub value: Vec<u8>,
}

impl Extension {
    pub fn new(identifier: &'static [u8], value: Vec<u8>) -> Self {
        Self { identifier, is_critical: false, value }
    }

    /// `CA` of the basic constraints.
    pub fn basic_constraints(is_authority: bool) -> Self {
        let flag = if is_authority { der(BOOLEAN, &[0xff]) } else { Vec::new() };
        Self { is_critical: true, ..Self::new(BASIC_CONSTRAINTS, sequence(&[flag])) }
    }

    pub fn extended_key_usage(purpose: &[u8]) -> Self {
        Self::new(EXTENDED_KEY_USAGE, sequence(&[der(OID, purpose)]))
    }

    fn to_der(&self) -> Vec<u8> {
        let critical = if self.is_critical { der(BOOLEAN, &[0xff]) } else { Vec::new() };
        sequence(&[der(OID, self.identifier), critical, der(OCTET_STRING, &self.value)])
    }
}

/// A certificate that is to be signed.
#[derive(Clone)]
pub struct Template {
    /// As it is written: 2 for version 3. That of version 1 is left out.
    pub version: u8,
    pub issuer: Vec<u8>,
    pub not_before: &'static str,
    pub not_after: &'static str,
    pub subject: Vec<u8>,
    pub public_key: Vec<u8>,
    pub extensions: Vec<Extension>,
    /// Of the signature.
    pub unused_bits: u8,
}

impl Template {
    /// An attestation certificate that meets §8.2.1.
    pub fn packed(key: &PublicKey) -> Self {
        Self {
            version: 2,
            issuer: issuer(),
            not_before: "240101000000Z",
            not_after: "480101000000Z",
            subject: packed_subject(),
            public_key: key.to_spki(),
            extensions: vec![Extension::basic_constraints(false)],
            unused_bits: 0,
        }
    }

    /// The root of the authority that issues.
    pub fn root() -> Self {
        Self {
            subject: issuer(),
            extensions: vec![Extension::basic_constraints(true)],
            ..Self::packed(&authority().public_key())
        }
    }

    /// Signed by the authority.
    pub fn issued(&self) -> Vec<u8> {
        self.signed_by(&authority())
    }

    pub fn signed_by(&self, authority: &Credential) -> Vec<u8> {
        let algorithm = sequence(&[der(OID, ECDSA_WITH_SHA256)]);
        let tbs = self.tbs(&algorithm);
        let signature = [vec![self.unused_bits], authority.sign(&tbs)].concat();
        sequence(&[tbs, algorithm, der(BIT_STRING, &signature)])
    }

    fn tbs(&self, algorithm: &[u8]) -> Vec<u8> {
        let version = if self.version == 0 { Vec::new() } else { der(0xa0, &der(INTEGER, &[self.version])) };
        let dates = [self.not_before, self.not_after].map(|date| der(UTC_TIME, date.as_bytes()));
        let extensions: Vec<_> = self.extensions.iter().map(Extension::to_der).collect();
        let extensions = if extensions.is_empty() { Vec::new() } else { der(0xa3, &sequence(&extensions)) };
        sequence(&[
            version,
            der(INTEGER, &[1]),
            algorithm.to_vec(),
            self.issuer.clone(),
            sequence(&dates),
            self.subject.clone(),
            self.public_key.clone(),
            extensions,
        ])
    }
}
