//! How often one caller may call.

use crate::access_token::Caller;
use crate::error::Error;
use governor::{DefaultKeyedRateLimiter, Quota};
use std::num::NonZeroU32;

/// The limit. Callers without a good token share one, so that guessing is slow and no load.
pub struct RateLimit(DefaultKeyedRateLimiter<Option<Caller>>);

impl RateLimit {
    /// So many calls a second, for each caller of this instance.
    #[must_use]
    pub fn per_second(calls: u32) -> Self {
        Self(DefaultKeyedRateLimiter::keyed(Quota::per_second(
            NonZeroU32::new(calls).unwrap_or(NonZeroU32::MIN),
        )))
    }

    /// Counts a call.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyCalls`]
    pub fn check(&self, caller: Option<Caller>) -> Result<(), Error> {
        self.0.check_key(&caller).map_err(|_| Error::TooManyCalls)
    }
}
