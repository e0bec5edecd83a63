//! Challenges: those that the service issued, and those that a backend made by itself, as backends of WeChat do.

use crate::secret::{self, Hash};
use wx_soter_webauthn::base64url;

/// Every issued challenge is this and 256 random bits in base64url. What has that form and is not in the database was never
/// issued or is long over, and can't pass for a backend's own.
const PREFIX: &str = "soter-";

/// A new challenge: 6 + 43 characters with 256 random bits.
///
/// # Errors
///
/// The system has no random numbers.
pub fn issue() -> Result<String, getrandom::Error> {
    Ok(format!("{PREFIX}{}", secret::random()?))
}

/// A challenge that somebody sent.
#[derive(Clone, Copy, Debug)]
pub struct Challenge {
    /// Its SHA-256, by which the database knows it.
    pub hash: Hash,
    /// Whether only the service can have made it.
    pub is_issued: bool,
}

impl Challenge {
    /// Looks at a challenge.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self { hash: Hash::of(text), is_issued: has_form_of_issued(text) }
    }
}

fn has_form_of_issued(text: &str) -> bool {
    let random = text.strip_prefix(PREFIX).and_then(base64url::decode);
    random.is_some_and(|random| random.len() == secret::SIZE)
}

/// What a challenge is spent on. A first use of wx-soter makes a key and a result with one challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Registering a key.
    Key,
    /// Accepting a result.
    Result,
}
