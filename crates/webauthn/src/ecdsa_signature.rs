//! ECDSA signatures over P-256, in the two forms that there are: DER, which WebAuthn has (§6.5.5), and the two numbers one
//! after the other (IEEE P1363), which WebCrypto takes.

use alloc::vec::Vec;

/// A number has this many bytes.
const NUMBER: usize = 32;

/// The tags of DER.
const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;

/// Reads `Ecdsa-Sig-Value` (RFC 3279, §2.2.3) and returns r and s. `None` where it is no such DER; whether the numbers are
/// right, the check of the signature will tell.
#[must_use]
pub fn from_der(der: &[u8]) -> Option<[u8; 2 * NUMBER]> {
    // Two integers of at most 33 bytes each keep the length below 128, so it is one byte.
    let (&[SEQUENCE, length], body) = der.split_first_chunk::<2>()? else {
        return None;
    };
    if usize::from(length) != body.len() {
        return None;
    }
    let mut raw = [0; 2 * NUMBER];
    let (r, s) = raw.split_at_mut(NUMBER);
    let rest = read_integer(body, r)?;
    let rest = read_integer(rest, s)?;
    rest.is_empty().then_some(raw)
}

/// Reads a DER INTEGER that is not negative into the end of `number`, and returns what follows it.
fn read_integer<'a>(der: &'a [u8], number: &mut [u8]) -> Option<&'a [u8]> {
    let (&[INTEGER, length], rest) = der.split_first_chunk::<2>()? else {
        return None;
    };
    let (bytes, rest) = rest.split_at_checked(usize::from(length))?;
    let magnitude = match bytes {
        // None at all, a negative number, or a zero in front that is not needed.
        [] | [0x80..=0xff, ..] | [0, 0..=0x7f, ..] => return None,
        [0, magnitude @ ..] => magnitude,
        magnitude => magnitude,
    };
    let padding = number.len().checked_sub(magnitude.len())?;
    number.get_mut(padding..)?.copy_from_slice(magnitude);
    Some(rest)
}

/// Writes r and s as `Ecdsa-Sig-Value` (RFC 3279, §2.2.3).
#[must_use]
pub fn to_der(raw: &[u8; 2 * NUMBER]) -> Vec<u8> {
    let (r, s) = raw.split_at(NUMBER);
    let mut integers = Vec::new();
    push_integer(&mut integers, r);
    push_integer(&mut integers, s);
    let mut der = Vec::new();
    push(&mut der, SEQUENCE, &integers);
    der
}

/// A DER INTEGER: no zeros in front but for the one that keeps the number positive.
fn push_integer(der: &mut Vec<u8>, number: &[u8]) {
    let mut digits = Vec::from([0]);
    digits.extend(number.iter().skip_while(|digit| **digit == 0));
    let is_positive = digits.get(1).is_some_and(|first| *first < 0x80);
    push(der, INTEGER, digits.get(usize::from(is_positive)..).unwrap_or_default());
}

/// A DER value with a length of one byte, as all of these have.
fn push(der: &mut Vec<u8>, tag: u8, content: &[u8]) {
    der.extend([tag, u8::try_from(content.len()).unwrap_or_default()]);
    der.extend(content);
}

#[cfg(test)]
mod tests {
    use super::{from_der, to_der};
    use crate::Algorithm;
    use crate::vectors;
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn the_specifications_own_signatures_are_rewritten() {
        let vectors = vectors::all();
        let es256 = vectors.iter().filter(|vector| vector.algorithm() == Some(Algorithm::Es256));
        for signature in es256.map(|vector| &vector.assertion.signature) {
            assert_eq!(to_der(&from_der(signature).unwrap()), *signature);
        }
    }

    #[test]
    fn what_is_no_der_signature_is_refused() {
        let good = to_der(&core::array::from_fn(|at| if at < 32 { 0x7f } else { 0xff }));
        assert!(from_der(&good).is_some());
        let mut trailing = good.clone();
        trailing.push(0);
        let mut wrong_tag = good.clone();
        wrong_tag[0] = 0x31;
        let negative = [&[0x30, 6, 2, 1, 0x80, 2, 1, 1][..]].concat();
        let not_minimal = [&[0x30, 7, 2, 2, 0, 1, 2, 1, 1][..]].concat();
        let empty_integer = [&[0x30, 5, 2, 0, 2, 1, 1][..]].concat();
        let one_integer = [&[0x30, 3, 2, 1, 1][..]].concat();
        let too_long = [&[0x30, 38, 2, 33][..], &[1; 33], &[2, 1, 1]].concat();
        let long_length = [&[0x30, 0x81, 6, 2, 1, 1, 2, 1, 1][..]].concat();
        for bad in [
            trailing,
            wrong_tag,
            negative,
            not_minimal,
            empty_integer,
            one_integer,
            too_long,
            long_length,
            vec![],
            vec![0x30],
        ] {
            assert_eq!(from_der(&bad), None, "{bad:02x?}");
        }
        for end in 0..good.len() {
            assert_eq!(from_der(&good[..end]), None, "{end}");
        }
    }

    proptest! {
        #[test]
        fn every_pair_of_numbers_survives(r in any::<[u8; 32]>(), s in any::<[u8; 32]>()) {
            let raw = [r, s].concat().try_into().unwrap();
            prop_assert_eq!(from_der(&to_der(&raw)), Some(raw));
        }

        #[test]
        fn small_numbers_are_padded(r: u8, s: u8, at in 0usize..32) {
            let mut raw = [0; 64];
            (raw[at], raw[63 - at / 2]) = (r, s);
            prop_assert_eq!(from_der(&to_der(&raw)), Some(raw));
        }

        #[test]
        fn each_der_is_the_only_one_of_its_numbers(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            if let Some(raw) = from_der(&bytes) {
                prop_assert_eq!(to_der(&raw), bytes);
            }
        }

        #[test]
        fn a_damaged_signature_is_another_or_none(raw in any::<[u8; 32]>(), at in 0usize..70, byte: u8) {
            let good = to_der(&[raw, raw].concat().try_into().unwrap());
            let mut bad = good.clone();
            if let Some(place) = bad.get_mut(at) {
                *place = byte;
            }
            if let Some(raw) = from_der(&bad) {
                let again: Vec<u8> = to_der(&raw);
                prop_assert_eq!(again, bad);
            }
        }
    }
}
