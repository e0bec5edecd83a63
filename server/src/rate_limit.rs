//! Rate limiting, by caller and by openid.

use crate::caller::Caller;
use crate::error::Error;
use crate::store::Owner;
use governor::{DefaultKeyedRateLimiter, Quota};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

/// After so many requests for openids, those of them who have not been here lately are forgotten: their number is bounded even where
/// all are refused by the limit of the caller.
const MAX_REMEMBERED: u32 = 100_000;

/// The rate limiter of an instance.
pub struct RateLimiter {
    /// All requests without valid credentials share one bucket of their own, so that guessing keeps nobody else out.
    callers: DefaultKeyedRateLimiter<Option<Caller>>,
    owners: DefaultKeyedRateLimiter<Owner>,
    requests: AtomicU32,
}

impl RateLimiter {
    /// So many requests a second, for each caller, and for each openid of an app.
    #[must_use]
    pub fn per_second(of_caller: u32, of_owner: u32) -> Self {
        let quota = |requests| Quota::per_second(NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN));
        Self {
            callers: DefaultKeyedRateLimiter::keyed(quota(of_caller)),
            owners: DefaultKeyedRateLimiter::keyed(quota(of_owner)),
            requests: AtomicU32::new(0),
        }
    }

    /// Counts a request, of a caller or of somebody unauthenticated.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyCalls`]
    pub fn check(&self, caller: Option<Caller>) -> Result<(), Error> {
        self.callers.check_key(&caller).map_err(|_| Error::TooManyCalls)
    }

    /// Counts a request for an openid. To be asked before [`Self::check`]: what is refused here takes nothing from the others who
    /// share the caller.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyCallsForOpenid`]
    pub fn check_owner(&self, owner: &Owner) -> Result<(), Error> {
        if self.requests.fetch_add(1, Ordering::Relaxed) % MAX_REMEMBERED == MAX_REMEMBERED - 1 {
            self.owners.retain_recent();
        }
        self.owners.check_key(owner).map_err(|_| Error::TooManyCallsForOpenid)
    }

    /// Forgets those who have not been here lately.
    pub fn forget_idle(&self) {
        self.owners.retain_recent();
        self.owners.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_here_any_more_takes_no_room() {
        let limiter = RateLimiter::per_second(1, u32::MAX);
        for number in 0..100 {
            assert_eq!(limiter.check_owner(&Owner::new("", number.to_string())), Ok(()));
        }
        // Of so many a second, one is made up for at once.
        std::thread::sleep(std::time::Duration::from_millis(1));
        limiter.forget_idle();
        assert!(limiter.owners.is_empty());
    }

    #[test]
    fn however_many_come_at_once_few_are_remembered() {
        let limiter = RateLimiter::per_second(1, u32::MAX);
        let mut most = 0;
        for number in 0..MAX_REMEMBERED * 3 {
            assert_eq!(limiter.check_owner(&Owner::new("", number.to_string())), Ok(()));
            if number % 1000 == 0 {
                most = most.max(limiter.owners.len());
            }
        }
        assert!(most < MAX_REMEMBERED as usize * 3 / 2, "{most}");
    }

    #[test]
    fn one_openid_takes_nothing_from_another() {
        let limiter = RateLimiter::per_second(1000, 1);
        let (alice, there) = (Owner::new("", "alice"), Owner::new("wx1", "alice"));
        assert_eq!(limiter.check_owner(&alice), Ok(()));
        assert_eq!(limiter.check_owner(&alice), Err(Error::TooManyCallsForOpenid));
        assert_eq!(limiter.check_owner(&there), Ok(()));
    }
}
