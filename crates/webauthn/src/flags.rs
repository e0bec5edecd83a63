//! The flags of authenticator data (§6.1).

use core::ops::BitOr;

/// The flags byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(pub u8);

impl Flags {
    /// Bit 0, UP: a person was there.
    pub const USER_PRESENT: Self = Self(0x01);
    /// Bit 2, UV: the authenticator verified that person.
    pub const USER_VERIFIED: Self = Self(0x04);
    /// Bit 3, BE: the credential may be backed up. Never changes.
    pub const BACKUP_ELIGIBLE: Self = Self(0x08);
    /// Bit 4, BS: the credential is backed up.
    pub const BACKUP_STATE: Self = Self(0x10);
    /// Bit 6, AT: attested credential data follow.
    pub const ATTESTED: Self = Self(0x40);
    /// Bit 7, ED: extension outputs follow.
    pub const EXTENSIONS: Self = Self(0x80);

    /// Whether all of those bits are set.
    #[must_use]
    pub const fn contains(self, bits: Self) -> bool {
        self.0 & bits.0 == bits.0
    }

    /// UP: a person was there.
    #[must_use]
    pub const fn user_present(self) -> bool {
        self.contains(Self::USER_PRESENT)
    }

    /// UV: the authenticator verified that person.
    #[must_use]
    pub const fn user_verified(self) -> bool {
        self.contains(Self::USER_VERIFIED)
    }

    /// BE: the credential may be backed up.
    #[must_use]
    pub const fn backup_eligible(self) -> bool {
        self.contains(Self::BACKUP_ELIGIBLE)
    }

    /// BS: the credential is backed up.
    #[must_use]
    pub const fn backup_state(self) -> bool {
        self.contains(Self::BACKUP_STATE)
    }

    /// AT: attested credential data follow.
    #[must_use]
    pub const fn attested(self) -> bool {
        self.contains(Self::ATTESTED)
    }

    /// ED: extension outputs follow.
    #[must_use]
    pub const fn extensions(self) -> bool {
        self.contains(Self::EXTENSIONS)
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Flags;

    #[test]
    fn each_bit_is_its_own() {
        let read = |flags: Flags| {
            [
                flags.user_present(),
                flags.user_verified(),
                flags.backup_eligible(),
                flags.backup_state(),
                flags.attested(),
                flags.extensions(),
            ]
        };
        for (place, bit) in [0x01, 0x04, 0x08, 0x10, 0x40, 0x80].into_iter().enumerate() {
            assert_eq!(read(Flags(bit)), core::array::from_fn(|at| at == place));
            assert_eq!(read(Flags(!bit)), core::array::from_fn(|at| at != place));
        }
        assert_eq!(Flags::USER_PRESENT | Flags::USER_VERIFIED, Flags(5));
    }
}
