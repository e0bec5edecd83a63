//! Attestation objects (§6.5.4): what an authenticator answers to a request for a new credential.

use crate::cbor::{self, Value};
use crate::error::Error;
use alloc::vec::Vec;

/// An attestation object may have this many bytes; most of them are certificates.
pub const MAX_SIZE: usize = 64 * 1024;

/// An attestation object, borrowed from its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestationObject<'a> {
    /// `fmt`: the attestation statement format's identifier.
    pub format: &'a str,
    /// `attStmt`: the attestation statement, a map; an array in the format `compound` (§8.9).
    pub statement: Value<'a>,
    /// `authData`: the authenticator data's bytes.
    pub authenticator_data: &'a [u8],
}

impl<'a> AttestationObject<'a> {
    /// One without attestation (§8.7).
    #[must_use]
    pub const fn none(authenticator_data: &'a [u8]) -> Self {
        Self { format: "none", statement: Value::Map(Vec::new()), authenticator_data }
    }

    /// §7.1 step 13: reads `fmt`, `attStmt` and `authData`, and nothing else.
    ///
    /// # Errors
    ///
    /// [`Error::AttestationObjectMalformed`]; [`Error::AttestationObjectTooLarge`] above [`MAX_SIZE`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_SIZE {
            return Err(Error::AttestationObjectTooLarge);
        }
        Self::read(bytes).ok_or(Error::AttestationObjectMalformed)
    }

    fn read(bytes: &'a [u8]) -> Option<Self> {
        let object = cbor::read(bytes).filter(|object| object.as_map().is_some_and(|map| map.len() == 3))?;
        let is_statement = |value: &&Value<'_>| matches!(value, Value::Map(_) | Value::Array(_));
        let statement = object.get("attStmt").filter(is_statement)?.clone();
        let authenticator_data = object.get("authData")?.as_bytes()?;
        Some(Self { format: object.get("fmt")?.as_text()?, statement, authenticator_data })
    }

    /// Writes it, in the order of CTAP2's canonical CBOR.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::write(&Value::Map(Vec::from([
            (Value::Text("fmt"), Value::Text(self.format)),
            (Value::Text("attStmt"), self.statement.clone()),
            (Value::Text("authData"), Value::Bytes(self.authenticator_data)),
        ])))
    }
}

#[cfg(test)]
mod tests {
    use super::{AttestationObject, MAX_SIZE};
    use crate::error::Error;
    use crate::vectors;
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static OBJECT: LazyLock<Vec<u8>> =
        LazyLock::new(|| vectors::named("none-es256").unwrap().registration.attestation_object);

    #[test]
    fn the_specifications_own_objects_are_read_and_written() {
        for vector in vectors::all() {
            let bytes = vector.registration.attestation_object;
            let object = AttestationObject::parse(&bytes).unwrap();
            assert_eq!(object.authenticator_data, vector.registration.authenticator_data);
            assert_eq!(AttestationObject::parse(&object.to_bytes()), Ok(object.clone()), "{}", vector.name);
        }
    }

    #[test]
    fn a_statement_may_be_an_array() {
        let bytes = b"\xa3\x63fmt\x68compound\x67attStmt\x81\xa0\x68authData\x40";
        let object = AttestationObject::parse(bytes).unwrap();
        assert_eq!(object.statement.as_array().unwrap().len(), 1);
        assert_eq!(object.to_bytes(), bytes);
    }

    #[test]
    fn what_is_cut_short_left_over_or_another_map_is_refused() {
        let object = AttestationObject::none(b"data").to_bytes();
        assert!(AttestationObject::parse(&object).is_ok());
        for end in 0..object.len() {
            assert!(AttestationObject::parse(&object[..end]).is_err(), "{end}");
        }
        assert!(AttestationObject::parse(&[&object[..], &[0]].concat()).is_err());
        for bad in [
            &b"\xa1\x68authData\x40"[..],
            b"\xa2\x68authData\x40\x68authData\x40",
            b"\xa3\x63fmt\x64none\x67attStmt\x40\x68authData\x40",
            b"\xa3\x63fmt\x44none\x67attStmt\xa0\x68authData\x40",
            b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x60",
            b"\xa4\x63fmt\x64none\x67attStmt\xa0\x68authData\x40\x61x\x01",
        ] {
            assert_eq!(AttestationObject::parse(bad), Err(Error::AttestationObjectMalformed), "{bad:02x?}");
        }
        assert_eq!(AttestationObject::parse(&vec![0; MAX_SIZE + 1]), Err(Error::AttestationObjectTooLarge));
    }

    proptest! {
        #[test]
        fn a_changed_byte_is_read_or_refused(at in 0usize..300, byte: u8) {
            let mut bytes = OBJECT.clone();
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            if let Ok(object) = AttestationObject::parse(&bytes) {
                let written = object.to_bytes();
                prop_assert_eq!(AttestationObject::parse(&written), Ok(object));
            }
        }
    }
}
