//! One `startSoterAuthentication`, from checked options to a checked answer.

use crate::availability;
use crate::device::{CreateRequest, Device, GetRequest, Refusal, Shown};
use crate::environment::Environment;
use crate::failure::{Failure, Reason};
use crate::key::Key;
use crate::mode::{self, AuthMode};
use crate::options::StartOptions;
use crate::result::{Started, result_json};
use crate::settings::{Authenticators, Settings};
use crate::verification::{Expected, check_assertion, check_registration};
use futures_lite::future::or;
use std::cell::Cell;
use std::rc::Rc;

/// The browser's own timer runs this much longer than ours, in milliseconds, so that it is ours that ends a ceremony
/// and the reason is known.
const BROWSER_TIMER_SLACK_MS: u32 = 5_000;

/// Runs a whole authentication.
///
/// Nothing is awaited before the authenticator is asked, since older Safari forgets the click then (WebKit bug
/// 216600, before 17.4): the request goes out in the first poll. What could forbid it is found out meanwhile.
///
/// # Errors
/// Whatever came in the way; see the table of errors in the README.
pub async fn start<D: Device>(
    device: &D,
    settings: &Settings,
    options: &StartOptions,
) -> Result<Started, Failure> {
    let environment = device.environment();
    let key_name = availability::key_name(settings, &environment);
    let key = device.load(&key_name);
    environment.check(key.is_none())?;
    let supported = availability::supported_modes(settings, &environment);
    let mode = mode::choose(options.request_auth_modes.as_deref(), supported)?;
    let challenge = match &options.challenge {
        Some(text) => device.base64url(text),
        None => device.random(),
    };
    if challenge.is_empty() {
        return Err(Failure::internal("no random numbers"));
    }
    let _turn = Turn::take(device.open()).ok_or(Failure::new(Reason::Busy))?;
    let prompt = device.show(&options.auth_content, mode)?;
    let ceremony = Ceremony {
        device,
        settings,
        options,
        environment: &environment,
        prompt: &prompt,
        rp_id: availability::rp_id(settings, &environment),
        key_name: &key_name,
        mode,
        expected: Expected { challenge: &challenge, origin: &environment.origin },
    };

    let deadline = async {
        device.sleep(settings.timeout_ms).await;
        Err(Failure::new(Reason::Timeout))
    };
    let dismissed = async { Err(prompt.dismissed().await) };
    let unavailable = async {
        match ceremony.absence().await {
            Some(failure) => Err(failure),
            None => std::future::pending().await,
        }
    };
    or(ceremony.run(key), or(dismissed, or(deadline, unavailable))).await
}

struct Ceremony<'a, D: Device> {
    device: &'a D,
    settings: &'a Settings,
    options: &'a StartOptions,
    environment: &'a Environment,
    prompt: &'a D::Shown,
    rp_id: &'a str,
    key_name: &'a str,
    mode: AuthMode,
    expected: Expected<'a>,
}

impl<D: Device> Ceremony<'_, D> {
    async fn run(&self, key: Option<Key>) -> Result<Started, Failure> {
        let key = match key {
            Some(key) if !key.is_doubtful() => key,
            doubtful => match (self.enrol(doubtful.as_ref()).await?, doubtful) {
                // Making the key verified the person, and without a challenge there is nothing to sign.
                (Some(_), _) if self.options.challenge.is_none() => return Ok(self.unsigned()),
                (Some(key), _) | (None, Some(key)) => key,
                (None, None) => return Err(Failure::internal("a key is already there")),
            },
        };
        self.sign(key).await
    }

    /// Makes a key, checks it, asks the page whether it may stay, and remembers it. `None` where `doubtful` is still
    /// on the device.
    async fn enrol(&self, doubtful: Option<&Key>) -> Result<Option<Key>, Failure> {
        let user = &self.settings.user;
        let user_handle = match (&user.id, doubtful) {
            (Some(id), _) => self.device.base64url(id),
            (None, Some(key)) => key.user_handle.clone(),
            (None, None) => self.device.random(),
        };
        let user_name = user.name.as_deref().or(user.id.as_deref()).unwrap_or(self.rp_id);
        let request = CreateRequest {
            rp_id: self.rp_id,
            rp_name: self.settings.rp_name.as_deref().unwrap_or(self.rp_id),
            user_handle: &user_handle,
            user_name,
            user_display_name: user.display_name.as_deref().unwrap_or(user_name),
            challenge: self.expected.challenge,
            exclude: doubtful.map_or("", |key| &key.id),
            authenticators: self.settings.authenticators,
            timeout_ms: self.browser_timer(),
        };
        let registration = match self.with_activation(async || self.device.create(&request).await).await {
            Ok(registration) => registration,
            Err(Refusal::AlreadyThere) => return Ok(None),
            Err(refusal) => return Err(self.explain(refusal).await),
        };
        let algorithm = check_registration(&registration, self.expected)?;
        if let Err(why) = self.device.key_created(&registration.credential).await {
            return Err(Failure::with_detail(Reason::EnrolmentRefused, why));
        }
        let key = Key {
            id: registration.response.id,
            algorithm,
            public_key: registration.public_key,
            user_handle,
            refusals: 0,
        };
        self.device.save(self.key_name, &key);
        Ok(Some(key))
    }

    async fn sign(&self, mut key: Key) -> Result<Started, Failure> {
        let request = GetRequest {
            rp_id: self.rp_id,
            key: &key,
            challenge: self.expected.challenge,
            authenticators: self.settings.authenticators,
            timeout_ms: self.browser_timer(),
        };
        let assertion = match self.with_activation(async || self.device.get(&request).await).await {
            Ok(assertion) => assertion,
            Err(refusal) => {
                let failure = self.explain(refusal).await;
                if failure.reason() == Reason::NotAllowed {
                    key.refusals = key.refusals.saturating_add(1);
                    self.device.save(self.key_name, &key);
                }
                return Err(failure);
            }
        };
        let data = check_assertion(self.device, &assertion, self.expected, &key).await?;
        if key.refusals > 0 {
            key.refusals = 0;
            self.device.save(self.key_name, &key);
        }
        let Some(challenge) = &self.options.challenge else { return Ok(self.unsigned()) };
        let result = result_json(challenge, &key, &assertion, data.sign_count);
        Ok(Started {
            result_json: self.device.to_json(&result),
            result_json_signature: assertion.signature_base64,
            ..self.unsigned()
        })
    }

    /// Asks the authenticator, and once more from a click on the prompt where the browser wants one.
    async fn with_activation<T>(&self, ask: impl AsyncFn() -> Result<T, Refusal>) -> Result<T, Refusal> {
        match ask().await {
            Err(Refusal::NeedsActivation(_)) if self.prompt.clicked().await => ask().await,
            answer => answer,
        }
    }

    async fn explain(&self, refusal: Refusal) -> Failure {
        match refusal {
            Refusal::Failed(failure) => failure,
            Refusal::NotSetUp(detail) => Failure::with_detail(Reason::NotEnrolled(self.mode), detail),
            Refusal::AlreadyThere => Failure::internal("a key is already there"),
            // Chromium refuses at once where there is no authenticator, before the watch beside this ceremony has its
            // answer; so ask again, to name the real reason.
            Refusal::NeedsActivation(detail) | Refusal::Unexplained(detail) => {
                self.absence().await.unwrap_or_else(|| Failure::with_detail(Reason::NotAllowed, detail))
            }
        }
    }

    /// Why the platform authenticator cannot answer; `None` where it can, or is not needed.
    async fn absence(&self) -> Option<Failure> {
        if self.settings.authenticators == Authenticators::Any {
            return None;
        }
        let available = self.device.is_user_verifying_platform_authenticator_available().await;
        (available == Some(false)).then(|| {
            Failure::new(if self.environment.system.ships_platform_authenticator() {
                Reason::NotEnrolled(self.mode)
            } else {
                Reason::NoPlatformAuthenticator
            })
        })
    }

    const fn browser_timer(&self) -> u32 {
        self.settings.timeout_ms.saturating_add(BROWSER_TIMER_SLACK_MS)
    }

    fn unsigned(&self) -> Started {
        Started { auth_mode: self.mode.as_str(), ..Started::default() }
    }
}

/// The right to be the one open authentication; dropping it gives it back.
struct Turn(Rc<Cell<bool>>);

impl Turn {
    fn take(open: &Rc<Cell<bool>>) -> Option<Self> {
        (!open.replace(true)).then(|| Self(Rc::clone(open)))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
