//! The device in software, as the platform of one call: it stands where `navigator.credentials` stands. All that is no different
//! from a browser's page, the browser does.

use crate::keys::{self, record_name};
use crate::random::random;
use crate::sys::State;
use crate::user::{Action, LOCKED_MS, MISMATCHES_TO_LOCK};
use js_sys::{Array, Date, Function, Object, Reflect};
use std::cell::{Cell, RefCell};
use std::future::pending;
use wasm_bindgen::{JsCast as _, JsValue};
use wx_soter::authenticator::{Authenticator, CreationOptions, RequestOptions};
use wx_soter::browser::promise::settled;
use wx_soter::browser::sys::Call;
use wx_soter::browser::{Browser, error, timer, value};
use wx_soter::browser_error::{Meaning, Refusal};
use wx_soter::environment::{Environment, System};
use wx_soter::failure::{Failure, Reason};
use wx_soter::key::Key;
use wx_soter::key_store::KeyStore;
use wx_soter::mode::{self, AuthMode};
use wx_soter::platform::{Names, Page, Timer};
use wx_soter::prompt::Prompt;
use wx_soter::signature_verifier::SignatureVerifier;
use wx_soter::value::Value;
use wx_soter_authenticator::{Credential, Request, verify_raw};
use wx_soter_webauthn::json::RegistrationResponseJson;
use wx_soter_webauthn::response::{AssertionResponse, AttestationResponse};
use wx_soter_webauthn::{Algorithm, ClientData, Flags, PublicKey, base64url, client_data};

/// What every credential id begins with, so that results show it too.
const ID_PREFIX: &[u8; 8] = b"emulator";

/// The device, for one call.
pub struct Emulated {
    page: Browser,
    state: State,
    call: Call,
    /// What the prompt shows.
    auth_content: RefCell<String>,
    /// Whether the person was verified in this call; `None` before they were asked.
    user_verified: Cell<Option<bool>>,
}

impl Emulated {
    /// The device whose state is in the settings of the call.
    pub fn new(page: Browser, call: Call) -> Self {
        let state = value::member(&page.settings, "device").unchecked_into();
        Self { page, state, call, auth_content: RefCell::default(), user_verified: Cell::default() }
    }

    /// The next 32 numbers that nobody knows who does not know the seed.
    fn draw(&self) -> [u8; 32] {
        let draw = self.state.draws();
        self.state.set_draws(draw.wrapping_add(1));
        random(&self.state.seed(), draw)
    }

    /// Whether that mode is enrolled, or any.
    fn is_enrolled(&self, wanted: Option<AuthMode>) -> bool {
        let enrolled = match value::read(&self.state.enrolled()) {
            Value::Array(_, items) => mode::known(&items),
            _ => Vec::new(),
        };
        wanted.map_or(!enrolled.is_empty(), |mode| enrolled.contains(&mode))
    }

    fn load_credential(&self, id: &[u8]) -> Option<Credential> {
        keys::from_record(&self.parse_json(&self.page.item(&record_name(id)).as_string()?)?)
    }

    fn save_credential(&self, credential: &Credential) {
        self.page.set_item(&record_name(credential.id()), &keys::to_json(credential));
    }

    fn new_credential(&self) -> Credential {
        loop {
            let secret = self.draw();
            let id = [ID_PREFIX.as_slice(), self.draw().first_chunk::<16>().map_or(&[], |id| id)].concat();
            // One draw in four thousand million gives no key.
            if let Some(credential) = Credential::new(secret, id) {
                return credential;
            }
        }
    }

    /// Asks the person, and again after each mismatch; once in a call, as a phone that has just verified somebody does not
    /// ask again for the key that it has just made. Tells whether the authenticator may say that it verified them.
    async fn verify_user(&self, mode: AuthMode) -> Result<bool, Refusal> {
        if !self.is_enrolled(Some(mode)) {
            return Err(refusal(Meaning::Unavailable, ""));
        }
        if let Some(verified) = self.user_verified.get() {
            return Ok(verified);
        }
        let mut attempt = 1;
        loop {
            if Date::now() < self.state.locked_until() {
                return Err(refusal(Meaning::Fails(Reason::LockedOut), ""));
            }
            let action = self.ask_user(mode, attempt).await?;
            let goes_on = matches!(action, Action::Accept | Action::NotVerified | Action::Mismatch);
            if goes_on && !self.is_enrolled(Some(mode)) {
                // It was removed while the person was asked.
                return Err(refusal(Meaning::Unavailable, ""));
            }
            match action {
                // Whatever was unlocked meanwhile, one call does not ask for ever.
                Action::Mismatch if attempt >= MISMATCHES_TO_LOCK => self.lock_out(),
                Action::Mismatch => self.note_mismatch(),
                Action::Cancel => return Err(refusal(Meaning::Fails(Reason::Cancelled), "")),
                // Counts as a browser's refusal without a reason: after two the ceremony looks whether the key is there.
                Action::Fail(Reason::NotAllowed) => return Err(refusal(Meaning::Unexplained, "")),
                Action::Fail(reason) => return Err(refusal(Meaning::Fails(reason), "")),
                Action::Ignore => pending().await,
                Action::Accept | Action::NotVerified => {
                    self.state.set_mismatches(0);
                    let verified = action == Action::Accept;
                    self.user_verified.set(Some(verified));
                    return Ok(verified);
                }
            }
            attempt += 1;
        }
    }

    /// Asks once, and waits as long as the person takes.
    async fn ask_user(&self, mode: AuthMode, attempt: u32) -> Result<Action, Refusal> {
        let internal = |detail: &str| refusal(Meaning::Fails(Reason::Internal), detail);
        let thrown = |thrown: JsValue| internal(&error::line(&thrown));
        let mut answer = self.state.user();
        if let Some(user) = answer.dyn_ref::<Function>() {
            let shown = Object::new();
            let set = |name: &str, value: JsValue| {
                let _ = Reflect::set(&shown, &name.into(), &value);
            };
            set("authContent", self.auth_content.borrow().as_str().into());
            set("authMode", mode.as_str().into());
            set("attempt", attempt.into());
            let asked = user.apply(&JsValue::UNDEFINED, &Array::of1(&shown)).map_err(thrown)?;
            answer = settled(&asked).await.map_err(thrown)?;
        }
        let name = answer.as_string();
        let action = name.as_deref().and_then(Action::from_name);
        if action == Some(Action::Ignore) {
            return pending().await;
        }
        let delay = Value::Number(self.state.delay()).to_u32().unwrap_or(u32::MAX);
        if delay > 0 {
            timer::sleep(delay).await.map_err(thrown)?;
        }
        action.ok_or_else(|| {
            let answered = match &name {
                Some(name) => ["'", name, "'"].concat(),
                None => answer.js_typeof().as_string().unwrap_or_default(),
            };
            internal(&["the emulator's user answered ", &answered].concat())
        })
    }

    fn note_mismatch(&self) {
        let mismatches = self.state.mismatches().saturating_add(1);
        if mismatches < MISMATCHES_TO_LOCK {
            self.state.set_mismatches(mismatches);
        } else {
            self.lock_out();
        }
    }

    fn lock_out(&self) {
        self.state.set_mismatches(0);
        self.state.set_locked_until(Date::now() + LOCKED_MS);
    }

    /// What a browser would tell the authenticator.
    fn request<'a>(&self, kind: &str, rp_id: &'a str, challenge: &[u8], user_verified: bool) -> Request<'a> {
        let client_data = ClientData {
            kind: kind.to_owned(),
            challenge: base64url::encode(challenge),
            origin: self.page_origin(),
            ..ClientData::default()
        };
        let request = Request::new(rp_id, &client_data);
        if user_verified { request } else { Request { flags: Flags::USER_PRESENT, ..request } }
    }

    /// What the person is told to do may be in the way of the checks too.
    fn told(&self) -> String {
        self.state.user().as_string().unwrap_or_default()
    }

    fn page_origin(&self) -> String {
        if self.told() == "invalid-host" { "null".to_owned() } else { self.state.origin() }
    }
}

fn refusal(meaning: Meaning, detail: &str) -> Refusal {
    Refusal { meaning, detail: detail.to_owned() }
}

impl Authenticator for Emulated {
    async fn create(
        &self,
        options: &CreationOptions<'_>,
        mode: AuthMode,
    ) -> Result<AttestationResponse, Refusal> {
        let verified = self.verify_user(mode).await?;
        let is_known = |id: &[u8]| self.load_credential(id).is_some();
        if options.exclude_credentials.iter().any(|excluded| is_known(excluded.id)) {
            return Err(refusal(Meaning::AlreadyThere, "the key is still there"));
        }
        let credential = self.new_credential();
        let request = self.request(client_data::CREATE, options.rp.id, options.challenge, verified);
        self.save_credential(&credential);
        Ok(credential.create(&request))
    }

    async fn get(&self, options: &RequestOptions<'_>, mode: AuthMode) -> Result<AssertionResponse, Refusal> {
        let verified = self.verify_user(mode).await?;
        let mut allowed = options.allow_credentials.iter();
        let mut credential = allowed
            .find_map(|allowed| self.load_credential(allowed.id))
            .ok_or_else(|| refusal(Meaning::Unexplained, "there is no such key"))?;
        let request = self.request(client_data::GET, options.rp_id, options.challenge, verified);
        let response = credential.get(&request);
        self.save_credential(&credential);
        Ok(response)
    }

    async fn is_available(&self, mode: Option<AuthMode>) -> Option<bool> {
        Some(self.is_enrolled(mode))
    }

    fn signal_unknown_credential(&self, _rp_id: &str, credential_id: &[u8]) {
        self.page.remove_item(&record_name(credential_id));
    }
}

impl Page for Emulated {
    fn environment(&self) -> Environment {
        let told = self.told();
        let is_supported =
            matches!(value::read(&value::member(&self.page.settings, "modes")), Value::Array(..));
        let mut environment = Environment {
            webauthn: told != "no-webauthn",
            // It has its own.
            webcrypto: true,
            origin: self.page_origin(),
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

    type Json = JsValue;

    fn parse_json(&self, json: &str) -> Option<JsValue> {
        self.page.parse_json(json)
    }

    fn random(&self) -> Option<[u8; 32]> {
        Some(self.draw())
    }

    // A call that has settled holds it no longer, however it ended.
    fn lock(&self) -> bool {
        let is_free = !self.state.open().is_some_and(|call| call.is_open());
        if is_free {
            self.state.set_open(Some(self.call.clone()));
        }
        is_free
    }

    fn unlock(&self) {
        self.state.set_open(None);
    }

    // Its keys are always of use.
    fn note_unusable_key(&self) {}

    fn names(&self) -> Names {
        Names::default()
    }

    async fn on_key_created(
        &self,
        registration: &RegistrationResponseJson,
        user_handle: &str,
    ) -> Result<(), String> {
        self.page.on_key_created(registration, user_handle).await
    }
}

impl KeyStore for Emulated {
    fn load(&self, name: &str) -> Result<Option<Key>, Failure> {
        self.page.load(name)
    }

    fn save(&self, name: &str, key: &Key) {
        self.page.save(name, key);
    }

    fn forget(&self, name: &str) {
        self.page.forget(name);
    }
}

impl Prompt for Emulated {
    fn show(&self, auth_content: &str, mode: AuthMode) -> Result<(), Failure> {
        auth_content.clone_into(&mut self.auth_content.borrow_mut());
        self.page.show(auth_content, mode)
    }

    async fn ended(&self) -> Failure {
        self.page.ended().await
    }

    // There is no browser that wants one.
    async fn ask_for_click(&self) -> bool {
        false
    }
}

/// Its own arithmetic: emulators run where there is no WebCrypto, in jsdom and on `http://` in a local network.
impl SignatureVerifier for Emulated {
    type PublicKey = PublicKey;

    async fn import(&self, _algorithm: Algorithm, public_key: &[u8]) -> Option<PublicKey> {
        PublicKey::from_p256_spki(public_key)
    }

    async fn verify(&self, key: &PublicKey, signature: &[u8], message: &[u8]) -> bool {
        verify_raw(key, message, signature)
    }
}

impl Timer for Emulated {
    async fn sleep(&self, ms: u32) -> Result<(), Failure> {
        self.page.sleep(ms).await
    }
}
