//! One call, from checked options to a checked answer: a state machine that says which effect it wants next, and is told
//! what came of it. `startSoterAuthentication` is here; what the two checks make of the same beginning is in
//! [`crate::availability`].

use crate::api::Api;
use crate::availability;
use crate::browser_error::{Meaning, Refusal};
use crate::device::{Answer, Device, Effect, Event, Request};
use crate::environment::Environment;
use crate::failure::{Failure, Reason};
use crate::key::Key;
use crate::mode::{self, AuthMode};
use crate::options::Options;
use crate::result::{Success, result_json};
use crate::settings::{Authenticators, Settings};
use crate::verification::{Expected, NotVerified, check_assertion, check_registration};

/// Runs a whole call.
///
/// Nothing is awaited before the authenticator is asked, since older Safari forgets the click then (WebKit bug
/// 216600, before 17.4): the request goes out in the first poll. What could forbid it is found out meanwhile.
///
/// # Errors
/// Whatever came in the way; see the table of errors in the README.
pub async fn run<D: Device>(
    device: &D,
    settings: &Settings,
    api: Api,
    options: &Options,
) -> Result<Success, Failure> {
    let mut ceremony = Box::new(Ceremony::new(device, settings, api, options));
    let mut next = ceremony.begin();
    loop {
        match next {
            Ok(Effect::Done) => return Ok(std::mem::take(&mut ceremony.success)),
            Ok(effect) => {
                let event = device.perform(effect, &ceremony.request()).await;
                next = ceremony.advance(effect, event);
            }
            // The list of modes is empty then.
            Err(failure) if availability::is_no_failure(api, settings, &failure) => next = Ok(Effect::Done),
            Err(failure) => return Err(failure),
        }
    }
}

struct Ceremony<'a, D: Device> {
    device: &'a D,
    settings: &'a Settings,
    api: Api,
    options: &'a Options,
    environment: Environment,
    /// The name under which the key is remembered.
    key_name: String,
    /// The remembered key, then perhaps a new one; the id is empty where there is none.
    key: Key,
    /// The mode that is asked for.
    mode: Option<AuthMode>,
    /// Base64url.
    challenge: String,
    /// For a new key.
    user_handle: String,
    turn: Option<Turn<'a, D>>,
    /// Whether the key is known and has been asked to sign.
    signing: bool,
    /// Whether this request has been tried again from a click.
    clicked: bool,
    /// What the browser said when it refused without a reason.
    refusal: String,
    /// The key's signature in WebCrypto's form, while it is verified.
    signature: Vec<u8>,
    /// What the call will have found; handed out only once all has been checked.
    success: Success,
}

impl<'a, D: Device> Ceremony<'a, D> {
    fn new(device: &'a D, settings: &'a Settings, api: Api, options: &'a Options) -> Self {
        let environment = device.environment();
        let key_name = availability::key_name(settings, &environment);
        Self {
            device,
            settings,
            api,
            options,
            key: device.load(&key_name).unwrap_or_default(),
            key_name,
            environment,
            mode: options.modes.as_ref().and_then(|modes| modes.first().copied()),
            challenge: String::new(),
            user_handle: String::new(),
            turn: None,
            signing: false,
            clicked: false,
            refusal: String::new(),
            signature: Vec::new(),
            success: Success::default(),
        }
    }

    fn begin(&mut self) -> Result<Effect, Failure> {
        self.environment.check(self.key.id.is_empty())?;
        if self.api != Api::Start {
            return Ok(Effect::AskAvailability);
        }
        let supported = availability::supported_modes(self.settings, &self.environment);
        let mode = mode::choose(self.options.modes.as_deref(), supported)?;
        self.mode = Some(mode);
        self.success.auth_mode = mode.as_str();
        self.challenge = self.base64url_or_random(&self.options.challenge);
        if self.challenge.is_empty() {
            return Err(Failure::internal("no random numbers"));
        }
        self.turn = Some(Turn::take(self.device).ok_or(Failure::new(Reason::Busy))?);
        self.device.show(&self.options.auth_content, mode)?;
        // Where no key may be made, one that is in doubt can only be asked.
        let is_probed = self.key.is_doubtful() && self.environment.may_create;
        if !is_probed && !self.key.id.is_empty() {
            return Ok(self.sign());
        }
        self.user_handle = if self.settings.user_id.is_empty() && !self.key.id.is_empty() {
            self.key.user_handle.clone()
        } else {
            self.base64url_or_random(&self.settings.user_id)
        };
        Ok(Effect::Create)
    }

    fn base64url_or_random(&self, text: &str) -> String {
        if text.is_empty() { self.device.random() } else { self.device.base64url(text) }
    }

    fn advance(&mut self, effect: Effect, event: Event) -> Result<Effect, Failure> {
        match event {
            // No refusal explains it: the watch beside the request found out.
            Event::Unavailable => Err(self.absence("")),
            Event::Refused(refusal) => self.refused(effect, refusal),
            Event::Answered(answer) if effect == Effect::Create => self.registered(&answer),
            Event::Answered(answer) => self.signed(&answer),
            Event::Said(said) => self.said(effect, said),
        }
    }

    fn said(&mut self, effect: Effect, said: Option<bool>) -> Result<Effect, Failure> {
        let yes = said == Some(true);
        match effect {
            Effect::AskAvailability if self.api != Api::Start => {
                let (settings, environment) = (self.settings, &self.environment);
                availability::check(settings, environment, yes)?;
                let supported = availability::supported_modes(settings, environment);
                if self.api == Api::CheckEnrolled {
                    mode::choose(self.options.modes.as_deref(), supported)?;
                }
                self.success.support_mode = supported.to_vec();
                self.success.is_enrolled = yes;
                Ok(Effect::Done)
            }
            Effect::AskAvailability if said == Some(false) => Err(self.absence(&self.refusal)),
            Effect::AskForClick if yes => Ok(if self.signing { Effect::Get } else { Effect::Create }),
            Effect::AskForClick => self.unexplained(),
            Effect::TellPage if yes => Ok(self.kept()),
            Effect::Verify if yes => Ok(self.verified()),
            Effect::Verify => {
                // A key in doubt that is still there, and signs what does not hold, is of no use: a wrong public key was
                // remembered of it. It is forgotten, and the next start makes another.
                let is_forgotten = self.key.is_doubtful();
                self.doubt(is_forgotten);
                Err(NotVerified::Signature.into())
            }
            _ => Err(self.not_allowed()),
        }
    }

    /// A key was made: checks it, and asks the page whether it may stay.
    fn registered(&mut self, answer: &Answer) -> Result<Effect, Failure> {
        let algorithm = check_registration(answer, self.expected())?;
        self.key = Key {
            id: answer.id.clone(),
            algorithm,
            public_key: answer.public_key.clone(),
            user_handle: self.user_handle.clone(),
            refusals: 0,
        };
        Ok(Effect::TellPage)
    }

    /// The page keeps the new key.
    fn kept(&mut self) -> Effect {
        self.device.save(&self.key_name, &self.key);
        // Making the key verified the person, and without a challenge there is nothing to sign.
        if self.options.challenge.is_empty() { Effect::Done } else { self.sign() }
    }

    fn sign(&mut self) -> Effect {
        self.signing = true;
        self.clicked = false;
        Effect::Get
    }

    /// The key has signed: checks all but the signature, which takes the platform.
    fn signed(&mut self, answer: &Answer) -> Result<Effect, Failure> {
        let (signature, sign_count) = check_assertion(answer, self.expected(), &self.key)?;
        self.signature = signature;
        let challenge = &self.options.challenge;
        if !challenge.is_empty() {
            let result = result_json(challenge, &self.key, answer, sign_count);
            self.success.result_json = self.device.to_json(&result);
            self.success.result_json_signature = answer.signature_base64.clone();
            if self.success.result_json.is_empty() || self.success.result_json_signature.is_empty() {
                return Err(Failure::internal("the result cannot be written"));
            }
        }
        Ok(Effect::Verify)
    }

    fn verified(&mut self) -> Effect {
        if self.key.refusals > 0 {
            self.key.refusals = 0;
            self.update(&self.key);
        }
        Effect::Done
    }

    fn refused(&mut self, effect: Effect, refusal: Refusal) -> Result<Effect, Failure> {
        let reason = match refusal.meaning {
            // The key that was in doubt is still there, or only the browser knew that none may be made here.
            Meaning::AlreadyThere | Meaning::Forbidden | Meaning::Fails(Reason::BlockedByPolicy)
                if effect == Effect::Create && !self.key.id.is_empty() =>
            {
                return Ok(self.sign());
            }
            Meaning::Forbidden => Reason::NotFocused,
            Meaning::AlreadyThere => Reason::Internal,
            Meaning::NeedsActivation if !self.clicked => {
                self.clicked = true;
                self.refusal = refusal.detail;
                return Ok(Effect::AskForClick);
            }
            Meaning::NeedsActivation | Meaning::Unexplained => {
                self.refusal = refusal.detail;
                return self.unexplained();
            }
            Meaning::NotSetUp => self.not_enrolled(),
            Meaning::Fails(reason) => reason,
        };
        Err(Failure::with_detail(reason, &refusal.detail))
    }

    /// Chromium refuses at once where there is no authenticator, before the watch beside the request has its answer; so
    /// ask again, to name the real reason.
    fn unexplained(&mut self) -> Result<Effect, Failure> {
        match self.settings.authenticators {
            Authenticators::Platform => Ok(Effect::AskAvailability),
            Authenticators::Any => Err(self.not_allowed()),
        }
    }

    /// Nothing explains the refusal, so the key may have been deleted.
    fn not_allowed(&mut self) -> Failure {
        if self.signing {
            self.doubt(false);
        }
        Failure::with_detail(Reason::NotAllowed, &self.refusal)
    }

    /// Why the platform authenticator cannot answer.
    fn absence(&self, detail: &str) -> Failure {
        let reason = if self.environment.system.ships_platform_authenticator() {
            self.not_enrolled()
        } else {
            Reason::NoPlatformAuthenticator
        };
        Failure::with_detail(reason, detail)
    }

    const fn not_enrolled(&self) -> Reason {
        Reason::not_enrolled(match self.mode {
            Some(mode) => mode,
            None => AuthMode::FingerPrint,
        })
    }

    /// The key was refused once more, or is to be forgotten.
    fn doubt(&mut self, is_forgotten: bool) {
        self.key.refusals = self.key.refusals.saturating_add(1);
        let nothing = Key::default();
        self.update(if is_forgotten { &nothing } else { &self.key });
    }

    /// Remembers what has become of the key, unless it has been replaced meanwhile, in another tab.
    fn update(&self, key: &Key) {
        if self.device.load(&self.key_name).is_some_and(|stored| stored.id == self.key.id) {
            self.device.save(&self.key_name, key);
        }
    }

    fn expected(&self) -> Expected<'_> {
        Expected { challenge: &self.challenge, origin: &self.environment.origin }
    }

    fn request(&self) -> Request<'_> {
        Request {
            rp_id: availability::rp_id(self.settings, &self.environment),
            user_handle: &self.user_handle,
            challenge: &self.challenge,
            key: &self.key,
            mode: self.mode,
            signature: &self.signature,
            authenticators: self.settings.authenticators,
            knows_attachment: self.environment.knows_platform_attachment(),
            timeout_ms: self.settings.timeout_ms,
        }
    }
}

/// The right to be the one open authentication; dropping it gives it back.
struct Turn<'a, D: Device>(&'a D);

impl<'a, D: Device> Turn<'a, D> {
    fn take(device: &'a D) -> Option<Self> {
        device.take_turn().then(|| Self(device))
    }
}

impl<D: Device> Drop for Turn<'_, D> {
    fn drop(&mut self) {
        self.0.end_turn();
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
