//! The state that all handlers share.

use crate::audit::{NoSink, Sink};
use crate::clock::{Clock, SystemClock};
use crate::credentials::Credentials;
use crate::rate_limit::RateLimiter;
use crate::readiness::{DatabaseProbe, Readiness};
use crate::settings::{Challenges, FurtherKeys, Settings};
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
    /// Who may make requests.
    pub credentials: Credentials,
    /// How long an issued challenge is valid, in seconds.
    pub challenge_seconds: u32,
    /// How many challenges an openid may have that are neither spent on a result nor expired.
    pub max_challenges: u32,
    /// Which challenges are accepted.
    pub challenges: Challenges,
    /// What a registration for an openid that has keys already takes.
    pub further_keys: FurtherKeys,
    /// How many keys an openid may have.
    pub max_keys: u32,
    /// After how many seconds a backend's own challenge is forgotten; `None` for never.
    pub forget_after: Option<i64>,
    /// How often a caller may make requests, and for one openid.
    pub rate_limiter: RateLimiter,
    /// How long a request may take.
    pub timeout: Duration,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where calls that concern keys are written down.
    pub audit: Arc<dyn Sink>,
    /// Whether calls can be answered.
    pub readiness: Arc<Readiness<DatabaseProbe>>,
    is_stopping: AtomicBool,
}

impl Service {
    /// A service by its settings, over a store.
    #[must_use]
    pub fn new(settings: &Settings, store: Store) -> Self {
        let probe = DatabaseProbe::new(store.clone(), &settings.database_url, Arc::new(SystemClock));
        Self {
            store,
            policy: settings.policy(),
            credentials: Credentials::new(
                settings.access_tokens.clone(),
                settings.apps.clone(),
                settings.default_app.clone(),
            ),
            challenge_seconds: settings.challenge_seconds,
            max_challenges: settings.max_challenges,
            challenges: settings.challenges,
            further_keys: settings.further_keys,
            max_keys: settings.max_keys,
            forget_after: settings.forget_after_days.map(|days| i64::from(days) * 24 * 60 * 60),
            rate_limiter: RateLimiter::per_second(settings.max_rate, settings.max_rate_per_openid),
            timeout: settings.timeout(),
            clock: Arc::new(SystemClock),
            audit: Arc::new(NoSink),
            readiness: Arc::new(Readiness::new(probe)),
            is_stopping: AtomicBool::new(false),
        }
    }

    /// Until when a backend's own challenge is remembered, once spent; `None` for ever.
    #[must_use]
    pub fn keep_until(&self, now: i64) -> Option<i64> {
        self.forget_after.map(|seconds| now.saturating_add(seconds))
    }

    /// Begins to shut down: from now on the readiness probe fails, so that load balancers go elsewhere.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Whether it is shutting down.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }
}
