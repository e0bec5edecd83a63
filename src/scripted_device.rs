//! A device for native tests: real keys and signatures, and a script for what goes wrong.

use crate::client_data::ClientData;
use crate::device::{
    Assertion, Authenticator, Clock, CreateRequest, Encoding, GetRequest, KeyListener, KeyStore, Prompt,
    Refusal, Registration, Response, Shown, Surroundings,
};
use crate::environment::{Environment, System};
use crate::failure::{Failure, Reason};
use crate::json::Json;
use crate::key::Key;
use crate::mode::AuthMode;
use crate::vectors;
use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::pkcs8::{DecodePublicKey, EncodePublicKey};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::future::pending;
use std::rc::Rc;

/// What the authenticator does when asked next. With an empty script it answers.
pub enum Next {
    Answer,
    Refuse(Refusal),
    Hang,
}

pub type Tamper<T> = fn(&mut T);

pub struct ScriptedDevice {
    pub environment: Environment,
    pub open: Rc<Cell<bool>>,
    pub next: RefCell<VecDeque<Next>>,
    /// The keys on the authenticator, by id.
    pub keys: RefCell<Vec<(Vec<u8>, SigningKey)>>,
    pub counter: Cell<u32>,
    pub flags: Cell<u8>,
    pub available: Cell<Option<bool>>,
    pub tamper_registration: Cell<Option<Tamper<Registration<()>>>>,
    pub tamper_assertion: Cell<Option<Tamper<Assertion>>>,
    pub store: RefCell<HashMap<String, Key>>,
    pub page_refuses_keys: Cell<Option<&'static str>>,
    pub prompt_throws: Cell<bool>,
    pub dismissed_at_once: Cell<bool>,
    pub clicks: Cell<bool>,
    pub deadline_passes: Cell<bool>,
    /// What was asked of the device, in order.
    pub log: RefCell<Vec<String>>,
}

impl Default for ScriptedDevice {
    fn default() -> Self {
        Self {
            environment: Environment {
                secure_context: Some(true),
                webauthn: true,
                origin: "https://example.org".into(),
                may_get: true,
                may_create: true,
                system: System::Windows,
                gecko: false,
            },
            open: Rc::default(),
            next: RefCell::default(),
            keys: RefCell::default(),
            counter: Cell::new(0),
            flags: Cell::new(0x05),
            available: Cell::new(Some(true)),
            tamper_registration: Cell::new(None),
            tamper_assertion: Cell::new(None),
            store: RefCell::default(),
            page_refuses_keys: Cell::new(None),
            prompt_throws: Cell::new(false),
            dismissed_at_once: Cell::new(false),
            clicks: Cell::new(false),
            deadline_passes: Cell::new(false),
            log: RefCell::default(),
        }
    }
}

impl ScriptedDevice {
    pub fn script(self, next: impl IntoIterator<Item = Next>) -> Self {
        self.next.borrow_mut().extend(next);
        self
    }

    pub fn log(&self) -> Vec<String> {
        self.log.take()
    }

    fn note(&self, what: impl Into<String>) {
        self.log.borrow_mut().push(what.into());
    }

    async fn next(&self) -> Result<(), Refusal> {
        let next = self.next.borrow_mut().pop_front();
        match next {
            None | Some(Next::Answer) => Ok(()),
            Some(Next::Refuse(refusal)) => Err(refusal),
            Some(Next::Hang) => pending().await,
        }
    }

    fn client_data(&self, kind: &str, challenge: &str) -> ClientData {
        ClientData { kind: kind.into(), challenge: challenge.into(), origin: self.environment.origin.clone() }
    }

    fn authenticator_data(&self, rp_id: &str, flags: u8) -> Vec<u8> {
        self.counter.set(self.counter.get() + 1);
        [&vectors::sha256(rp_id.as_bytes())[..], &[flags], &self.counter.get().to_be_bytes()].concat()
    }

    fn response(&self, id: &[u8], kind: &str, challenge: &str, rp_id: &str, flags: u8) -> Response {
        Response {
            id: Base64UrlUnpadded::encode_string(id),
            client_data: Some(self.client_data(kind, challenge)),
            authenticator_data: self.authenticator_data(rp_id, flags),
            expected_rp_id_hash: vectors::sha256(rp_id.as_bytes()).to_vec(),
        }
    }
}

/// What is signed: authenticator data and the hash of client data.
fn signed(assertion: &Assertion) -> Vec<u8> {
    let client_data = Base64UrlUnpadded::decode_vec(&assertion.client_data_json).unwrap();
    [assertion.response.authenticator_data.as_slice(), &vectors::sha256(&client_data)].concat()
}

impl Surroundings for ScriptedDevice {
    fn environment(&self) -> Environment {
        self.environment.clone()
    }

    fn open(&self) -> &Rc<Cell<bool>> {
        &self.open
    }
}

impl Authenticator for ScriptedDevice {
    type Credential = ();

    async fn create(&self, request: &CreateRequest<'_>) -> Result<Registration<()>, Refusal> {
        self.note(if request.exclude.is_empty() { "create" } else { "create excluding" });
        self.next().await?;
        let excluded = Base64UrlUnpadded::decode_vec(request.exclude).unwrap();
        if self.keys.borrow().iter().any(|(known, _)| *known == excluded) {
            return Err(Refusal::AlreadyThere);
        }
        let made = u8::try_from(self.keys.borrow().len() + 1).unwrap();
        let signing_key = SigningKey::from_slice(&[made; 32]).unwrap();
        let id = vec![made; 16];
        let mut response =
            self.response(&id, "webauthn.create", request.challenge, request.rp_id, self.flags.get() | 0x40);
        response.authenticator_data.extend([[0; 16].as_slice(), &[0, 16], &id].concat());
        let public_key = signing_key.verifying_key().to_public_key_der().unwrap().into_vec();
        let mut registration = Registration {
            response,
            raw_id: id.clone(),
            public_key: Base64UrlUnpadded::encode_string(&public_key),
            algorithm: -7.0,
            credential: (),
        };
        self.keys.borrow_mut().push((id, signing_key));
        if let Some(tamper) = self.tamper_registration.get() {
            tamper(&mut registration);
        }
        Ok(registration)
    }

    async fn get(&self, request: &GetRequest<'_>) -> Result<Assertion, Refusal> {
        self.note("get");
        self.next().await?;
        let keys = self.keys.borrow();
        let wanted = Base64UrlUnpadded::decode_vec(&request.key.id).unwrap();
        let Some((id, key)) = keys.iter().find(|(id, _)| *id == wanted) else {
            return Err(Refusal::Unexplained("no such key".into()));
        };
        let response = self.response(id, "webauthn.get", request.challenge, request.rp_id, self.flags.get());
        let client_data = response.client_data.clone().unwrap();
        let json = format!("{client_data:?}");
        let mut assertion = Assertion {
            response,
            client_data_json: Base64UrlUnpadded::encode_string(json.as_bytes()),
            ..Assertion::default()
        };
        let signature: Signature = key.sign(&signed(&assertion));
        assertion.signature = signature.to_der().as_bytes().to_vec();
        assertion.signature_base64 = Base64::encode_string(&assertion.signature);
        if let Some(tamper) = self.tamper_assertion.get() {
            tamper(&mut assertion);
        }
        Ok(assertion)
    }

    async fn verify(&self, key: &Key, assertion: &Assertion, signature: &[u8]) -> bool {
        let public_key = Base64UrlUnpadded::decode_vec(&key.public_key).unwrap();
        let key = VerifyingKey::from_public_key_der(&public_key);
        let signature = Signature::from_slice(signature);
        matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(&signed(assertion), &signature).is_ok())
    }

    async fn is_user_verifying_platform_authenticator_available(&self) -> Option<bool> {
        self.available.get()
    }
}

impl KeyStore for ScriptedDevice {
    fn load(&self, name: &str) -> Option<Key> {
        self.store.borrow().get(name).cloned()
    }

    fn save(&self, name: &str, key: &Key) {
        self.store.borrow_mut().insert(name.to_owned(), key.clone());
    }
}

impl KeyListener for ScriptedDevice {
    async fn key_created(&self, _credential: &()) -> Result<(), String> {
        self.note("key created");
        self.page_refuses_keys.get().map_or(Ok(()), |why| Err(why.to_owned()))
    }
}

pub struct ScriptedPrompt {
    dismissed: bool,
    clicks: bool,
}

impl Prompt for ScriptedDevice {
    type Shown = ScriptedPrompt;

    fn show(&self, auth_content: &str, mode: AuthMode) -> Result<ScriptedPrompt, Failure> {
        self.note(format!("show {auth_content} {}", mode.as_str()));
        if self.prompt_throws.get() {
            return Err(Failure::internal("prompt: thrown"));
        }
        Ok(ScriptedPrompt { dismissed: self.dismissed_at_once.get(), clicks: self.clicks.get() })
    }
}

impl Shown for ScriptedPrompt {
    async fn dismissed(&self) -> Failure {
        if self.dismissed { Failure::new(Reason::Cancelled) } else { pending().await }
    }

    async fn clicked(&self) -> bool {
        self.clicks
    }
}

impl Clock for ScriptedDevice {
    async fn sleep(&self, _ms: u32) {
        if !self.deadline_passes.get() {
            pending::<()>().await;
        }
    }
}

impl Encoding for ScriptedDevice {
    fn random(&self) -> String {
        Base64UrlUnpadded::encode_string(&[7; 32])
    }

    fn base64url(&self, text: &str) -> String {
        Base64UrlUnpadded::encode_string(text.as_bytes())
    }

    fn to_json(&self, value: &Json) -> String {
        serde_json::to_string(value).unwrap()
    }
}
