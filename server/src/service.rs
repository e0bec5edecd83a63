//! The state that all handlers share.

use crate::audit::{NoSink, Sink};
use crate::clock::{Clock, SystemClock};
use crate::credentials::Credentials;
use crate::disk_reserve::DiskReserve;
use crate::rate_limit::RateLimiter;
use crate::readiness::{DatabaseProbe, Readiness};
use crate::settings::{Challenges, FurtherKeys, Settings};
use crate::store::Store;
use crate::upstream::Upstream;
use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use wx_soter_verifier::Policy;
use wx_soter_verifier::policy::{Certified, CounterPolicy};

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
    /// After how many seconds a backend's own challenge may be forgotten.
    pub forget_after: i64,
    /// How often a caller may make requests, and for one openid.
    pub rate_limiter: RateLimiter,
    /// How long a request may take.
    pub timeout: Duration,
    /// The clock of this instance, for what is not stored: whether a certificate is good.
    pub clock: Arc<dyn Clock>,
    /// Room on the disk for results.
    pub disk_reserve: DiskReserve,
    /// Where calls that concern keys are written down.
    pub audit: Arc<dyn Sink>,
    /// WeChat, where results of mini programs are checked.
    pub upstream: Option<Upstream>,
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
            forget_after: i64::from(settings.forget_after_days) * 24 * 60 * 60,
            rate_limiter: RateLimiter::per_second(settings.max_rate, settings.max_rate_per_openid),
            timeout: settings.timeout(),
            clock: Arc::new(SystemClock),
            disk_reserve: DiskReserve::new(&settings.database_url, settings.disk_reserve_mib),
            audit: Arc::new(NoSink),
            upstream: None,
            readiness: Arc::new(Readiness::new(probe)),
            is_stopping: AtomicBool::new(false),
        }
    }

    /// For how many seconds a backend's own challenge is remembered that is spent on a registration, or on a result of a mini program.
    /// A registration after that is no danger: its key is stored or was removed, and is never registered again. A result is:
    /// WeChat is asked about it anew, and may say yes again.
    #[must_use]
    pub const fn keep_own_challenge(&self) -> i64 {
        self.forget_after
    }

    /// For how many seconds a backend's own challenge is remembered that is spent on a result of a key with that counter; `None`
    /// for as long as there are keys. It is forgotten only where the result is refused all the same: the counter has come to that.
    #[must_use]
    pub fn keep_for_result(&self, sign_count: u32) -> Option<i64> {
        let is_refused = sign_count > 0 && self.policy.counter == CounterPolicy::Refuse;
        is_refused.then_some(self.forget_after)
    }

    /// What registrations must be now: certificates are good for a time.
    #[must_use]
    pub fn registration_policy(&self) -> Cow<'_, Policy> {
        let Certified::Roots { roots, .. } = &self.policy.attestation.certified else {
            return Cow::Borrowed(&self.policy);
        };
        let now = self.clock.now().try_into().unwrap_or_default();
        let mut policy = self.policy.clone();
        policy.attestation.certified = Certified::Roots { roots: roots.clone(), now };
        Cow::Owned(policy)
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
