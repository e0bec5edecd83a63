//! `startSoterAuthentication`, from checked options to a checked result.

use crate::authenticator::{Request, UserEntity};
use crate::availability;
use crate::browser_error::{Meaning, Refusal};
use crate::client_data;
use crate::environment::Environment;
use crate::failure::{Failure, Reason};
use crate::key::{Approach, Key};
use crate::mode::{self, AuthMode};
use crate::options::Options;
use crate::platform::Platform;
use crate::result::{SignedResult, Success};
use crate::settings::{Authenticators, Settings};
use crate::verification::{Expected, NotVerified, check_assertion, check_registration};
use futures_lite::future::{or, try_zip};
use serde_bytes::Bytes;
use std::cell::{Cell, RefCell};
use std::future::pending;
use wx_soter_webauthn::base64url;
use wx_soter_webauthn::response::{AssertionResponse, AttestationResponse};

/// The browser's own timer runs this much longer than the call's, in milliseconds, so that it is the call's that ends a
/// ceremony and the reason is known.
const TIMER_SLACK_MS: u32 = 5_000;

/// Authenticates.
///
/// Nothing is awaited before the authenticator is asked, since older Safari forgets the click then (WebKit bug 216600,
/// before 17.4): the request goes out in the first poll. What could forbid it is found out meanwhile.
///
/// `deadline_ms` is how much of the page's `timeout` is left.
///
/// # Errors
/// Whatever came in the way; see the table of errors in the README.
pub async fn run<P: Platform>(
    platform: &P,
    settings: &Settings,
    options: &Options,
    deadline_ms: u32,
) -> Result<Success, Failure> {
    let ceremony = Ceremony::begin(platform, settings, options, deadline_ms)?;
    let finished = async { Ok(ceremony.finish().await) };
    let interrupted = async { Err(ceremony.interruption().await) };
    // Dropping what has not ended ends it: the request is aborted, the timer stopped, the prompt gone.
    match or(finished, interrupted).await {
        Ok(outcome) => outcome,
        Err(interruption) => Err(ceremony.interrupted(interruption)),
    }
}

/// What ends a ceremony from outside.
enum Interruption {
    /// The deadline has passed.
    Deadline,
    /// The prompt ended it, or something broke.
    Failed(Failure),
    /// There is no authenticator that could answer.
    Unavailable,
}

/// Why a step led nowhere.
enum Stop {
    /// The call fails.
    Fails(Failure),
    /// The call fails, and the remembered key may be missing.
    PutsKeyInDoubt(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Fails(failure)
    }
}

impl From<NotVerified> for Stop {
    fn from(what: NotVerified) -> Self {
        Self::Fails(what.into())
    }
}

/// What is under way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Nothing yet.
    Beginning,
    /// The authenticator makes a key.
    Creating,
    /// The page looks at the new key.
    ShowingPage,
    /// The key signs.
    Signing,
    /// The signature is checked.
    Verifying,
    /// The prompt waits for a click, or it is found out why the authenticator refused.
    Waiting,
}

struct Ceremony<'a, P: Platform> {
    platform: &'a P,
    settings: &'a Settings,
    options: &'a Options,
    deadline_ms: u32,
    environment: Environment,
    /// The mode that is asked for.
    mode: AuthMode,
    challenge: Vec<u8>,
    /// The name under which the key is remembered.
    key_name: String,
    /// The remembered key, then perhaps a new one.
    key: RefCell<Option<Key>>,
    approach: Cell<Approach>,
    step: Cell<Step>,
    /// Whether the authenticator has said that the key in doubt is there.
    is_there: Cell<bool>,
    /// Whether the key has been asked to sign.
    was_asked: Cell<bool>,
    /// Whether a click was wanted and could not be had, which is the page's doing.
    lacks_click: Cell<bool>,
    _lock: Lock<'a, P>,
}

impl<'a, P: Platform> Ceremony<'a, P> {
    /// Checks what can be checked at once, and shows the prompt.
    fn begin(
        platform: &'a P,
        settings: &'a Settings,
        options: &'a Options,
        deadline_ms: u32,
    ) -> Result<Self, Failure> {
        let environment = platform.environment();
        let key_name = availability::key_name(settings, &environment);
        let key = platform.load(&key_name)?;
        environment.check(key.is_none())?;
        let supported = availability::supported_modes(settings, &environment);
        let mode = mode::choose(options.modes.as_deref(), supported)
            .ok_or_else(|| Failure::new(Reason::ModeNotSupported))?;
        let challenge = if options.challenge.is_empty() {
            random(platform)?.to_vec()
        } else {
            options.challenge.as_bytes().to_vec()
        };
        let lock = Lock::take(platform).ok_or_else(|| Failure::new(Reason::Busy))?;
        platform.show(&options.auth_content, mode)?;
        // Where no key can be made, one that is in doubt can only be asked.
        let may_replace = environment.may_create && !environment.makes_unusable_keys;
        let approach = key.as_ref().filter(|_| may_replace).map_or(Approach::Sign, Key::approach);
        Ok(Self {
            platform,
            settings,
            options,
            deadline_ms,
            environment,
            mode,
            challenge,
            key_name,
            key: RefCell::new(key),
            approach: Cell::new(approach),
            step: Cell::new(Step::Beginning),
            is_there: Cell::new(false),
            was_asked: Cell::new(false),
            lacks_click: Cell::new(false),
            _lock: lock,
        })
    }

    /// Goes on to the end, and remembers what it told about the key.
    async fn finish(&self) -> Result<Success, Failure> {
        match self.authenticate().await {
            Ok(success) => Ok(success),
            Err(Stop::Fails(failure)) => Err(failure),
            Err(Stop::PutsKeyInDoubt(failure)) => {
                self.doubt_key();
                Err(failure)
            }
        }
    }

    async fn authenticate(&self) -> Result<Success, Stop> {
        let remembered = self.key.borrow().clone();
        let Some(key) = remembered else {
            return self.enrol(None).await;
        };
        if matches!(self.approach.get(), Approach::Sign | Approach::SignOrReplace) {
            let outcome = self.sign(&key).await;
            match &outcome {
                // After the deadline no time is left.
                Err(Stop::PutsKeyInDoubt(failure))
                    if self.approach.get() == Approach::SignOrReplace
                        && failure.reason() != Reason::Timeout =>
                {
                    self.approach.set(Approach::Replace);
                }
                _ => return outcome,
            }
        }
        self.enrol(Some(&key)).await
    }

    /// Makes a key, has the page keep it, and signs with it. A key in doubt that turns out to be there signs instead.
    async fn enrol(&self, remembered: Option<&Key>) -> Result<Success, Stop> {
        if self.environment.makes_unusable_keys {
            return Err(NotVerified::Unusable.into());
        }
        let user_handle = random(self.platform)?;
        let made;
        let key = match (self.create(remembered, &user_handle).await, remembered) {
            (Ok(response), _) => {
                made = self.keep(&response, &user_handle).await?;
                // Making the key verified the person, and without a challenge there is nothing to sign.
                if self.options.challenge.is_empty() {
                    return Ok(self.success(None));
                }
                &made
            }
            (Err(refusal), Some(key)) if self.is_found(&refusal) => {
                self.note_found();
                key
            }
            (Err(refusal), Some(key)) if self.may_not_create(&refusal) => key,
            (Err(refusal), _) => return Err(self.stop(refusal).await),
        };
        self.sign(key).await
    }

    /// Whether the authenticator says of the key in doubt that it is there.
    fn is_found(&self, refusal: &Refusal) -> bool {
        refusal.meaning == Meaning::AlreadyThere && self.approach.get() == Approach::Probe
    }

    /// It signs, unless the key manager that said so is mistaken.
    fn note_found(&self) {
        self.is_there.set(true);
        if let Some(key) = self.key.borrow_mut().as_mut() {
            key.find();
        }
    }

    /// Whether only the browser knew that no key may be made here, and the remembered one has not been asked.
    const fn may_not_create(&self, refusal: &Refusal) -> bool {
        let is_forbidden =
            matches!(refusal.meaning, Meaning::Forbidden | Meaning::Fails(Reason::BlockedByPolicy));
        is_forbidden && !self.was_asked.get()
    }

    /// Has the authenticator make a key, which must not be the one in doubt.
    async fn create(
        &self,
        remembered: Option<&Key>,
        user_handle: &[u8],
    ) -> Result<AttestationResponse, Refusal> {
        self.step.set(Step::Creating);
        let names = self.platform.names();
        let rp_name = first_named([&names.rp, self.rp_id()]);
        let name = first_named([&names.user, self.rp_id()]);
        let user = UserEntity {
            id: Bytes::new(user_handle),
            name,
            display_name: first_named([&names.user_display, name]),
        };
        let in_doubt = remembered.filter(|_| self.approach.get() == Approach::Probe);
        let exclude = in_doubt.map(|key| key.id.as_slice());
        let knows_attachment = self.environment.knows_platform_attachment();
        let options = self.request().to_create(rp_name, user, exclude, knows_attachment);
        let mut was_clicked = false;
        loop {
            let response = self.platform.create(&options, self.mode).await;
            if !self.retries_after_a_click(&response, &mut was_clicked).await {
                return response;
            }
        }
    }

    /// Has the authenticator sign with the key.
    async fn get(&self, key: &Key) -> Result<AssertionResponse, Refusal> {
        self.step.set(Step::Signing);
        self.was_asked.set(true);
        let options = self.request().to_get(&key.id);
        let mut was_clicked = false;
        loop {
            let response = self.platform.get(&options, self.mode).await;
            if !self.retries_after_a_click(&response, &mut was_clicked).await {
                return response;
            }
        }
    }

    /// Whether the browser wants a click, and has got one now. It is asked for once.
    async fn retries_after_a_click<T>(&self, response: &Result<T, Refusal>, was_clicked: &mut bool) -> bool {
        let wants_click = matches!(response, Err(refusal) if refusal.meaning == Meaning::NeedsActivation);
        if !wants_click || *was_clicked {
            return false;
        }
        let step = self.step.replace(Step::Waiting);
        *was_clicked = self.platform.ask_for_click().await;
        self.step.set(step);
        self.lacks_click.set(!*was_clicked);
        *was_clicked
    }

    /// Checks the new key, and has the page look at it.
    async fn keep(&self, response: &AttestationResponse, user_handle: &[u8]) -> Result<Key, Stop> {
        let client_data = client_data::read(self.platform, &response.client_data_json);
        let new =
            check_registration(response, client_data.as_ref(), self.expected()).inspect_err(|what| {
                if what.is_incomplete() {
                    // Each start would leave one more key behind that nothing can use.
                    self.platform.note_unusable_key();
                }
            })?;
        let replacements = self.key.borrow().as_ref().map_or(0, |key| key.replacements.saturating_add(1));
        let key = Key {
            id: response.id.clone(),
            algorithm: new.algorithm,
            public_key: new.public_key,
            user_handle: user_handle.to_vec(),
            refusals: 0,
            probes: 0,
            replacements,
        };
        self.step.set(Step::ShowingPage);
        let user_handle = base64url::encode(user_handle);
        if let Err(detail) = self.platform.on_key_created(&new.registration, &user_handle).await {
            // Nobody will ask for this key; the person need not find one more in their list after each try.
            self.platform.signal_unknown_credential(self.rp_id(), &key.id);
            return Err(Failure::with_detail(Reason::EnrolmentRefused, &detail).into());
        }
        self.platform.save(&self.key_name, &key);
        self.key.replace(Some(key.clone()));
        Ok(key)
    }

    /// Has the key sign, and checks what it signed.
    async fn sign(&self, key: &Key) -> Result<Success, Stop> {
        // The key is made ready while the authenticator works.
        let import = self.platform.import(key.algorithm, &key.public_key);
        let asked = try_zip(self.get(key), async { Ok(import.await) }).await;
        let (response, public_key) = match asked {
            Ok(both) => both,
            Err(refusal) => return Err(self.stop(refusal).await),
        };
        let client_data = client_data::read(self.platform, &response.client_data_json);
        let signed =
            check_assertion(&response, client_data.as_ref(), self.expected(), key).inspect_err(|what| {
                // A response for a key that is gone does not hold. One that lacks user verification comes from the key itself.
                if !matches!(what, NotVerified::UserPresent | NotVerified::UserVerified) {
                    self.change_key(Key::refuse);
                }
            })?;
        self.step.set(Step::Verifying);
        let holds = match public_key {
            Some(public_key) => self.platform.verify(&public_key, &signed.signature, &signed.message).await,
            None => false,
        };
        if !holds {
            // Where it is known to be there, a wrong public key was remembered of it.
            self.change_key(if self.is_there.get() { Key::give_up } else { Key::refuse });
            return Err(NotVerified::Signature.into());
        }
        if self.key.borrow().as_ref().is_some_and(Key::was_refused) {
            self.change_key(Key::trust);
        }
        let challenge = &self.options.challenge;
        let result = (!challenge.is_empty())
            .then(|| SignedResult::new(challenge, &key.user_handle, &response, signed.sign_count));
        Ok(self.success(result))
    }

    /// What a refusal comes to.
    async fn stop(&self, refusal: Refusal) -> Stop {
        let Refusal { meaning, detail } = refusal;
        let reason = match meaning {
            Meaning::Unavailable => return self.absence(&detail).into(),
            Meaning::NeedsActivation | Meaning::Unexplained => {
                // Chromium refuses at once where there is no authenticator, before the question beside the request has its
                // answer; so ask again, to name the real reason.
                if self.is_known_to_be_unavailable().await {
                    return self.absence(&detail).into();
                }
                Reason::NotAllowed
            }
            Meaning::Forbidden => Reason::NotFocused,
            Meaning::AlreadyThere | Meaning::Broken => Reason::Internal,
            Meaning::Declined => Reason::Cancelled,
            Meaning::NotSetUp => Reason::not_enrolled(self.mode),
            Meaning::Fails(reason) => reason,
        };
        let failure = Failure::with_detail(reason, &detail);
        if meaning == Meaning::Fails(Reason::Cancelled) {
            self.note_cancel();
        }
        if meaning.may_mean_a_missing_key() && !self.lacks_click.get() {
            Stop::PutsKeyInDoubt(failure)
        } else {
            Stop::Fails(failure)
        }
    }

    /// Where a key manager is silent about a missing key, a cancel is how the person ends it.
    fn note_cancel(&self) {
        if self.step.get() == Step::Signing {
            self.change_key(Key::refuse);
        }
    }

    /// The key may be missing, or whether it is there could not be told.
    fn doubt_key(&self) {
        let was_probed = self.step.get() == Step::Creating && self.approach.get() == Approach::Probe;
        self.change_key(if was_probed { Key::probe_in_vain } else { Key::refuse });
    }

    /// Changes what is remembered of the key, unless it has been replaced meanwhile, in another tab.
    fn change_key(&self, change: impl FnOnce(&mut Key)) {
        if let Some(key) = self.key.borrow_mut().as_mut() {
            change(key);
            let stored = self.platform.load(&self.key_name).ok().flatten();
            if stored.is_some_and(|stored| stored.id == key.id) {
                self.platform.save(&self.key_name, key);
            }
        }
    }

    /// What ends the ceremony early. Polled after the request has left.
    async fn interruption(&self) -> Interruption {
        let deadline = async {
            match self.platform.sleep(self.deadline_ms).await {
                Ok(()) => Interruption::Deadline,
                Err(failure) => Interruption::Failed(failure),
            }
        };
        let prompt = async { Interruption::Failed(self.platform.ended().await) };
        let unavailable = async {
            // Browsers may let a request without an authenticator hang. A key that is remembered was made by one, and the
            // question costs a tenth of the whole call.
            if self.step.get() == Step::Creating && self.is_known_to_be_unavailable().await {
                return Interruption::Unavailable;
            }
            pending().await
        };
        or(or(deadline, prompt), unavailable).await
    }

    fn interrupted(&self, interruption: Interruption) -> Failure {
        match interruption {
            Interruption::Deadline => {
                let is_asked = matches!(self.step.get(), Step::Creating | Step::Signing);
                if is_asked && !self.lacks_click.get() {
                    self.doubt_key();
                }
                Failure::new(Reason::Timeout)
            }
            Interruption::Failed(failure) => {
                if failure.reason() == Reason::Cancelled {
                    self.note_cancel();
                }
                failure
            }
            Interruption::Unavailable => self.absence(""),
        }
    }

    /// Whether only the platform authenticator may answer, and there is none.
    async fn is_known_to_be_unavailable(&self) -> bool {
        self.is_platform_only() && self.platform.is_available(Some(self.mode)).await == Some(false)
    }

    /// Why the platform authenticator cannot answer.
    fn absence(&self, detail: &str) -> Failure {
        let reason = if self.environment.system.ships_platform_authenticator() {
            Reason::not_enrolled(self.mode)
        } else {
            Reason::NoPlatformAuthenticator
        };
        Failure::with_detail(reason, detail)
    }

    fn rp_id(&self) -> &str {
        availability::rp_id(self.settings, &self.environment)
    }

    fn expected(&self) -> Expected<'_> {
        Expected { challenge: &self.challenge, origin: &self.environment.origin, rp_id: self.rp_id() }
    }

    fn request(&self) -> Request<'_> {
        Request {
            rp_id: self.rp_id(),
            challenge: &self.challenge,
            timeout_ms: self.deadline_ms.saturating_add(TIMER_SLACK_MS),
            is_platform_only: self.is_platform_only(),
        }
    }

    fn is_platform_only(&self) -> bool {
        self.settings.authenticators == Authenticators::Platform
    }

    const fn success(&self, result: Option<SignedResult>) -> Success {
        Success::Authenticated { mode: self.mode, result }
    }
}

/// The first of the names that is set.
fn first_named<const N: usize>(names: [&str; N]) -> &str {
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
}

fn random(platform: &impl Platform) -> Result<[u8; 32], Failure> {
    platform.random().ok_or_else(|| Failure::internal("no random numbers"))
}

/// The right to be the one open authentication; dropping it gives it back.
struct Lock<'a, P: Platform>(&'a P);

impl<'a, P: Platform> Lock<'a, P> {
    fn take(platform: &'a P) -> Option<Self> {
        platform.lock().then(|| Self(platform))
    }
}

impl<P: Platform> Drop for Lock<'_, P> {
    fn drop(&mut self) {
        self.0.unlock();
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
