//! COSE keys (RFC 9053; WebAuthn Level 3, §5.8.5), of the algorithms that are asked for.

use crate::cbor::{self, Item};
use crate::signature::Algorithm;

/// What stands before the coordinates in the `SubjectPublicKeyInfo` of a P-256 key (RFC 5480, §2), uncompressed.
const P256_PREFIX: [u8; 27] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];
/// `rsaEncryption` with its parameters (RFC 8017, A.1).
const RSA_ALGORITHM: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;

/// The algorithm of a COSE key, and the key as `SubjectPublicKeyInfo`, DER, which is what WebCrypto imports and what
/// `getPublicKey()` hands out. `None` where it is no such key, or has another algorithm. What stands behind it, an
/// authenticator's extensions, is not looked at.
#[must_use]
pub fn to_spki(mut cose: &[u8]) -> Option<(Algorithm, Vec<u8>)> {
    let input = &mut cose;
    let Item::Map(entries @ 4..=5) = cbor::next(input)? else {
        return None;
    };
    let (mut kty, mut alg, mut minus_1, mut minus_2, mut minus_3) = (None, None, None, None, None);
    for _ in 0..entries {
        let member = match cbor::next(input)? {
            Item::Integer(1) => &mut kty,
            Item::Integer(3) => &mut alg,
            Item::Integer(-1) => &mut minus_1,
            Item::Integer(-2) => &mut minus_2,
            Item::Integer(-3) => &mut minus_3,
            _ => return None,
        };
        // Twice is once too often.
        if member.replace(cbor::next(input)?).is_some() {
            return None;
        }
    }
    match (kty?, alg?, minus_1?, minus_2?, minus_3) {
        // EC2, ES256, P-256, x and y.
        (Item::Integer(2), Item::Integer(-7), Item::Integer(1), Item::Bytes(x), Some(Item::Bytes(y)))
            if x.len() == 32 && y.len() == 32 =>
        {
            Some((Algorithm::Es256, [&P256_PREFIX, x, y].concat()))
        }
        // RSA, RS256, n and e.
        (Item::Integer(3), Item::Integer(-257), Item::Bytes(n), Item::Bytes(e), None) => {
            let key = der(SEQUENCE, &[positive(n)?, positive(e)?].concat())?;
            // No bits of the last byte are left over.
            let key = der(BIT_STRING, &[&[0], key.as_slice()].concat())?;
            Some((Algorithm::Rs256, der(SEQUENCE, &[RSA_ALGORITHM.as_slice(), &key].concat())?))
        }
        _ => None,
    }
}

/// A positive number, which COSE writes without leading zeros, as a DER INTEGER.
fn positive(number: &[u8]) -> Option<Vec<u8>> {
    match number.first()? {
        0 => None,
        0x01..=0x7f => der(INTEGER, number),
        0x80.. => der(INTEGER, &[&[0], number].concat()),
    }
}

/// A DER value of at most 65,535 bytes.
fn der(tag: u8, content: &[u8]) -> Option<Vec<u8>> {
    let [high, low] = u16::try_from(content.len()).ok()?.to_be_bytes();
    let head: &[u8] = match (high, low) {
        (0, 0..=0x7f) => &[tag, low],
        (0, _) => &[tag, 0x81, low],
        _ => &[tag, 0x82, high, low],
    };
    Some([head, content].concat())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::to_spki;
    use crate::signature::Algorithm;

    fn es256(header: &[u8]) -> Vec<u8> {
        [header, &[0x21, 0x58, 0x20], &[1; 32], &[0x22, 0x58, 0x20], &[2; 32]].concat()
    }

    #[test]
    fn what_is_no_key_of_these_algorithms_is_refused() {
        assert!(to_spki(&es256(&[0xa5, 1, 2, 3, 0x26, 0x20, 1])).is_some());
        let wrong_type = es256(&[0xa5, 1, 3, 3, 0x26, 0x20, 1]);
        let wrong_curve = es256(&[0xa5, 1, 2, 3, 0x26, 0x20, 2]);
        let wrong_algorithm = es256(&[0xa5, 1, 2, 3, 0x27, 0x20, 1]);
        let one_more = es256(&[0xa6, 1, 2, 3, 0x26, 4, 1, 0x20, 1]);
        let twice = es256(&[0xa5, 1, 2, 1, 2, 0x20, 1]);
        let no_algorithm = es256(&[0xa4, 1, 2, 0x20, 1]);
        let leading_zero = [0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x42, 0, 1, 0x21, 0x41, 3].to_vec();
        let rows =
            [wrong_type, wrong_curve, wrong_algorithm, one_more, twice, no_algorithm, leading_zero, vec![]];
        for bad in rows {
            assert_eq!(to_spki(&bad), None, "{bad:02x?}");
        }
    }

    #[test]
    fn an_rsa_key_gets_the_der_of_its_numbers() {
        let n = [0x80; 256];
        let cose = [&[0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59, 1, 0][..], &n, &[0x21, 0x43, 1, 0, 1]].concat();
        let (algorithm, spki) = to_spki(&cose).unwrap();
        assert_eq!(algorithm, Algorithm::Rs256);
        let head = [0x30, 0x82, 1, 0x22, 0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
        assert_eq!(spki[..19], head);
        assert_eq!(spki[19..33], [3, 0x82, 1, 0x0f, 0, 0x30, 0x82, 1, 0x0a, 2, 0x82, 1, 1, 0]);
        assert_eq!(spki[33..289], n);
        assert_eq!(spki[289..], [2, 3, 1, 0, 1]);
    }
}
