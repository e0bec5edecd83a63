//! Attestation objects (WebAuthn Level 3, §6.5.4): what a registration is, whatever accessors an answer has besides.

use crate::authenticator_data::AuthenticatorData;
use crate::cbor::{self, Item};
use crate::cose_key;
use crate::signature::Algorithm;

/// What a client needs of an attestation object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attested<'a> {
    /// The authenticator data.
    pub authenticator_data: &'a [u8],
    /// The new key's algorithm.
    pub algorithm: Algorithm,
    /// The new key as `SubjectPublicKeyInfo`, DER.
    pub public_key: Vec<u8>,
}

/// Reads an attestation object; `None` where it is none, or its key is of no algorithm that is asked for.
#[must_use]
pub fn read(attestation_object: &[u8]) -> Option<Attested<'_>> {
    let authenticator_data = authenticator_data(attestation_object)?;
    let key = AuthenticatorData::parse(authenticator_data)?.attested_public_key?;
    let (algorithm, public_key) = cose_key::to_spki(key)?;
    Some(Attested { authenticator_data, algorithm, public_key })
}

fn authenticator_data(mut input: &[u8]) -> Option<&[u8]> {
    let input = &mut input;
    let Item::Map(entries) = cbor::next(input)? else {
        return None;
    };
    let mut found = None;
    for _ in 0..entries {
        match (cbor::next(input)?, &mut found) {
            (Item::Text(b"authData"), found @ None) => match cbor::next(input)? {
                Item::Bytes(bytes) => *found = Some(bytes),
                _ => return None,
            },
            (Item::Text(b"fmt" | b"attStmt"), _) => cbor::skip(input)?,
            _ => return None,
        }
    }
    found.filter(|_| input.is_empty())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::read;
    use crate::vectors;
    use proptest::prelude::*;

    fn attestation_object(authenticator_data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(authenticator_data.len()).unwrap().to_be_bytes();
        [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59", &length[..], authenticator_data].concat()
    }

    #[test]
    fn the_specifications_own_keys_are_read() {
        for vector in vectors::ALL.iter() {
            let data = vector.registration_authenticator_data();
            let object = attestation_object(&data);
            let attested = read(&object).unwrap();
            assert_eq!(attested.authenticator_data, data);
            assert_eq!((attested.algorithm, attested.public_key), (vector.algorithm, vector.public_key()));
        }
    }

    #[test]
    fn what_is_cut_short_or_left_over_is_refused() {
        let object = attestation_object(&vectors::ALL[0].registration_authenticator_data());
        for end in 0..object.len() {
            assert_eq!(read(&object[..end]), None, "{end}");
        }
        assert_eq!(read(&[&object[..], &[0]].concat()), None);
        assert_eq!(read(b"\xa1\x68authData\xa0"), None);
        assert_eq!(read(b"\xa2\x68authData\x40\x68authData\x40"), None);
    }

    proptest! {
        #[test]
        fn any_change_of_a_byte_is_read_or_refused(at in 0usize..200, byte: u8) {
            let mut object = attestation_object(&vectors::ALL[0].registration_authenticator_data());
            if let Some(place) = object.get_mut(at) {
                *place = byte;
            }
            let _ = read(&object);
        }
    }
}
