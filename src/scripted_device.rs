//! A device for native tests: real keys and signatures, and a script for what goes wrong.

use crate::client_data::ClientData;
use crate::device::{
    Assertion, Authenticator, Clock, CreateRequest, Crypto, GetRequest, Json, KeyListener, KeyStore, Prompt,
    Refusal, Registration, Shown, Surroundings,
};
use crate::environment::{Environment, System};
use crate::failure::{Failure, Reason};
use crate::key::Key;
use crate::mode::AuthMode;
use crate::result::ResultJson;
use crate::signature::Algorithm;
use crate::{base64url, vectors};
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
    pub tamper_registration: Cell<Option<Tamper<Registration>>>,
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

    fn client_data(&self, kind: &str, challenge: &[u8]) -> Vec<u8> {
        serde_json::json!({ "type": kind, "challenge": base64url::encode(challenge), "origin": self.environment.origin })
            .to_string()
            .into_bytes()
    }

    fn authenticator_data(&self, rp_id: &str, flags: u8) -> Vec<u8> {
        self.counter.set(self.counter.get() + 1);
        [
            &vectors::sha256(rp_id.as_bytes())[..],
            &[flags],
            &self.counter.get().to_be_bytes(),
        ]
        .concat()
    }
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
    async fn create(&self, request: CreateRequest<'_>) -> Result<Registration, Refusal> {
        self.note(if request.exclude.is_some() {
            "create excluding"
        } else {
            "create"
        });
        self.next().await?;
        if request
            .exclude
            .is_some_and(|id| self.keys.borrow().iter().any(|(known, _)| known == id))
        {
            return Err(Refusal::AlreadyThere);
        }
        let made = u8::try_from(self.keys.borrow().len() + 1).unwrap();
        let signing_key = SigningKey::from_slice(&[made; 32]).unwrap();
        let id = vec![made; 16];
        let mut authenticator_data = self.authenticator_data(request.rp_id, self.flags.get() | 0x40);
        authenticator_data.extend([[0; 16].as_slice(), &[0, 16], &id].concat());
        let mut registration = Registration {
            id: id.clone(),
            client_data_json: self.client_data("webauthn.create", request.challenge),
            authenticator_data,
            public_key: signing_key
                .verifying_key()
                .to_public_key_der()
                .unwrap()
                .into_vec(),
            algorithm: Algorithm::Es256.cose(),
            ..Registration::default()
        };
        self.keys.borrow_mut().push((id, signing_key));
        if let Some(tamper) = self.tamper_registration.get() {
            tamper(&mut registration);
        }
        Ok(registration)
    }

    async fn get(&self, request: GetRequest<'_>) -> Result<Assertion, Refusal> {
        self.note("get");
        self.next().await?;
        let keys = self.keys.borrow();
        let Some((id, key)) = keys.iter().find(|(id, _)| id == request.key_id) else {
            return Err(Refusal::Unexplained("no such key".into()));
        };
        let client_data_json = self.client_data("webauthn.get", request.challenge);
        let authenticator_data = self.authenticator_data(request.rp_id, self.flags.get());
        let signed = [authenticator_data.as_slice(), &vectors::sha256(&client_data_json)].concat();
        let signature: Signature = key.sign(&signed);
        let signature = signature.to_der().as_bytes().to_vec();
        let mut assertion = Assertion {
            id: id.clone(),
            client_data_json,
            authenticator_data,
            signature,
        };
        if let Some(tamper) = self.tamper_assertion.get() {
            tamper(&mut assertion);
        }
        Ok(assertion)
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
    async fn key_created(&self, _registration: &Registration) -> Result<(), String> {
        self.note("key created");
        self.page_refuses_keys
            .get()
            .map_or(Ok(()), |why| Err(why.to_owned()))
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
        Ok(ScriptedPrompt {
            dismissed: self.dismissed_at_once.get(),
            clicks: self.clicks.get(),
        })
    }
}

impl Shown for ScriptedPrompt {
    async fn dismissed(&self) -> Failure {
        if self.dismissed {
            Failure::new(Reason::Cancelled)
        } else {
            pending().await
        }
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

impl Crypto for ScriptedDevice {
    fn random(&self) -> Result<[u8; 32], Failure> {
        Ok([7; 32])
    }

    async fn sha256(&self, bytes: &[u8]) -> [u8; 32] {
        vectors::sha256(bytes)
    }

    async fn verify(&self, key: &Key, signed: &[u8], signature: &[u8]) -> bool {
        let key = VerifyingKey::from_public_key_der(&key.public_key);
        let signature = Signature::from_der(signature);
        matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(signed, &signature).is_ok())
    }
}

impl Json for ScriptedDevice {
    fn parse_client_data(&self, json: &[u8]) -> Option<ClientData> {
        ClientData::from_fields(&serde_json::from_slice::<serde_json::Value>(json).ok()?)
    }

    fn result_json(&self, result: &ResultJson<'_>) -> String {
        serde_json::to_string(result).unwrap()
    }
}
