//! Public keys, from COSE (RFC 9053, WebAuthn §5.8.5) and from certificates.

use crate::cbor::{self, Value};
use crate::error::Error;
use crate::signature::Algorithm;
use x509_cert::der::Decode;
use x509_cert::der::asn1::{ObjectIdentifier, UintRef};
use x509_cert::spki::SubjectPublicKeyInfoRef;

/// A public key with its algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// A point of P-256.
    Es256 {
        /// x coordinate, big-endian.
        x: [u8; 32],
        /// y coordinate, big-endian.
        y: [u8; 32],
    },
    /// RSA.
    Rs256 {
        /// Modulus, big-endian, without leading zeros.
        n: Vec<u8>,
        /// Exponent, big-endian, without leading zeros.
        e: Vec<u8>,
    },
    /// A point of Curve25519.
    EdDsa {
        /// The encoded point.
        x: [u8; 32],
    },
}

/// COSE key parameters and their values.
mod cose {
    pub const KTY: i64 = 1;
    pub const ALG: i64 = 3;
    pub const KTY_OKP: i64 = 1;
    pub const KTY_EC2: i64 = 2;
    pub const KTY_RSA: i64 = 3;
    pub const CRV: i64 = -1;
    pub const CRV_P256: i64 = 1;
    pub const CRV_ED25519: i64 = 6;
    pub const X: i64 = -2;
    pub const Y: i64 = -3;
    pub const N: i64 = -1;
    pub const E: i64 = -2;
}

impl PublicKey {
    /// Its algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Es256 { .. } => Algorithm::Es256,
            Self::Rs256 { .. } => Algorithm::Rs256,
            Self::EdDsa { .. } => Algorithm::EdDsa,
        }
    }

    /// Reads a COSE key. It has `alg`, its type's parameters, and no others (§5.8.5).
    ///
    /// # Errors
    ///
    /// [`Error::PublicKeyMalformed`], [`Error::AlgorithmUnsupported`].
    pub fn from_cose(bytes: &[u8]) -> Result<Self, Error> {
        let key = cbor::read(bytes).ok_or(Error::PublicKeyMalformed)?;
        let number =
            key.get_number(cose::ALG).and_then(Value::as_integer).ok_or(Error::PublicKeyMalformed)?;
        let algorithm = Algorithm::from_cose(number).ok_or(Error::AlgorithmUnsupported)?;
        Self::from_cose_map(algorithm, &key).ok_or(Error::PublicKeyMalformed)
    }

    fn from_cose_map(algorithm: Algorithm, key: &Value<'_>) -> Option<Self> {
        let is = |name, value| key.get_number(name).and_then(Value::as_integer) == Some(value);
        let bytes = |name| key.get_number(name).and_then(Value::as_bytes);
        let has_members = |count| key.as_map().is_some_and(|entries| entries.len() == count);
        match algorithm {
            Algorithm::Es256 => {
                let is_right =
                    has_members(5) && is(cose::KTY, cose::KTY_EC2) && is(cose::CRV, cose::CRV_P256);
                let (x, y) = (bytes(cose::X)?.try_into().ok()?, bytes(cose::Y)?.try_into().ok()?);
                is_right.then_some(Self::Es256 { x, y })
            }
            Algorithm::Rs256 => {
                let is_right = has_members(4) && is(cose::KTY, cose::KTY_RSA);
                let (n, e) = (positive(bytes(cose::N)?)?, positive(bytes(cose::E)?)?);
                is_right.then_some(Self::Rs256 { n, e })
            }
            Algorithm::EdDsa => {
                let is_right =
                    has_members(4) && is(cose::KTY, cose::KTY_OKP) && is(cose::CRV, cose::CRV_ED25519);
                let x = bytes(cose::X)?.try_into().ok()?;
                is_right.then_some(Self::EdDsa { x })
            }
        }
    }

    /// Reads a `SubjectPublicKeyInfo`, DER, as certificates and `getPublicKey()` have it; `None` where it is none of a
    /// supported kind. An RSA key counts as one for RS256.
    #[must_use]
    pub fn from_spki(der: &[u8]) -> Option<Self> {
        const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
        const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
        const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
        const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
        let spki = SubjectPublicKeyInfoRef::from_der(der).ok()?;
        let key = spki.subject_public_key.as_bytes()?;
        match spki.algorithm.oid {
            EC_PUBLIC_KEY if spki.algorithm.parameters_oid().ok()? == P256 => {
                let (&[0x04], point) = key.split_first_chunk::<1>()? else {
                    return None;
                };
                let (x, y) = point.split_first_chunk::<32>()?;
                Some(Self::Es256 { x: *x, y: y.try_into().ok()? })
            }
            RSA => {
                let (n, e) = rsa_public_key(key)?;
                Some(Self::Rs256 { n, e })
            }
            ED25519 => Some(Self::EdDsa { x: key.try_into().ok()? }),
            _ => None,
        }
    }
}

/// A big-endian number of at most 8,192 bits, not zero, without leading zeros.
fn positive(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_minimal = bytes.first().is_some_and(|first| *first != 0);
    (is_minimal && bytes.len() <= 1024).then(|| bytes.to_vec())
}

/// `RSAPublicKey` (RFC 8017, A.1.1).
fn rsa_public_key(der: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let [n, e] = <[UintRef<'_>; 2]>::try_from(<Vec<UintRef<'_>>>::from_der(der).ok()?).ok()?;
    Some((positive(n.as_bytes())?, positive(e.as_bytes())?))
}

#[cfg(test)]
mod tests {
    use super::PublicKey;
    use crate::error::Error;

    fn es256(header: &[u8]) -> Vec<u8> {
        [header, &[0x21, 0x58, 0x20], &[1; 32], &[0x22, 0x58, 0x20], &[2; 32]].concat()
    }

    #[test]
    fn a_key_is_read() {
        let key = PublicKey::from_cose(&es256(&[0xa5, 1, 2, 3, 0x26, 0x20, 1]));
        assert_eq!(key, Ok(PublicKey::Es256 { x: [1; 32], y: [2; 32] }));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let wrong_type = es256(&[0xa5, 1, 3, 3, 0x26, 0x20, 1]);
        let wrong_curve = es256(&[0xa5, 1, 2, 3, 0x26, 0x20, 2]);
        let one_more = es256(&[0xa6, 1, 2, 3, 0x26, 4, 1, 0x20, 1]);
        let no_algorithm = es256(&[0xa4, 1, 2, 0x20, 1]);
        let mut short = es256(&[0xa5, 1, 2, 3, 0x26, 0x20, 1]);
        short.truncate(short.len() - 32);
        let compressed = [&short[..short.len() - 2], &[0xf5]].concat();
        let rsa_leading_zero = [0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x42, 0, 1, 0x21, 0x41, 3].to_vec();
        for bad in
            [wrong_type, wrong_curve, one_more, no_algorithm, short, compressed, rsa_leading_zero, vec![]]
        {
            assert_eq!(PublicKey::from_cose(&bad), Err(Error::PublicKeyMalformed), "{bad:02x?}");
        }
        let es384 = es256(&[0xa5, 1, 2, 3, 0x38, 0x22, 0x20, 2]);
        assert_eq!(PublicKey::from_cose(&es384), Err(Error::AlgorithmUnsupported));
    }
}
