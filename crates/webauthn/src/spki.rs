//! `SubjectPublicKeyInfo` (RFC 5280, §4.1), DER: the form in which WebCrypto imports keys and `getPublicKey()` (§5.2.1.1)
//! hands them out. A general writer of DER would be many times as long.

use alloc::vec::Vec;

/// What stands before the coordinates of a P-256 key (RFC 5480, §2), uncompressed.
const P256: [u8; 27] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];
/// The same of a P-384 key.
#[cfg(feature = "all-algorithms")]
const P384: [u8; 24] = [
    0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81,
    0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04,
];
/// The same of a P-521 key.
#[cfg(feature = "all-algorithms")]
const P521: [u8; 26] = [
    0x30, 0x81, 0x9b, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
    0x81, 0x04, 0x00, 0x23, 0x03, 0x81, 0x86, 0x00, 0x04,
];
/// What stands before the point of an Ed25519 key (RFC 8410, §4).
const ED25519: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// `rsaEncryption` with its parameters (RFC 8017, A.1).
const RSA_ALGORITHM: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;

/// A point of P-256.
pub(crate) fn p256(x: &[u8; 32], y: &[u8; 32]) -> Vec<u8> {
    [&P256[..], x, y].concat()
}

/// A point of P-384.
#[cfg(feature = "all-algorithms")]
pub(crate) fn p384(x: &[u8; 48], y: &[u8; 48]) -> Vec<u8> {
    [&P384[..], x, y].concat()
}

/// A point of P-521.
#[cfg(feature = "all-algorithms")]
pub(crate) fn p521(x: &[u8; 66], y: &[u8; 66]) -> Vec<u8> {
    [&P521[..], x, y].concat()
}

/// The coordinates, if it is what [`p256`] writes.
pub(crate) fn p256_coordinates(spki: &[u8]) -> Option<([u8; 32], [u8; 32])> {
    let (x, y) = spki.strip_prefix(&P256)?.split_first_chunk::<32>()?;
    Some((*x, y.try_into().ok()?))
}

/// A point of Curve25519.
pub(crate) fn ed25519(x: &[u8; 32]) -> Vec<u8> {
    [&ED25519[..], x].concat()
}

/// An RSA key: positive numbers without leading zeros.
pub(crate) fn rsa(n: &[u8], e: &[u8]) -> Vec<u8> {
    let key = der(SEQUENCE, &[positive(n), positive(e)].concat());
    // No bits of the last byte are left over.
    let key = der(BIT_STRING, &[&[0], key.as_slice()].concat());
    der(SEQUENCE, &[RSA_ALGORITHM.as_slice(), &key].concat())
}

fn positive(number: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if number.first().is_some_and(|first| *first < 0x80) { &[] } else { &[0] };
    der(INTEGER, &[sign, number].concat())
}

/// A value of at most 65,535 bytes; an RSA key of 8,192 bits has little more than 1,024.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len()).unwrap_or_default().to_be_bytes();
    let head: &[u8] = match (high, low) {
        (0, 0..=0x7f) => &[tag, low],
        (0, _) => &[tag, 0x81, low],
        _ => &[tag, 0x82, high, low],
    };
    [head, content].concat()
}
