//! Rate limiting by caller.

use crate::caller::Caller;
use crate::error::Error;
use governor::{DefaultKeyedRateLimiter, Quota};
use std::num::NonZeroU32;

/// The rate limiter of an instance. All requests without valid credentials share one bucket of their own, so that guessing
/// keeps nobody else out.
pub struct RateLimiter(DefaultKeyedRateLimiter<Option<Caller>>);

impl RateLimiter {
    /// So many requests a second, for each caller.
    #[must_use]
    pub fn per_second(requests: u32) -> Self {
        Self(DefaultKeyedRateLimiter::keyed(Quota::per_second(
            NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN),
        )))
    }

    /// Counts a request, of a caller or of somebody unauthenticated.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyCalls`]
    pub fn check(&self, caller: Option<Caller>) -> Result<(), Error> {
        self.0.check_key(&caller).map_err(|_| Error::TooManyCalls)
    }
}
