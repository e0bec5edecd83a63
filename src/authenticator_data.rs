//! Authenticator data, the bytes that an authenticator signs (WebAuthn Level 3, §6.1).

/// Authenticator data as far as a client has to look at it. Extensions stay unread: only a server looks at them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticatorData<'a> {
    /// SHA-256 of the RP id.
    pub rp_id_hash: &'a [u8; 32],
    /// The flags.
    pub flags: Flags,
    /// The signature counter. Always 0 on authenticators that keep none, such as Apple's.
    pub sign_count: u32,
    /// The new credential's id, in a registration.
    pub attested_credential_id: Option<&'a [u8]>,
    /// The new credential's public key as a COSE key, and what extensions follow it. Empty where the bytes end before.
    pub attested_public_key: Option<&'a [u8]>,
}

/// The flags byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags(pub u8);

impl Flags {
    /// Bit 0, UP: a person was there.
    #[must_use]
    pub const fn user_present(self) -> bool {
        self.0 & 0x01 != 0
    }

    /// Bit 2, UV: the authenticator verified that person.
    #[must_use]
    pub const fn user_verified(self) -> bool {
        self.0 & 0x04 != 0
    }

    /// Bit 6, AT: attested credential data follows.
    #[must_use]
    pub const fn attested(self) -> bool {
        self.0 & 0x40 != 0
    }
}

/// Length of the AAGUID, which stands before the credential id.
const AAGUID: usize = 16;

impl<'a> AuthenticatorData<'a> {
    /// Reads authenticator data; `None` where it is too short for what its flags promise.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>()?;
        let (flags, rest) = rest.split_first()?;
        let (sign_count, rest) = rest.split_first_chunk::<4>()?;
        let flags = Flags(*flags);
        let (attested_credential_id, attested_public_key) = if flags.attested() {
            let (length, rest) = rest.get(AAGUID..)?.split_first_chunk::<2>()?;
            let (id, public_key) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
            (Some(id), Some(public_key))
        } else {
            (None, None)
        };
        let sign_count = u32::from_be_bytes(*sign_count);
        Some(Self { rp_id_hash, flags, sign_count, attested_credential_id, attested_public_key })
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{AuthenticatorData, Flags};
    use crate::vectors;
    use proptest::prelude::*;

    #[test]
    fn the_specifications_own_examples_are_read() {
        for vector in vectors::ALL.iter() {
            let registration = vector.registration_authenticator_data();
            let registration = AuthenticatorData::parse(&registration).unwrap();
            assert_eq!(*registration.rp_id_hash, vectors::sha256(b"example.org"));
            assert_eq!(registration.attested_credential_id, Some(vector.credential_id().as_slice()));
            let assertion = vector.assertion_authenticator_data();
            let assertion = AuthenticatorData::parse(&assertion).unwrap();
            assert_eq!(*assertion.rp_id_hash, vectors::sha256(b"example.org"));
            assert_eq!(assertion.attested_credential_id, None);
            assert!(assertion.flags.user_present());
        }
    }

    #[test]
    fn the_counter_is_big_endian() {
        let mut bytes = [0; 37];
        bytes[33..].copy_from_slice(&[0, 0, 1, 2]);
        assert_eq!(AuthenticatorData::parse(&bytes).unwrap().sign_count, 258);
    }

    #[test]
    fn short_data_is_refused() {
        assert_eq!(AuthenticatorData::parse(&[0; 36]), None);
        // AT set, but no attested credential data.
        let mut bytes = [0; 37];
        bytes[32] = 0x41;
        assert_eq!(AuthenticatorData::parse(&bytes), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Some(data) = AuthenticatorData::parse(&bytes) {
                prop_assert!(bytes.len() >= 37);
                prop_assert_eq!(data.flags, Flags(bytes[32]));
                prop_assert_eq!(data.attested_credential_id.is_some(), data.flags.attested());
            } else {
                prop_assert!(bytes.len() < 37 || bytes[32] & 0x40 != 0);
            }
        }
    }
}
