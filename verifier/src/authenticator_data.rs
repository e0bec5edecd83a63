//! Authenticator data, the bytes that an authenticator signs (§6.1), and the steps that look at them.

use crate::cbor;
use crate::error::Error;
use crate::policy::{Backup, Extensions, Policy, UserVerification};
use sha2::{Digest, Sha256};

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
    /// The identifiers of the authenticator's extension outputs.
    pub extensions: Vec<&'a str>,
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

    /// Bit 3, BE: the credential may be backed up. Never changes.
    #[must_use]
    pub const fn backup_eligible(self) -> bool {
        self.0 & 0x08 != 0
    }

    /// Bit 4, BS: the credential is backed up.
    #[must_use]
    pub const fn backup_state(self) -> bool {
        self.0 & 0x10 != 0
    }

    /// Bit 6, AT: attested credential data follow.
    #[must_use]
    pub const fn attested(self) -> bool {
        self.0 & 0x40 != 0
    }

    /// Bit 7, ED: extension outputs follow.
    #[must_use]
    pub const fn extensions(self) -> bool {
        self.0 & 0x80 != 0
    }
}

impl<'a> AuthenticatorData<'a> {
    /// Reads authenticator data, all of them: §7.1 step 13, and what §7.2 step 15 and the following look at.
    ///
    /// # Errors
    ///
    /// [`Error::AuthenticatorDataMalformed`] where something is cut short, left over, or no CBOR.
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
        let (attested_credential_data, rest) = if flags.attested() {
            AttestedCredentialData::read_first(rest).map(|(data, rest)| (Some(data), rest))?
        } else {
            (None, rest)
        };
        let extensions =
            if flags.extensions() { identifiers(rest)? } else { rest.is_empty().then(Vec::new)? };
        let sign_count = u32::from_be_bytes(*sign_count);
        Some(Self { rp_id_hash, flags, sign_count, attested_credential_data, extensions })
    }

    /// The steps on the RP id and on the flags, in their order. `is_conditional`: a registration with conditional
    /// mediation, which needs no person.
    pub(crate) fn check(&self, policy: &Policy, is_conditional: bool) -> Result<(), Error> {
        self.check_rp_id(&policy.rp_id)?;
        self.check_user_present(is_conditional)?;
        self.check_user_verified(policy.user_verification)?;
        self.check_backup_flags()
    }

    /// §7.1 step 14, §7.2 step 15. The `appid` extension is not supported.
    fn check_rp_id(&self, rp_id: &str) -> Result<(), Error> {
        let expected: [u8; 32] = Sha256::digest(rp_id.as_bytes()).into();
        (*self.rp_id_hash == expected).then_some(()).ok_or(Error::RpIdMismatch)
    }

    /// §7.1 step 15, §7.2 step 16.
    fn check_user_present(&self, is_conditional: bool) -> Result<(), Error> {
        (is_conditional || self.flags.user_present()).then_some(()).ok_or(Error::UserNotPresent)
    }

    /// §7.1 step 16, §7.2 step 17.
    fn check_user_verified(&self, required: UserVerification) -> Result<(), Error> {
        let is_enough = required == UserVerification::Optional || self.flags.user_verified();
        is_enough.then_some(()).ok_or(Error::UserNotVerified)
    }

    /// §7.1 step 17, §7.2 step 18.
    fn check_backup_flags(&self) -> Result<(), Error> {
        let is_consistent = self.flags.backup_eligible() || !self.flags.backup_state();
        is_consistent.then_some(()).ok_or(Error::BackupFlagsInconsistent)
    }

    /// §7.1 steps 18 and 19, §7.2 step 19.3.
    pub(crate) fn check_backup_policy(&self, backup: Backup) -> Result<(), Error> {
        match backup {
            Backup::RefuseEligible if self.flags.backup_eligible() => Err(Error::BackupEligibleNotAllowed),
            Backup::RefuseBackedUp if self.flags.backup_state() => Err(Error::BackedUpNotAllowed),
            _ => Ok(()),
        }
    }

    /// §7.1 step 28, §7.2 step 23: the outputs of the authenticator and of the client.
    pub(crate) fn check_extensions(&self, of_client: &[String], policy: &Extensions) -> Result<(), Error> {
        let Extensions::Only(allowed) = policy else {
            return Ok(());
        };
        let mut all = self.extensions.iter().copied().chain(of_client.iter().map(String::as_str));
        let is_allowed = all.all(|extension| allowed.iter().any(|name| name == extension));
        is_allowed.then_some(()).ok_or(Error::ExtensionNotAllowed)
    }

    /// §7.1 step 13: a registration has a new credential.
    pub(crate) fn new_credential(&self) -> Result<&AttestedCredentialData<'a>, Error> {
        self.attested_credential_data.as_ref().ok_or(Error::AttestedCredentialDataMissing)
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
}

/// The keys of the map of extension outputs.
fn identifiers(bytes: &[u8]) -> Option<Vec<&str>> {
    cbor::read(bytes)?.as_map()?.iter().map(|(identifier, _)| identifier.as_text()).collect()
}

/// The bytes that are signed: authenticator data, then SHA-256 of the client data. §7.1 step 12 and 22, §7.2 steps 20
/// and 21.
pub(crate) fn signed_bytes(authenticator_data: &[u8], client_data_json: &[u8]) -> Vec<u8> {
    [authenticator_data, Sha256::digest(client_data_json).as_slice()].concat()
}

#[cfg(test)]
mod tests {
    use super::AuthenticatorData;

    fn data(flags: u8, rest: &[u8]) -> Vec<u8> {
        [&[0; 32][..], &[flags, 0, 0, 1, 2], rest].concat()
    }

    #[test]
    fn all_parts_are_read() {
        let rest = [&[7; 16][..], &[0, 2, 8, 9], b"\xa1\x01\x02", b"\xa1\x61e\xf5"].concat();
        let bytes = data(0xdd, &rest);
        let read = AuthenticatorData::parse(&bytes).unwrap();
        let credential = read.attested_credential_data.as_ref().unwrap();
        assert_eq!(read.sign_count, 258);
        assert_eq!(credential.credential_id, [8, 9]);
        assert_eq!(credential.public_key, b"\xa1\x01\x02");
        assert_eq!(read.extensions, ["e"]);
        let flags = read.flags;
        assert!(
            flags.user_present() && flags.user_verified() && flags.backup_eligible() && flags.backup_state()
        );
    }

    #[test]
    fn every_truncation_and_anything_left_over_is_refused() {
        let rest = [&[7; 16][..], &[0, 2, 8, 9], b"\xa1\x01\x02", b"\xa1\x61e\xf5"].concat();
        let bytes = data(0xc1, &rest);
        assert!(AuthenticatorData::parse(&bytes).is_ok());
        for end in 0..bytes.len() {
            assert!(AuthenticatorData::parse(&bytes[..end]).is_err(), "{end}");
        }
        assert!(AuthenticatorData::parse(&[&bytes[..], &[0]].concat()).is_err());
        assert!(AuthenticatorData::parse(&data(0x01, b"")).is_ok());
        assert!(AuthenticatorData::parse(&data(0x01, b"\xa0")).is_err());
        assert!(AuthenticatorData::parse(&data(0x81, b"\x01")).is_err());
        assert!(AuthenticatorData::parse(&data(0x81, b"\xa1\x01\x01")).is_err());
    }
}
