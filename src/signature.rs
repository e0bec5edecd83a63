//! Signature algorithms, and the one change of form that stands between WebAuthn and WebCrypto.

/// What every WebCrypto can check. COSE numbers (IANA, "COSE Algorithms").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA over P-256 with SHA-256, -7.
    #[default]
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, -257; what Windows Hello makes on many machines.
    Rs256,
}

impl Algorithm {
    /// The algorithm of that COSE number.
    #[must_use]
    pub const fn from_cose(number: i32) -> Option<Self> {
        match number {
            -7 => Some(Self::Es256),
            -257 => Some(Self::Rs256),
            _ => None,
        }
    }

    /// Its COSE number.
    #[must_use]
    pub const fn to_cose(self) -> i32 {
        match self {
            Self::Es256 => -7,
            Self::Rs256 => -257,
        }
    }

    /// The name in JOSE (RFC 7518, §3.1).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }

    /// The algorithm of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Es256, Self::Rs256].into_iter().find(|algorithm| algorithm.name() == name)
    }
}

/// Rewrites an ECDSA signature over P-256 from the DER of WebAuthn (Level 3, §6.5.5) to the two 32-byte numbers that
/// WebCrypto takes (IEEE P1363). `None` where it is no such DER; whether the numbers are right, the check will tell.
#[must_use]
pub fn es256_der_to_p1363(der: &[u8]) -> Option<Vec<u8>> {
    const SEQUENCE: u8 = 0x30;
    // Two integers of at most 33 bytes each keep the length below 128, so it is one byte.
    let (&[SEQUENCE, length], body) = der.split_first_chunk::<2>()? else {
        return None;
    };
    if usize::from(length) != body.len() {
        return None;
    }
    let mut raw = Vec::new();
    let rest = push_positive_integer(&mut raw, body)?;
    let rest = push_positive_integer(&mut raw, rest)?;
    if !rest.is_empty() {
        return None;
    }
    Some(raw)
}

/// A DER INTEGER, not negative and at most 32 bytes, left-padded with zeros; and what follows it.
fn push_positive_integer<'a>(raw: &mut Vec<u8>, der: &'a [u8]) -> Option<&'a [u8]> {
    const INTEGER: u8 = 0x02;
    let (&[INTEGER, length], rest) = der.split_first_chunk::<2>()? else {
        return None;
    };
    let (bytes, rest) = rest.split_at_checked(usize::from(length))?;
    let magnitude = match bytes {
        [] | [0x80..=0xff, ..] | [0, 0..=0x7f, ..] => return None,
        [0, magnitude @ ..] => magnitude,
        magnitude => magnitude,
    };
    let padding = 32usize.checked_sub(magnitude.len())?;
    raw.resize(raw.len() + padding, 0);
    raw.extend_from_slice(magnitude);
    Some(rest)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Algorithm, es256_der_to_p1363};
    use crate::vectors;
    use proptest::prelude::*;

    fn der_integer(number: &[u8; 32]) -> Vec<u8> {
        let start = number.iter().position(|byte| *byte != 0).unwrap_or(31);
        let mut magnitude = number[start..].to_vec();
        if magnitude[0] & 0x80 != 0 {
            magnitude.insert(0, 0);
        }
        [&[0x02, u8::try_from(magnitude.len()).unwrap()], magnitude.as_slice()].concat()
    }

    fn der(r: &[u8; 32], s: &[u8; 32]) -> Vec<u8> {
        let body = [der_integer(r), der_integer(s)].concat();
        [&[0x30, u8::try_from(body.len()).unwrap()], body.as_slice()].concat()
    }

    #[test]
    fn the_specifications_own_signatures_are_rewritten() {
        for vector in vectors::ALL.iter().filter(|vector| vector.algorithm == Algorithm::Es256) {
            let signature = vector.assertion_signature();
            let raw = es256_der_to_p1363(&signature).unwrap();
            let (r, s) = raw.split_at(32);
            assert_eq!(der(r.try_into().unwrap(), s.try_into().unwrap()), signature);
        }
    }

    #[test]
    fn what_is_no_der_signature_is_refused() {
        let good = der(&[0x7f; 32], &[0xff; 32]);
        assert!(es256_der_to_p1363(&good).is_some());
        let mut trailing = good.clone();
        trailing.push(0);
        let mut wrong_tag = good.clone();
        wrong_tag[0] = 0x31;
        let negative = [&[0x30, 6, 2, 1, 0x80, 2, 1, 1][..]].concat();
        let not_minimal = [&[0x30, 7, 2, 2, 0, 1, 2, 1, 1][..]].concat();
        let empty_integer = [&[0x30, 5, 2, 0, 2, 1, 1][..]].concat();
        for bad in [trailing, wrong_tag, negative, not_minimal, empty_integer, vec![], vec![0x30]] {
            assert_eq!(es256_der_to_p1363(&bad), None, "{bad:02x?}");
        }
        assert_eq!(es256_der_to_p1363(&good[..good.len() - 1]), None);
    }

    proptest! {
        #[test]
        fn every_pair_of_numbers_survives(r in any::<[u8; 32]>(), s in any::<[u8; 32]>()) {
            prop_assert_eq!(es256_der_to_p1363(&der(&r, &s)).unwrap().to_vec(), [r, s].concat());
        }

        #[test]
        fn small_numbers_are_padded(r in 0u8.., s in 0u8..) {
            let wide = |n: u8| { let mut w = [0; 32]; w[31] = n; w };
            prop_assert_eq!(es256_der_to_p1363(&der(&wide(r), &wide(s))).unwrap().to_vec(), [wide(r), wide(s)].concat());
        }

        #[test]
        fn any_bytes_are_rewritten_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            if let Some(raw) = es256_der_to_p1363(&bytes) {
                let (r, s) = raw.split_at(32);
                prop_assert_eq!(der(r.try_into().unwrap(), s.try_into().unwrap()), bytes);
            }
        }
    }
}
