//! How often one caller may call.

use crate::access_token::Caller;
use crate::error::Error;
use governor::{DefaultKeyedRateLimiter, Quota};
use std::num::NonZeroU32;

/// The limit. All who have neither a good token nor a good secret share one, and it is theirs alone: nobody else is kept out
/// by their guessing.
pub struct RateLimit(DefaultKeyedRateLimiter<Option<Caller>>);

impl RateLimit {
    /// So many calls a second, for each caller of this instance.
    #[must_use]
    pub fn per_second(calls: u32) -> Self {
        Self(DefaultKeyedRateLimiter::keyed(Quota::per_second(
            NonZeroU32::new(calls).unwrap_or(NonZeroU32::MIN),
        )))
    }

    /// Counts a call, of a caller or of a stranger.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyCalls`]
    pub fn check(&self, caller: Option<Caller>) -> Result<(), Error> {
        self.0.check_key(&caller).map_err(|_| Error::TooManyCalls)
    }
}
