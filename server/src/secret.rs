//! Secrets, and the hashes that are stored of them.

use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;
use wx_soter_webauthn::base64url;

/// SHA-256 of a secret. What the service makes has 256 random bits, and WeChat's app secrets have 128, so there is nothing
/// to guess and a slow hash adds nothing. Secrets that people think up are no secrets.
#[derive(Clone, Copy, Debug)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash of a secret.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        Self::of_bytes(secret.as_bytes())
    }

    /// The hash of bytes, which may be no secret.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Reads 64 hexadecimal digits, as `soter-server token` and `sha256sum` write them.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let text = text.as_bytes();
        (text.len() == 64 && base16ct::mixed::decode(text, &mut bytes).is_ok()).then_some(Self(bytes))
    }

    /// Writes 64 hexadecimal digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        base16ct::lower::encode_string(&self.0)
    }

    /// Whether both are the same; takes as long when they are not.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// The bytes, for the database.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A secret that has to be sent on, so that its hash is not enough. It is shown nowhere, also where all of a value is.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a secret.
    #[must_use]
    pub const fn new(secret: String) -> Self {
        Self(secret)
    }

    /// The secret, to be sent to whom it is meant for.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(not shown)")
    }
}

/// How many bytes a random secret has.
pub const SIZE: usize = 32;

/// 256 random bits, base64url.
///
/// # Errors
///
/// The system has no random numbers.
pub fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0; SIZE];
    getrandom::fill(&mut bytes)?;
    Ok(base64url::encode(&bytes))
}
