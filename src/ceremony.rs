//! One call, from checked options to a checked answer: a state machine that says which effect it wants next, and is told
//! what came of it. `startSoterAuthentication` is here; what the two checks make of the same beginning is in
//! [`crate::availability`].

use crate::api::Api;
use crate::availability;
use crate::browser_error::{Meaning, Refusal};
use crate::device::{Answer, Device, Effect, Event, Request};
use crate::environment::Environment;
use crate::failure::{Failure, Reason};
use crate::key::{Approach, Key};
use crate::mode::{self, AuthMode};
use crate::options::Options;
use crate::result::{Success, result_json};
use crate::settings::{Authenticators, Settings};
use crate::verification::{Expected, NotVerified, check_assertion, check_registration, complete};

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
    let mut ceremony = Box::new(Ceremony::new(device, settings, api, options)?);
    let mut next = ceremony.begin();
    loop {
        match next {
            Ok(Effect::Done) => return Ok(std::mem::take(&mut ceremony.success)),
            Ok(effect) => {
                let event = device.perform(effect, &ceremony.request(effect)).await;
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
    /// Of a new key, base64url.
    authenticator_data: String,
    turn: Option<Turn<'a, D>>,
    /// How the call begins, where there is a key.
    approach: Approach,
    /// No key, for requests that are not about the remembered one.
    no_key: Key,
    /// Whether the authenticator has said that the key in doubt is there.
    is_there: bool,
    /// Whether the key has been asked to sign.
    was_asked: bool,
    /// Whether signing is what the authenticator is asked for now.
    signing: bool,
    /// Whether this request has been tried again from a click.
    clicked: bool,
    /// Whether a click was wanted and could not be had, which is the page's doing.
    lacks_click: bool,
    /// What the browser said when it refused without a reason.
    refusal: String,
    /// The key's signature in WebCrypto's form, while it is verified.
    signature: Vec<u8>,
    /// What the call will have found; handed out only once all has been checked.
    success: Success,
}

impl<'a, D: Device> Ceremony<'a, D> {
    fn new(device: &'a D, settings: &'a Settings, api: Api, options: &'a Options) -> Result<Self, Failure> {
        let environment = device.environment();
        let key_name = availability::key_name(settings, &environment);
        let key = device.load(&key_name)?.unwrap_or_default();
        Ok(Self {
            device,
            settings,
            api,
            options,
            // Where no key can be made, one that is in doubt can only be asked.
            approach: if environment.may_create && !environment.makes_unusable_keys {
                key.approach()
            } else {
                Approach::Sign
            },
            key,
            key_name,
            environment,
            mode: options.modes.as_ref().and_then(|modes| modes.first().copied()),
            challenge: String::new(),
            user_handle: String::new(),
            authenticator_data: String::new(),
            turn: None,
            no_key: Key::default(),
            is_there: false,
            was_asked: false,
            signing: false,
            clicked: false,
            lacks_click: false,
            refusal: String::new(),
            signature: Vec::new(),
            success: Success::default(),
        })
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
        let challenge = &self.options.challenge;
        self.challenge =
            if challenge.is_empty() { self.device.random() } else { self.device.base64url(challenge) };
        if self.challenge.is_empty() {
            return Err(Failure::internal("no random numbers"));
        }
        self.turn = Some(Turn::take(self.device).ok_or(Failure::new(Reason::Busy))?);
        self.device.show(&self.options.auth_content, mode)?;
        let asks_key = matches!(self.approach, Approach::Sign | Approach::SignOrReplace);
        if asks_key && !self.key.id.is_empty() { Ok(self.sign()) } else { self.create() }
    }

    /// Makes a key. Its handle is its own: platforms that sync keys have one for each handle, so a handle that two devices
    /// of an account shared would have each replace the other's key.
    fn create(&mut self) -> Result<Effect, Failure> {
        if self.environment.makes_unusable_keys {
            return Err(NotVerified::Unusable.into());
        }
        self.signing = false;
        self.clicked = false;
        self.user_handle = self.device.random();
        if self.user_handle.is_empty() {
            Err(Failure::internal("no random numbers"))
        } else {
            Ok(Effect::Create)
        }
    }

    fn advance(&mut self, effect: Effect, event: Event) -> Result<Effect, Failure> {
        match event {
            // No refusal explains it: the watch beside the request found out.
            Event::Unavailable => Err(self.absence("")),
            Event::Refused(refusal) => self.refused(effect, refusal),
            Event::Answered(answer) if effect == Effect::Create => self.registered(*answer),
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
            Effect::AskForClick => {
                self.lacks_click = true;
                self.unexplained(effect)
            }
            Effect::TellPage if yes => Ok(self.kept()),
            Effect::Verify if yes => Ok(self.verified()),
            Effect::Verify => {
                if self.is_there {
                    // A wrong public key was remembered of it.
                    self.key.give_up();
                } else {
                    self.key.refuse();
                }
                self.update();
                Err(NotVerified::Signature.into())
            }
            // The browser's refusal stands, and nothing explains it.
            _ => self.not_explained(effect, Failure::with_detail(Reason::NotAllowed, &self.refusal)),
        }
    }

    /// A key was made: checks it, and asks the page whether it may stay.
    fn registered(&mut self, answer: Answer) -> Result<Effect, Failure> {
        let answer = complete(answer);
        let algorithm = check_registration(&answer, self.expected()).map_err(|what| {
            if what.is_incomplete() {
                // Each start would leave one more key behind that nothing can use.
                self.device.note_unusable_key();
            }
            Failure::from(what)
        })?;
        let replacements = if self.key.id.is_empty() { 0 } else { self.key.replacements.saturating_add(1) };
        self.key = Key {
            id: answer.id,
            algorithm,
            public_key: answer.public_key,
            user_handle: self.user_handle.clone(),
            refusals: 0,
            probes: 0,
            replacements,
        };
        self.authenticator_data = answer.authenticator_data_base64url;
        Ok(Effect::TellPage)
    }

    /// The page keeps the new key.
    fn kept(&mut self) -> Effect {
        self.device.save(&self.key_name, &self.key);
        // Making the key verified the person, and without a challenge there is nothing to sign.
        if self.options.challenge.is_empty() { Effect::Done } else { self.sign() }
    }

    fn sign(&mut self) -> Effect {
        self.was_asked = true;
        self.signing = true;
        self.clicked = false;
        Effect::Get
    }

    /// The key has signed: checks all but the signature, which takes the platform.
    fn signed(&mut self, answer: &Answer) -> Result<Effect, Failure> {
        let checked = check_assertion(answer, self.expected(), &self.key);
        let (signature, sign_count) = checked.map_err(|what| {
            // Whoever answers for a key that is gone answers wrong. Who does not verify the person has the key.
            if !matches!(what, NotVerified::UserPresent | NotVerified::UserVerified) {
                self.key.refuse();
                self.update();
            }
            Failure::from(what)
        })?;
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
        if self.key.was_refused() {
            self.key.trust();
            self.update();
        }
        Effect::Done
    }

    fn refused(&mut self, effect: Effect, refusal: Refusal) -> Result<Effect, Failure> {
        let meaning = refusal.meaning;
        let reason = match meaning {
            Meaning::AlreadyThere if effect == Effect::Create && self.approach == Approach::Probe => {
                return Ok(self.found());
            }
            // Only the browser knew that no key may be made here.
            Meaning::Forbidden | Meaning::Fails(Reason::BlockedByPolicy)
                if effect == Effect::Create && !self.key.id.is_empty() && !self.was_asked =>
            {
                return Ok(self.sign());
            }
            Meaning::Forbidden => Reason::NotFocused,
            Meaning::AlreadyThere | Meaning::Broken => Reason::Internal,
            Meaning::Declined => Reason::Cancelled,
            Meaning::NeedsActivation if !self.clicked => {
                self.clicked = true;
                self.refusal = refusal.detail;
                return Ok(Effect::AskForClick);
            }
            Meaning::NeedsActivation | Meaning::Unexplained => {
                self.refusal = refusal.detail;
                return self.unexplained(effect);
            }
            Meaning::NotSetUp => self.not_enrolled(),
            Meaning::Fails(reason) => reason,
        };
        let failure = Failure::with_detail(reason, &refusal.detail);
        if meaning == Meaning::Fails(Reason::Cancelled) && effect == Effect::Get {
            // Where a key manager is silent about a missing key, our own cancel is how the person ends it.
            self.key.refuse();
            self.update();
        }
        if meaning.may_mean_a_missing_key() { self.not_explained(effect, failure) } else { Err(failure) }
    }

    /// Chromium refuses at once where there is no authenticator, before the watch beside the request has its answer; so
    /// ask again, to name the real reason.
    fn unexplained(&mut self, effect: Effect) -> Result<Effect, Failure> {
        match self.settings.authenticators {
            Authenticators::Platform => Ok(Effect::AskAvailability),
            Authenticators::Any => {
                self.not_explained(effect, Failure::with_detail(Reason::NotAllowed, &self.refusal))
            }
        }
    }

    /// The key in doubt is there. It signs, unless the person or who answered for it is mistaken.
    fn found(&mut self) -> Effect {
        self.is_there = true;
        self.key.find();
        self.sign()
    }

    /// A request failed in a way that a missing key may be behind; so does whoever cannot tell whether the key is there.
    fn not_explained(&mut self, effect: Effect, failure: Failure) -> Result<Effect, Failure> {
        let is_about_key = !matches!(effect, Effect::TellPage | Effect::Verify | Effect::Done);
        if self.api != Api::Start || self.key.id.is_empty() || !is_about_key || self.lacks_click {
            return Err(failure);
        }
        // No time is left where the deadline has passed.
        let is_over = failure.reason() == Reason::Timeout;
        if self.signing && self.approach == Approach::SignOrReplace && !is_over {
            self.approach = Approach::Replace;
            return self.create();
        }
        if self.signing || self.approach != Approach::Probe {
            self.key.refuse();
        } else {
            self.key.probe_in_vain();
        }
        self.update();
        Err(failure)
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

    /// Remembers what has become of the key, unless it has been replaced meanwhile, in another tab.
    fn update(&self) {
        let stored = self.device.load(&self.key_name).ok().flatten();
        if stored.is_some_and(|stored| stored.id == self.key.id) {
            self.device.save(&self.key_name, &self.key);
        }
    }

    fn expected(&self) -> Expected<'_> {
        Expected { challenge: &self.challenge, origin: &self.environment.origin }
    }

    fn request(&self, effect: Effect) -> Request<'_> {
        let is_replaced = effect == Effect::Create && self.approach != Approach::Probe;
        Request {
            rp_id: availability::rp_id(self.settings, &self.environment),
            user_handle: &self.user_handle,
            challenge: &self.challenge,
            key: if is_replaced { &self.no_key } else { &self.key },
            authenticator_data: &self.authenticator_data,
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
