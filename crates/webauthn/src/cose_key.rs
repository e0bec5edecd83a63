//! Public keys as COSE keys (RFC 9053; §5.8.5), of the algorithms in [`Algorithm`].

use crate::algorithm::Algorithm;
use crate::cbor::{self, Value};
use crate::error::Error;
use crate::spki;
use alloc::vec::Vec;

/// A public key with its algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicKey {
    /// A point of P-256.
    Es256 {
        /// x coordinate, big-endian.
        x: [u8; 32],
        /// y coordinate, big-endian.
        y: [u8; 32],
    },
    /// A point of P-384.
    #[cfg(feature = "all-algorithms")]
    Es384 {
        /// x coordinate, big-endian.
        x: [u8; 48],
        /// y coordinate, big-endian.
        y: [u8; 48],
    },
    /// A point of P-521.
    #[cfg(feature = "all-algorithms")]
    Es512 {
        /// x coordinate, big-endian.
        x: [u8; 66],
        /// y coordinate, big-endian.
        y: [u8; 66],
    },
    /// RSA.
    Rsa {
        /// One of RSA's.
        algorithm: Algorithm,
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

/// An RSA key's numbers may have this many bytes: 8,192 bits.
pub const MAX_RSA_SIZE: usize = 1024;

/// COSE key parameters and their values (RFC 9052, §7; RFC 9053, §7).
mod cose {
    pub const KTY: i64 = 1;
    pub const ALG: i64 = 3;
    pub const KTY_OKP: i64 = 1;
    pub const KTY_EC2: i64 = 2;
    pub const KTY_RSA: i64 = 3;
    pub const CRV: i64 = -1;
    pub const CRV_P256: i64 = 1;
    #[cfg(feature = "all-algorithms")]
    pub const CRV_P384: i64 = 2;
    #[cfg(feature = "all-algorithms")]
    pub const CRV_P521: i64 = 3;
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
            #[cfg(feature = "all-algorithms")]
            Self::Es384 { .. } => Algorithm::Es384,
            #[cfg(feature = "all-algorithms")]
            Self::Es512 { .. } => Algorithm::Es512,
            Self::Rsa { algorithm, .. } => *algorithm,
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
        match algorithm {
            Algorithm::Es256 => ec2(key, cose::CRV_P256).map(|[x, y]| Self::Es256 { x, y }),
            #[cfg(feature = "all-algorithms")]
            Algorithm::Es384 => ec2(key, cose::CRV_P384).map(|[x, y]| Self::Es384 { x, y }),
            #[cfg(feature = "all-algorithms")]
            Algorithm::Es512 => ec2(key, cose::CRV_P521).map(|[x, y]| Self::Es512 { x, y }),
            Algorithm::EdDsa => {
                let is_right = has_members(key, 4)
                    && is(key, cose::KTY, cose::KTY_OKP)
                    && is(key, cose::CRV, cose::CRV_ED25519);
                let x = bytes(key, cose::X)?.try_into().ok()?;
                is_right.then_some(Self::EdDsa { x })
            }
            rsa => {
                let is_right = has_members(key, 4) && is(key, cose::KTY, cose::KTY_RSA);
                let key = Self::rsa(rsa, bytes(key, cose::N)?, bytes(key, cose::E)?)?;
                is_right.then_some(key)
            }
        }
    }

    /// An RSA key of a modulus and an exponent, big-endian; `None` where one is zero, begins with a zero or is longer than
    /// [`MAX_RSA_SIZE`], and where the algorithm is none of RSA's.
    #[must_use]
    pub fn rsa(algorithm: Algorithm, n: &[u8], e: &[u8]) -> Option<Self> {
        let is_number =
            |bytes: &[u8]| bytes.first().is_some_and(|first| *first != 0) && bytes.len() <= MAX_RSA_SIZE;
        (algorithm.is_rsa() && is_number(n) && is_number(e)).then(|| Self::Rsa {
            algorithm,
            n: n.to_vec(),
            e: e.to_vec(),
        })
    }

    /// Writes a COSE key, in the order of CTAP2's canonical CBOR.
    #[must_use]
    pub fn to_cose(&self) -> Vec<u8> {
        use cose::{CRV, CRV_ED25519, CRV_P256, E, KTY_EC2, KTY_OKP, KTY_RSA, N, X, Y};
        let (kty, parameters) = match self {
            Self::Es256 { x, y } => {
                (KTY_EC2, &[(CRV, Value::Integer(CRV_P256)), (X, Value::Bytes(x)), (Y, Value::Bytes(y))][..])
            }
            #[cfg(feature = "all-algorithms")]
            Self::Es384 { x, y } => (
                KTY_EC2,
                &[(CRV, Value::Integer(cose::CRV_P384)), (X, Value::Bytes(x)), (Y, Value::Bytes(y))][..],
            ),
            #[cfg(feature = "all-algorithms")]
            Self::Es512 { x, y } => (
                KTY_EC2,
                &[(CRV, Value::Integer(cose::CRV_P521)), (X, Value::Bytes(x)), (Y, Value::Bytes(y))][..],
            ),
            Self::Rsa { n, e, .. } => (KTY_RSA, &[(N, Value::Bytes(n)), (E, Value::Bytes(e))][..]),
            Self::EdDsa { x } => (KTY_OKP, &[(CRV, Value::Integer(CRV_ED25519)), (X, Value::Bytes(x))][..]),
        };
        let algorithm = self.algorithm().to_cose().into();
        let members = [(cose::KTY, Value::Integer(kty)), (cose::ALG, Value::Integer(algorithm))];
        let members = members.iter().chain(parameters);
        let map = members.map(|(name, value)| (Value::Integer(*name), value.clone())).collect();
        cbor::write(&Value::Map(map))
    }

    /// Writes a `SubjectPublicKeyInfo` (RFC 5280, §4.1), DER: what WebCrypto imports and `getPublicKey()` hands out.
    #[must_use]
    pub fn to_spki(&self) -> Vec<u8> {
        match self {
            Self::Es256 { x, y } => spki::p256(x, y),
            #[cfg(feature = "all-algorithms")]
            Self::Es384 { x, y } => spki::p384(x, y),
            #[cfg(feature = "all-algorithms")]
            Self::Es512 { x, y } => spki::p521(x, y),
            Self::Rsa { n, e, .. } => spki::rsa(n, e),
            Self::EdDsa { x } => spki::ed25519(x),
        }
    }

    /// Reads the `SubjectPublicKeyInfo` of an ES256 key as [`to_spki`](Self::to_spki) writes it. Not for certificates,
    /// whose writers have their own ways.
    #[must_use]
    pub fn from_p256_spki(spki: &[u8]) -> Option<Self> {
        spki::p256_coordinates(spki).map(|(x, y)| Self::Es256 { x, y })
    }
}

/// The coordinates of a point; not of a compressed one, which §5.8.5 forbids.
fn ec2<const N: usize>(key: &Value<'_>, curve: i64) -> Option<[[u8; N]; 2]> {
    let is_right = has_members(key, 5) && is(key, cose::KTY, cose::KTY_EC2) && is(key, cose::CRV, curve);
    let coordinates = [bytes(key, cose::X)?.try_into().ok()?, bytes(key, cose::Y)?.try_into().ok()?];
    is_right.then_some(coordinates)
}

fn has_members(key: &Value<'_>, count: usize) -> bool {
    key.as_map().is_some_and(|entries| entries.len() == count)
}

fn is(key: &Value<'_>, name: i64, value: i64) -> bool {
    key.get_number(name).and_then(Value::as_integer) == Some(value)
}

fn bytes<'a>(key: &Value<'a>, name: i64) -> Option<&'a [u8]> {
    key.get_number(name).and_then(Value::as_bytes)
}

#[cfg(test)]
mod tests {
    use super::PublicKey;
    use crate::algorithm::Algorithm;
    use crate::authenticator_data::AuthenticatorData;
    use crate::error::Error;
    use crate::vectors;
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;

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
        let twice = es256(&[0xa5, 1, 2, 1, 2, 0x20, 1]);
        let no_algorithm = es256(&[0xa4, 1, 2, 0x20, 1]);
        let mut short = es256(&[0xa5, 1, 2, 3, 0x26, 0x20, 1]);
        short.truncate(short.len() - 32);
        let compressed = [&short[..short.len() - 2], &[0xf5]].concat();
        let rsa_leading_zero = [0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x42, 0, 1, 0x21, 0x41, 3].to_vec();
        let trailing = es256(&[0xa5, 1, 2, 3, 0x26, 0x20, 1]).into_iter().chain([0]).collect();
        for bad in [
            wrong_type,
            wrong_curve,
            one_more,
            twice,
            no_algorithm,
            short,
            compressed,
            rsa_leading_zero,
            trailing,
            vec![],
        ] {
            assert_eq!(PublicKey::from_cose(&bad), Err(Error::PublicKeyMalformed), "{bad:02x?}");
        }
        // ES256K.
        let other = es256(&[0xa5, 1, 2, 3, 0x38, 0x2e, 0x20, 8]);
        assert_eq!(PublicKey::from_cose(&other), Err(Error::AlgorithmUnsupported));
    }

    #[cfg(feature = "all-algorithms")]
    fn larger_points(x: &[u8; 32], y: &[u8; 32]) -> [PublicKey; 2] {
        let long = |coordinate: &[u8; 32]| coordinate.repeat(3);
        let p384 = |coordinate| long(coordinate)[..48].try_into().unwrap();
        let p521 = |coordinate| long(coordinate)[..66].try_into().unwrap();
        [PublicKey::Es384 { x: p384(x), y: p384(y) }, PublicKey::Es512 { x: p521(x), y: p521(y) }]
    }

    /// §5.8.5: each algorithm has its curve, and points are not compressed.
    #[cfg(feature = "all-algorithms")]
    #[test]
    fn an_algorithm_has_one_curve() {
        for key in larger_points(&[1; 32], &[2; 32]) {
            let good = key.to_cose();
            let at = good.windows(2).position(|window| window[0] == 0x20).unwrap() + 1;
            for curve in [1, 2, 3, 6, 8] {
                let mut other = good.clone();
                other[at] = curve;
                let expected =
                    if curve == good[at] { Ok(key.clone()) } else { Err(Error::PublicKeyMalformed) };
                assert_eq!(PublicKey::from_cose(&other), expected, "{curve}");
            }
        }
    }

    #[cfg(feature = "all-algorithms")]
    #[test]
    fn larger_points_get_the_der_of_rfc_5480() {
        let [p384, p521] = larger_points(&[1; 32], &[2; 32]).map(|key| key.to_spki());
        let algorithm = [0x30, 0x10, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0];
        let head = [&[0x30, 0x76][..], &algorithm, &[0x22, 3, 0x62, 0, 4]].concat();
        assert_eq!((&p384[..24], p384.len()), (&head[..], 24 + 96));
        let head = [&[0x30, 0x81, 0x9b][..], &algorithm, &[0x23, 3, 0x81, 0x86, 0, 4]].concat();
        assert_eq!((&p521[..26], p521.len()), (&head[..], 26 + 132));
    }

    #[test]
    fn the_specifications_own_keys_are_read_and_written() {
        let mut with_spki = 0;
        for vector in vectors::all() {
            let data = AuthenticatorData::parse(&vector.registration.authenticator_data).unwrap();
            let cose = data.attested_credential_data.unwrap().public_key;
            let Some(algorithm) = vector.algorithm() else {
                assert_eq!(PublicKey::from_cose(cose), Err(Error::AlgorithmUnsupported), "{}", vector.name);
                continue;
            };
            let key = PublicKey::from_cose(cose).unwrap();
            assert_eq!(key.algorithm(), algorithm);
            assert_eq!(key.to_cose(), cose, "{}", vector.name);
            if let Some(spki) = vector.public_key {
                assert_eq!(key.to_spki(), spki);
                with_spki += 1;
            }
        }
        assert!(with_spki > 5);
    }

    #[test]
    fn an_rsa_key_gets_the_der_of_its_numbers() {
        let n = [0x80; 256];
        let spki = PublicKey::rsa(Algorithm::Rs256, &n, &[1, 0, 1]).unwrap().to_spki();
        let head = [0x30, 0x82, 1, 0x22, 0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
        assert_eq!(spki[..19], head);
        assert_eq!(spki[19..33], [3, 0x82, 1, 0x0f, 0, 0x30, 0x82, 1, 0x0a, 2, 0x82, 1, 1, 0]);
        assert_eq!(spki[33..289], n);
        assert_eq!(spki[289..], [2, 3, 1, 0, 1]);
        assert_eq!(PublicKey::rsa(Algorithm::Rs256, &[1; 1025], &[3]), None);
        assert_eq!(PublicKey::rsa(Algorithm::Rs256, &[], &[3]), None);
        assert_eq!(PublicKey::rsa(Algorithm::EdDsa, &n, &[3]), None);
    }

    #[test]
    fn an_ed25519_key_gets_the_der_of_rfc_8410() {
        // RFC 8410, §10.1.
        let spki = PublicKey::EdDsa { x: [0x19; 32] }.to_spki();
        assert_eq!(spki[..12], [0x30, 0x2a, 0x30, 0x05, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0]);
        assert_eq!(spki[12..], [0x19; 32]);
    }

    proptest! {
        #[test]
        fn keys_come_back(x: [u8; 32], y: [u8; 32], n in prop::collection::vec(any::<u8>(), 1..300), e in 1u8..) {
            let mut keys = vec![PublicKey::Es256 { x, y }, PublicKey::EdDsa { x }];
            let of_rsa = Algorithm::ALL.iter().filter(|algorithm| algorithm.is_rsa());
            keys.extend(of_rsa.filter_map(|algorithm| PublicKey::rsa(*algorithm, &n, &[e])));
            #[cfg(feature = "all-algorithms")]
            keys.extend(larger_points(&x, &y));
            for key in keys {
                prop_assert_eq!(PublicKey::from_cose(&key.to_cose()), Ok(key));
            }
            let key = PublicKey::Es256 { x, y };
            prop_assert_eq!(PublicKey::from_p256_spki(&key.to_spki()), Some(key));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = PublicKey::from_cose(&bytes);
            let _ = PublicKey::from_p256_spki(&bytes);
        }
    }
}
