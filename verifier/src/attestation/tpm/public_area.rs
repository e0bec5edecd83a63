//! `pubArea`, a `TPMT_PUBLIC` ("TPM 2.0 Library, Part 2: Structures", §12.2.4): the key that the TPM certifies.

use super::reader::Reader;
use crate::cose_key::PublicKey;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// `TPM_ALG_NULL`
const NULL: u16 = 0x0010;

/// As far as §8.3 looks at it.
pub(super) struct PublicArea<'a> {
    bytes: &'a [u8],
    name_algorithm: u16,
    key: Key<'a>,
}

/// `parameters` and `unique`.
enum Key<'a> {
    Rsa { bits: u16, exponent: u32, modulus: &'a [u8] },
    Ecc { curve: u16, x: &'a [u8], y: &'a [u8] },
}

impl<'a> PublicArea<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        const RSA: u16 = 0x0001;
        const ECC: u16 = 0x0023;
        let mut reader = Reader(bytes);
        let kind = reader.u16()?;
        let name_algorithm = reader.u16()?;
        let _object_attributes = reader.u32()?;
        let _auth_policy = reader.sized()?;
        // A key that signs encrypts nothing (Part 2, §12.2.3.5 and §12.2.3.6).
        if reader.u16()? != NULL {
            return None;
        }
        read_scheme(&mut reader)?;
        let key = match kind {
            RSA => Key::Rsa { bits: reader.u16()?, exponent: reader.u32()?, modulus: reader.sized()? },
            ECC => {
                let curve = reader.u16()?;
                read_scheme(&mut reader)?;
                Key::Ecc { curve, x: reader.sized()?, y: reader.sized()? }
            }
            _ => return None,
        };
        reader.is_at_end().then_some(Self { bytes, name_algorithm, key })
    }

    /// Whether it is that key.
    pub(super) fn is_of(&self, key: &PublicKey) -> bool {
        // TPM_ECC_NIST_P256 and the two after it.
        const P256: u16 = 0x0003;
        const P384: u16 = 0x0004;
        const P521: u16 = 0x0005;
        match (&self.key, key) {
            (Key::Rsa { bits, exponent, modulus }, PublicKey::Rsa { n, e, .. }) => {
                // An exponent of 0 stands for 2^16 + 1 (Part 2, §12.2.3.5).
                let exponent = if *exponent == 0 { 0x0001_0001 } else { *exponent };
                modulus == n && usize::from(*bits) == n.len() * 8 && is_number(&exponent.to_be_bytes(), e)
            }
            (Key::Ecc { curve: P256, x, y }, PublicKey::Es256 { x: key_x, y: key_y }) => {
                is_number(key_x, x) && is_number(key_y, y)
            }
            (Key::Ecc { curve: P384, x, y }, PublicKey::Es384 { x: key_x, y: key_y }) => {
                is_number(key_x, x) && is_number(key_y, y)
            }
            (Key::Ecc { curve: P521, x, y }, PublicKey::Es512 { x: key_x, y: key_y }) => {
                is_number(key_x, x) && is_number(key_y, y)
            }
            _ => false,
        }
    }

    /// Its name ("TPM 2.0 Library, Part 1: Architecture", §16): the hash algorithm and the hash. `None` for an algorithm that is not
    /// supported; SHA-1 is none any more.
    pub(super) fn name(&self) -> Option<Vec<u8>> {
        let hash = match self.name_algorithm {
            0x000b => Sha256::digest(self.bytes).to_vec(),
            0x000c => Sha384::digest(self.bytes).to_vec(),
            0x000d => Sha512::digest(self.bytes).to_vec(),
            _ => return None,
        };
        Some([&self.name_algorithm.to_be_bytes()[..], &hash].concat())
    }
}

/// A `TPMT_…_SCHEME`: an algorithm, and its hash if it is not `TPM_ALG_NULL`. Those of the schemes for signatures have nothing else.
fn read_scheme(reader: &mut Reader<'_>) -> Option<()> {
    const RSASSA: u16 = 0x0014;
    const RSAPSS: u16 = 0x0016;
    const ECDSA: u16 = 0x0018;
    match reader.u16()? {
        NULL => Some(()),
        RSASSA | RSAPSS | ECDSA => reader.u16().map(|_| ()),
        _ => None,
    }
}

/// Whether both are the same number, big-endian: TPMs may leave out zeros in front.
fn is_number(one: &[u8], other: &[u8]) -> bool {
    let significant = |number: &[u8]| number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    one.get(significant(one)..) == other.get(significant(other)..)
}
