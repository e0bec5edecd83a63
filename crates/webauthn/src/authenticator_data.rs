//! Authenticator data, the bytes that an authenticator signs (§6.1).

use crate::cbor;
use crate::error::Error;
use crate::flags::Flags;
use alloc::vec::Vec;

/// Authenticator data may have this many bytes: a credential id takes up to 1,023, an RSA key some hundred.
pub const MAX_SIZE: usize = 16 * 1024;

/// Authenticator data, borrowed from their bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticatorData<'a> {
    /// SHA-256 of the RP id.
    pub rp_id_hash: &'a [u8; 32],
    /// The flags.
    pub flags: Flags,
    /// The signature counter. Always 0 on authenticators that keep none, such as Apple's.
    pub sign_count: u32,
    /// The new credential, in a registration.
    pub attested_credential_data: Option<AttestedCredentialData<'a>>,
    /// The outputs of extensions, a CBOR map; empty where there are none.
    pub extensions: &'a [u8],
}

/// The new credential (§6.5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestedCredentialData<'a> {
    /// The authenticator's model; all zeros where it does not say.
    pub aaguid: &'a [u8; 16],
    /// The credential id.
    pub credential_id: &'a [u8],
    /// The public key, as a COSE key.
    pub public_key: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    /// Reads authenticator data, all of them: §7.1 step 13, and what §7.2 step 15 and the following look at.
    ///
    /// # Errors
    ///
    /// [`Error::AuthenticatorDataMalformed`] where something is cut short, left over, or no CBOR, or where there is more
    /// than [`MAX_SIZE`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        Self::read(bytes).ok_or(Error::AuthenticatorDataMalformed)
    }

    fn read(bytes: &'a [u8]) -> Option<Self> {
        if bytes.len() > MAX_SIZE {
            return None;
        }
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>()?;
        let (flags, rest) = rest.split_first()?;
        let (sign_count, rest) = rest.split_first_chunk::<4>()?;
        let flags = Flags(*flags);
        let (attested_credential_data, extensions) = if flags.attested() {
            AttestedCredentialData::read_first(rest).map(|(data, rest)| (Some(data), rest))?
        } else {
            (None, rest)
        };
        // Authenticators may add outputs that nobody asked for (§7.1 step 28): what they are does not matter, only where they end.
        let is_whole =
            if flags.extensions() { cbor::read_names(extensions).is_some() } else { extensions.is_empty() };
        let sign_count = u32::from_be_bytes(*sign_count);
        is_whole.then_some(Self { rp_id_hash, flags, sign_count, attested_credential_data, extensions })
    }

    /// Writes authenticator data. The flags are written as they are, whether or not they say what follows; and of a
    /// credential id so much as its length of two bytes can name.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(self.rp_id_hash);
        bytes.push(self.flags.0);
        bytes.extend(self.sign_count.to_be_bytes());
        if let Some(credential) = &self.attested_credential_data {
            credential.write(&mut bytes);
        }
        bytes.extend(self.extensions);
        bytes
    }

    /// The new credential, which a registration has (§7.1 step 13).
    ///
    /// # Errors
    ///
    /// [`Error::AttestedCredentialDataMissing`]
    pub fn new_credential(&self) -> Result<&AttestedCredentialData<'a>, Error> {
        self.attested_credential_data.as_ref().ok_or(Error::AttestedCredentialDataMissing)
    }

    /// The identifiers of the extensions that have outputs (§9).
    #[must_use]
    pub fn extension_identifiers(&self) -> Vec<&'a str> {
        cbor::read_names(self.extensions).unwrap_or_default()
    }
}

impl<'a> AttestedCredentialData<'a> {
    fn read_first(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (aaguid, rest) = bytes.split_first_chunk::<16>()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (credential_id, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
        let (_, after) = cbor::read_first(rest)?;
        let public_key = rest.get(..rest.len().checked_sub(after.len())?)?;
        Some((Self { aaguid, credential_id, public_key }, after))
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        let length = u16::try_from(self.credential_id.len()).unwrap_or(u16::MAX);
        bytes.extend(self.aaguid);
        bytes.extend(length.to_be_bytes());
        bytes.extend(self.credential_id.iter().take(length.into()));
        bytes.extend(self.public_key);
    }
}

#[cfg(test)]
mod tests {
    use super::AuthenticatorData;
    use crate::error::Error;
    use crate::vectors;
    use alloc::vec::Vec;
    use proptest::prelude::*;
    use sha2::{Digest as _, Sha256};

    fn data(flags: u8, rest: &[u8]) -> Vec<u8> {
        [&[0; 32][..], &[flags, 0, 0, 1, 2], rest].concat()
    }

    fn with_all_parts(flags: u8) -> Vec<u8> {
        data(flags, &[&[7; 16][..], &[0, 2, 8, 9], b"\xa1\x01\x02", b"\xa1\x61e\xf5"].concat())
    }

    #[test]
    fn all_parts_are_read() {
        let bytes = with_all_parts(0xdd);
        let read = AuthenticatorData::parse(&bytes).unwrap();
        let credential = read.new_credential().unwrap();
        assert_eq!(read.sign_count, 258);
        assert_eq!(*credential.aaguid, [7; 16]);
        assert_eq!(credential.credential_id, [8, 9]);
        assert_eq!(credential.public_key, b"\xa1\x01\x02");
        assert_eq!(read.extension_identifiers(), ["e"]);
        let flags = read.flags;
        assert!(
            flags.user_present() && flags.user_verified() && flags.backup_eligible() && flags.backup_state()
        );
    }

    #[test]
    fn every_truncation_and_anything_left_over_is_refused() {
        let bytes = with_all_parts(0xc1);
        assert!(AuthenticatorData::parse(&bytes).is_ok());
        for end in 0..bytes.len() {
            assert!(AuthenticatorData::parse(&bytes[..end]).is_err(), "{end}");
        }
        assert!(AuthenticatorData::parse(&[&bytes[..], &[0]].concat()).is_err());
        assert!(AuthenticatorData::parse(&data(0x01, b"")).is_ok());
        assert!(AuthenticatorData::parse(&data(0x01, b"\xa0")).is_err());
        assert!(AuthenticatorData::parse(&data(0x81, b"")).is_err());
        assert!(AuthenticatorData::parse(&data(0x81, b"\x01")).is_err());
        assert!(AuthenticatorData::parse(&data(0x81, b"\xa1\x01\x01")).is_err());
    }

    #[test]
    fn outputs_may_be_any_values_that_the_form_allows() {
        let with = |output: &[u8]| data(0x81, &[b"\xa2\x61e", output, b"\x61f\xf5"].concat());
        let many = |head: &[u8], entry: &[u8], count: usize| [head, &entry.repeat(count)].concat();
        let outputs: [Vec<u8>; 9] = [
            b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff".to_vec(),
            b"\x3b\xff\xff\xff\xff\xff\xff\xff\xff".to_vec(),
            b"\xe0".to_vec(),
            b"\xf8\xff".to_vec(),
            b"\xf9\x7e\x00".to_vec(),
            b"\xfb\x3f\xf0\x00\x00\x00\x00\x00\x00".to_vec(),
            many(b"\x98\x64", b"\x01", 100),
            many(b"\xb8\x41", b"\x01\xf7", 65),
            many(b"", b"\x81", 7).into_iter().chain([0xf4]).collect(),
        ];
        for output in outputs {
            let bytes = with(&output);
            let read = AuthenticatorData::parse(&bytes).unwrap();
            assert_eq!(read.extension_identifiers(), ["e", "f"], "{output:02x?}");
            assert!(AuthenticatorData::parse(&bytes[..bytes.len() - 1]).is_err());
            assert!(AuthenticatorData::parse(&[&bytes[..], &[0]].concat()).is_err());
        }
        let many_names: Vec<u8> = (0..200u8).flat_map(|number| [0x19, 1, number]).collect();
        assert!(AuthenticatorData::parse(&data(0x81, &[b"\xb8\xc8", &many_names[..]].concat())).is_err());
        let many_names: Vec<u8> =
            (0..100u8).flat_map(|number| [0x62, b'0' + number / 10, b'0' + number % 10, 0xf5]).collect();
        let bytes = data(0x81, &[b"\xb8\x64", &many_names[..]].concat());
        assert_eq!(AuthenticatorData::parse(&bytes).unwrap().extension_identifiers().len(), 100);
        for output in [
            &b"\x9f\x01\xff"[..],
            b"\x5f\x41\x01\xff",
            b"\xc1\x01",
            b"\xff",
            b"\x1c",
            b"\xf8\x14",
            b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff\x01",
            b"\x81\x81\x81\x81\x81\x81\x81\x81\x01",
        ] {
            assert!(AuthenticatorData::parse(&with(output)).is_err(), "{output:02x?}");
        }
        assert!(AuthenticatorData::parse(&data(0x81, b"\xa2\x61e\xf5\x61e\xf5")).is_err());
        assert!(AuthenticatorData::parse(&data(0x81, b"\xa1\x44name\xf5")).is_err());
        assert!(AuthenticatorData::parse(&data(0x81, b"\xbf\x61e\xf5\xff")).is_err());
    }

    #[test]
    fn the_specifications_own_examples_are_read_and_written() {
        let rp_id_hash: [u8; 32] = Sha256::digest(b"example.org").into();
        for vector in vectors::all() {
            let registration = AuthenticatorData::parse(&vector.registration.authenticator_data).unwrap();
            assert_eq!(*registration.rp_id_hash, rp_id_hash);
            assert_eq!(registration.new_credential().unwrap().credential_id, vector.credential_id);
            assert_eq!(registration.to_bytes(), vector.registration.authenticator_data);
            let assertion = AuthenticatorData::parse(&vector.assertion.authenticator_data).unwrap();
            assert_eq!(*assertion.rp_id_hash, rp_id_hash);
            assert_eq!(assertion.new_credential(), Err(Error::AttestedCredentialDataMissing));
            assert!(assertion.flags.user_present());
            assert_eq!(assertion.to_bytes(), vector.assertion.authenticator_data);
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_to_the_byte(flags: u8, rest in prop::collection::vec(any::<u8>(), 0..100)) {
            let bytes = data(flags, &rest);
            if let Ok(read) = AuthenticatorData::parse(&bytes) {
                prop_assert_eq!(read.to_bytes(), bytes);
            }
        }

        #[test]
        fn a_changed_byte_is_read_or_refused(at in 0usize..70, byte: u8) {
            let mut bytes = with_all_parts(0xc5);
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            if let Ok(read) = AuthenticatorData::parse(&bytes) {
                prop_assert_eq!(read.to_bytes(), bytes);
            }
        }
    }
}
