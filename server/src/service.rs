//! What all calls share.

use crate::clock::{Clock, SystemClock};
use crate::fetched_token::Remembered;
use crate::rate_limit::RateLimit;
use crate::secret::Hash;
use crate::settings::{App, Challenges, Settings};
use crate::store::Store;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use wx_soter_verifier::Policy;

/// One instance of the service.
pub struct Service {
    /// Keys, challenges and fetched tokens.
    pub store: Store,
    /// What results and registrations must be.
    pub policy: Policy,
    /// Hashes of the configured access tokens.
    pub access_tokens: Vec<Hash>,
    /// Apps that fetch theirs.
    pub apps: Vec<App>,
    /// Tokens of theirs that were seen lately.
    pub fetched_tokens: Remembered,
    /// How long an issued challenge is good, in seconds.
    pub challenge_seconds: u32,
    /// Which challenges are accepted.
    pub challenges: Challenges,
    /// After how many seconds a backend's own challenge is forgotten; `None` for never.
    pub forget_after: Option<i64>,
    /// How often a caller may call.
    pub rate_limit: RateLimit,
    /// How long a call may take.
    pub timeout: Duration,
    /// The time.
    pub clock: Arc<dyn Clock>,
    is_stopping: AtomicBool,
}

impl Service {
    /// A service by its settings, over a store.
    #[must_use]
    pub fn new(settings: &Settings, store: Store) -> Self {
        Self {
            store,
            policy: settings.policy(),
            access_tokens: settings.access_tokens.clone(),
            apps: settings.apps.clone(),
            fetched_tokens: Remembered::default(),
            challenge_seconds: settings.challenge_seconds,
            challenges: settings.challenges,
            forget_after: settings.forget_after_days.map(|days| i64::from(days) * 24 * 60 * 60),
            rate_limit: RateLimit::per_second(settings.max_rate),
            timeout: settings.timeout(),
            clock: Arc::new(SystemClock),
            is_stopping: AtomicBool::new(false),
        }
    }

    /// Until when a backend's own challenge is remembered, once spent; `None` for ever.
    #[must_use]
    pub fn keep_until(&self, now: i64) -> Option<i64> {
        self.forget_after.map(|seconds| now.saturating_add(seconds))
    }

    /// From now on the service is not ready: whoever distributes the load should go elsewhere.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Whether it is coming to its end.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }
}
