//! The device in software: one call's view of it. Its state is a JavaScript object among the settings, so that the module
//! keeps nothing and devices share nothing. What is no different from a browser's page, the browser does.

use crate::authenticator::{self, Client, Credential};
use crate::person::{Deed, LOCKED_MS, MISMATCHES_TO_LOCK};
use crate::sys;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use std::cell::{Cell, RefCell};
use wx_soter::browser::sys as page;
use wx_soter::browser::{Browser, read_event};
use wx_soter::browser_error::{Meaning, Refusal};
use wx_soter::device::{Answer, Device, Effect, Encoding, Event, KeyStore, Prompt, Request, Surroundings};
use wx_soter::environment::{Environment, System};
use wx_soter::failure::{Failure, Reason};
use wx_soter::json::Json;
use wx_soter::key::Key;
use wx_soter::mode::{self, AuthMode};
use wx_soter::snapshot::Snapshot;

/// What is read of the device's state.
const STATE: &str = "modes device.origin device.seed device.enrolled device.mismatches device.user";
/// What is read of an event.
const EVENT: &str = "event said deed error.name error.message";

/// The device, for one call.
pub struct Emulated {
    host: Browser,
    /// What the prompt shows.
    auth_content: RefCell<String>,
    /// Whether the person was verified in this call; `None` before they were asked.
    verified: Cell<Option<bool>>,
    /// What the authenticator answered last.
    answer: RefCell<Answer>,
    /// What the page is told of a new key, JSON.
    registration: RefCell<String>,
}

impl Emulated {
    /// The device whose state is in the settings of the call.
    pub fn new(host: Browser) -> Self {
        Self {
            host,
            auth_content: RefCell::default(),
            verified: Cell::default(),
            answer: RefCell::default(),
            registration: RefCell::default(),
        }
    }

    fn state(&self) -> String {
        page::snapshot(&self.host.settings, STATE)
    }

    /// 32 numbers that nobody knows who does not know the seed.
    fn draw(&self) -> [u8; 32] {
        let state = self.state();
        authenticator::random(&Snapshot::read(&state).text("device.seed"), sys::draw(&self.host.settings))
    }

    /// Whether that mode is enrolled, or any.
    fn is_enrolled(&self, wanted: Option<AuthMode>) -> bool {
        let state = self.state();
        let enrolled = mode::known(&Snapshot::read(&state), "device.enrolled");
        wanted.map_or(!enrolled.is_empty(), |mode| enrolled.contains(&mode))
    }

    fn load_credential(&self, id: &str) -> Option<Credential> {
        let record = page::load(&self.host.settings, &record_name(id), Credential::RECORD);
        let record = Snapshot::read(&record);
        let sign_count = u32::try_from(record.get("signCount").number()?).ok()?;
        Credential::from_record(record.get("id").text(), record.get("secret").text(), sign_count)
    }

    fn save_credential(&self, id: &str, credential: &Credential) {
        page::save(&self.host.settings, &record_name(id), &self.to_json(&credential.to_record()));
    }

    /// Asks the person, and again after each mismatch; once in a call, as a phone that has just verified somebody does not
    /// ask again for the key that it has just made. Answers whether the authenticator may say that it verified them.
    async fn verify_person(&self, request: &Request<'_>) -> Result<bool, Event> {
        if let Some(verified) = self.verified.get() {
            return Ok(verified);
        }
        let settings = &self.host.settings;
        let auth_content = self.auth_content.borrow().clone();
        let mode = request.mode.map_or("", AuthMode::as_str);
        let mut attempt = 1;
        loop {
            if sys::is_locked(settings) {
                return Err(failed(Reason::LockedOut));
            }
            sys::ask(&self.host.call, settings, &auth_content, mode, attempt, request.timeout_ms, EVENT);
            let event = self.host.event().await;
            let event = Snapshot::read(&event);
            let deed = Deed::from_name(event.get("deed").text()).ok_or_else(|| read_event(&event))?;
            let goes_on = matches!(deed, Deed::Accept | Deed::Unverified | Deed::Mismatch);
            if goes_on && !self.is_enrolled(request.mode) {
                // It was removed while the person was asked.
                return Err(Event::Unavailable);
            }
            match deed {
                // Whatever was unlocked meanwhile, one call does not ask for ever.
                Deed::Mismatch if attempt >= MISMATCHES_TO_LOCK => sys::note(settings, 0, LOCKED_MS),
                Deed::Mismatch => self.note_mismatch(),
                Deed::Cancel => return Err(failed(Reason::Cancelled)),
                // Counts as a browser's refusal without a reason: after two the ceremony looks whether the key is there.
                Deed::Fails(Reason::NotAllowed) => return Err(refused(Meaning::Unexplained, "")),
                Deed::Fails(reason) => return Err(failed(reason)),
                Deed::Accept | Deed::Unverified => {
                    sys::note(settings, 0, 0);
                    let verified = deed == Deed::Accept;
                    self.verified.set(Some(verified));
                    return Ok(verified);
                }
            }
            attempt += 1;
        }
    }

    fn note_mismatch(&self) {
        let state = self.state();
        let before = Snapshot::read(&state).get("device.mismatches").number().unwrap_or_default();
        let mismatches = before.unsigned_abs().saturating_add(1);
        if mismatches < MISMATCHES_TO_LOCK {
            sys::note(&self.host.settings, mismatches, 0);
        } else {
            sys::note(&self.host.settings, 0, LOCKED_MS);
        }
    }

    fn new_credential(&self) -> Credential {
        loop {
            // One draw in four thousand million gives no key.
            if let Some(credential) = Credential::new(self.draw(), self.draw()) {
                return credential;
            }
        }
    }

    async fn create(&self, request: &Request<'_>) -> Result<Answer, Event> {
        let verified = self.verify_person(request).await?;
        let known = &request.key.id;
        if !known.is_empty() && self.load_credential(known).is_some() {
            return Err(refused(Meaning::AlreadyThere, "the key is still there"));
        }
        let credential = self.new_credential();
        let origin = self.environment().origin;
        let (answer, registration) =
            credential.registered(self.client(&origin, request, &|json| self.to_json(json)), verified);
        self.save_credential(&answer.id, &credential);
        self.registration.replace(registration);
        Ok(answer)
    }

    async fn get(&self, request: &Request<'_>) -> Result<Answer, Event> {
        let verified = self.verify_person(request).await?;
        let id = &request.key.id;
        let mut credential =
            self.load_credential(id).ok_or_else(|| refused(Meaning::Unexplained, "there is no such key"))?;
        let origin = self.environment().origin;
        let answer = credential.sign(self.client(&origin, request, &|json| self.to_json(json)), verified);
        self.save_credential(id, &credential);
        Ok(answer)
    }

    fn client<'a>(
        &self,
        origin: &'a str,
        request: &Request<'a>,
        to_json: &'a dyn Fn(&Json) -> String,
    ) -> Client<'a> {
        Client { origin, rp_id: request.rp_id, challenge: request.challenge, to_json }
    }

    fn answered(&self, answer: Result<Answer, Event>) -> Event {
        match answer {
            Ok(answer) => {
                self.answer.replace(answer.clone());
                Event::Answered(Box::new(answer))
            }
            Err(event) => event,
        }
    }

    async fn tell_page(&self, user_handle: &str) -> Event {
        let registration = self.registration.take();
        sys::tell_page(&self.host.call, &self.host.settings, &registration, user_handle, EVENT);
        read_event(&Snapshot::read(&self.host.event().await))
    }
}

fn record_name(id: &str) -> String {
    ["wx-soter-emulator:", id].concat()
}

const fn failed(reason: Reason) -> Event {
    Event::failed(reason, String::new())
}

fn refused(meaning: Meaning, detail: &str) -> Event {
    Event::Refused(Refusal { meaning, detail: detail.to_owned() })
}

impl Device for Emulated {
    async fn perform(&self, effect: Effect, request: &Request<'_>) -> Event {
        match effect {
            Effect::Create | Effect::Get if !self.is_enrolled(request.mode) => Event::Unavailable,
            Effect::Create => self.answered(self.create(request).await),
            Effect::Get => self.answered(self.get(request).await),
            Effect::Verify => {
                let public_key = &request.key.public_key;
                let holds = authenticator::verify(public_key, &self.answer.borrow(), request.signature);
                Event::Said(Some(holds))
            }
            Effect::TellPage => self.tell_page(request.user_handle).await,
            // There is no browser that wants one.
            Effect::AskForClick => Event::Said(Some(false)),
            Effect::AskAvailability | Effect::Done => Event::Said(Some(self.is_enrolled(request.mode))),
        }
    }
}

impl Surroundings for Emulated {
    fn environment(&self) -> Environment {
        let state = self.state();
        let state = Snapshot::read(&state);
        let is_supported = !mode::known(&state, "modes").is_empty();
        // What is in the way of a start is in the way of the checks too.
        let told = state.get("device.user").text();
        let mut environment = Environment {
            webauthn: told != "no-webauthn",
            webcrypto: true,
            origin: if told == "invalid-host" { "null".to_owned() } else { state.text("device.origin") },
            may_get: told != "blocked-by-policy",
            may_create: true,
            // A system that ships an authenticator, which then may only need enrolling.
            system: if is_supported { System::Android } else { System::Other },
            ..Environment::default()
        };
        let host = environment.host().unwrap_or_default();
        let is_local = host == "localhost" || host.ends_with(".localhost");
        let is_secure = environment.origin.starts_with("https:") || is_local || told == "invalid-host";
        environment.secure_context = Some(is_secure && told != "insecure-context");
        environment
    }

    fn take_turn(&self) -> bool {
        sys::take_turn(&self.host.settings, &self.host.call)
    }

    fn end_turn(&self) {
        sys::end_turn(&self.host.settings, &self.host.call);
    }

    // Its keys are always of use.
    fn note_unusable_key(&self) {}
}

impl KeyStore for Emulated {
    fn load(&self, name: &str) -> Result<Option<Key>, Failure> {
        self.host.load(name)
    }

    fn save(&self, name: &str, key: &Key) {
        self.host.save(name, key);
    }

    fn forget(&self, name: &str) {
        self.host.forget(name);
    }
}

impl Prompt for Emulated {
    fn show(&self, auth_content: &str, mode: AuthMode) -> Result<(), Failure> {
        auth_content.clone_into(&mut self.auth_content.borrow_mut());
        self.host.show(auth_content, mode)
    }
}

impl Encoding for Emulated {
    fn random(&self) -> String {
        Base64UrlUnpadded::encode_string(&self.draw())
    }

    fn base64url(&self, text: &str) -> String {
        self.host.base64url(text)
    }

    fn to_json(&self, value: &Json) -> String {
        self.host.to_json(value)
    }
}
