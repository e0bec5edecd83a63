//! Attestation statement formats (§8).

use crate::error::Error;
use crate::policy::{AttestationPolicy, Compound, UnknownFormat};

/// The formats whose statements can be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Nothing is attested: what browsers send unless asked for more.
    None,
    /// Security keys and others that were made for WebAuthn.
    Packed,
    /// Windows Hello.
    Tpm,
    /// Security keys from before CTAP2.
    FidoU2f,
    /// Apple's devices.
    Apple,
    /// Android's keystore.
    AndroidKey,
    /// Several statements, each of another of these; only where the policy wants it, by [`Compound`].
    Compound,
}

impl Format {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::None, Self::Packed, Self::Tpm, Self::FidoU2f, Self::Apple, Self::AndroidKey, Self::Compound];

    /// The attestation statement format identifier (§8.1).
    #[must_use]
    pub const fn identifier(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Packed => "packed",
            Self::Tpm => "tpm",
            Self::FidoU2f => "fido-u2f",
            Self::Apple => "apple",
            Self::AndroidKey => "android-key",
            Self::Compound => "compound",
        }
    }

    /// The section of WebAuthn Level 3 that defines it.
    #[must_use]
    pub const fn section(self) -> &'static str {
        match self {
            Self::None => "8.7",
            Self::Packed => "8.2",
            Self::Tpm => "8.3",
            Self::FidoU2f => "8.6",
            Self::Apple => "8.8",
            Self::AndroidKey => "8.4",
            Self::Compound => "8.9",
        }
    }

    /// §7.1 step 21: the format, by an exact match. `None` for one that is not known, where the policy takes it for `none`.
    pub(crate) fn find(identifier: &str, policy: &AttestationPolicy) -> Result<Option<Self>, Error> {
        let known = Self::ALL.iter().copied().find(|format| format.identifier() == identifier);
        match known.filter(|format| *format != Self::Compound || policy.compound != Compound::AsUnknown) {
            Some(format) => Ok(Some(format)),
            None if policy.unknown_format == UnknownFormat::AsNone => Ok(None),
            None => Err(Error::AttestationFormatUnsupported),
        }
    }
}
