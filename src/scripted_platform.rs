//! A platform for tests: an authenticator that holds real keys and really signs, on a page that a test scripts.

use crate::authenticator::{Authenticator, CreationOptions, RequestOptions};
use crate::browser_error::{Meaning, Refusal};
use crate::environment::{Environment, System};
use crate::failure::{Failure, Reason};
use crate::key::Key;
use crate::key_store::KeyStore;
use crate::mode::AuthMode;
use crate::platform::{Names, Page, Timer};
use crate::prompt::Prompt;
use crate::signature_verifier::SignatureVerifier;
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use sha2::{Digest as _, Sha256};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::future::pending;
use wx_soter_webauthn::json::RegistrationResponseJson;
use wx_soter_webauthn::response::{AssertionResponse, AttestationResponse};
use wx_soter_webauthn::{
    Algorithm, AttestationObject, AttestedCredentialData, AuthenticatorData, ClientData, Flags, PublicKey,
    base64url, client_data,
};

/// What the authenticator does when it is asked.
pub enum Next {
    /// Answers.
    Answer,
    /// Refuses.
    Refuse(Refusal),
    /// Never answers.
    Hang,
}

/// Spoils an answer.
pub type Tamper<T> = fn(&mut T);

pub struct ScriptedPlatform {
    pub environment: Environment,
    pub is_locked: Cell<bool>,
    pub unusable_keys: Cell<u32>,
    pub randoms: Cell<u8>,
    /// What the authenticator does next; it answers when nothing is left.
    pub next: RefCell<VecDeque<Next>>,
    pub keys: RefCell<Vec<(Vec<u8>, SigningKey)>>,
    pub sign_count: Cell<u32>,
    pub flags: Cell<u8>,
    pub available: Cell<Option<bool>>,
    pub availability_hangs: Cell<bool>,
    pub tamper_registration: Cell<Option<Tamper<AttestationResponse>>>,
    pub tamper_assertion: Cell<Option<Tamper<AssertionResponse>>>,
    pub store: RefCell<HashMap<String, Key>>,
    pub page_refuses_keys: Cell<Option<&'static str>>,
    pub signalled: RefCell<Vec<Vec<u8>>>,
    pub prompt_throws: Cell<bool>,
    pub cancels: Cell<bool>,
    pub clicks: Cell<bool>,
    pub deadline_passes: Cell<bool>,
    pub log: RefCell<Vec<String>>,
}

impl Default for ScriptedPlatform {
    fn default() -> Self {
        Self {
            environment: Environment {
                secure_context: Some(true),
                webauthn: true,
                webcrypto: true,
                makes_unusable_keys: false,
                origin: "https://example.org".into(),
                scheme: "https:".into(),
                may_get: true,
                may_create: true,
                system: System::Windows,
                gecko: false,
            },
            is_locked: Cell::new(false),
            unusable_keys: Cell::new(0),
            randoms: Cell::new(0),
            next: RefCell::default(),
            keys: RefCell::default(),
            sign_count: Cell::new(0),
            flags: Cell::new(0x05),
            available: Cell::new(Some(true)),
            availability_hangs: Cell::new(false),
            tamper_registration: Cell::new(None),
            tamper_assertion: Cell::new(None),
            store: RefCell::default(),
            page_refuses_keys: Cell::new(None),
            signalled: RefCell::default(),
            prompt_throws: Cell::new(false),
            cancels: Cell::new(false),
            clicks: Cell::new(false),
            deadline_passes: Cell::new(false),
            log: RefCell::default(),
        }
    }
}

impl ScriptedPlatform {
    pub fn script(self, next: impl IntoIterator<Item = Next>) -> Self {
        self.next.borrow_mut().extend(next);
        self
    }

    /// What happened since the last time.
    pub fn log(&self) -> Vec<String> {
        self.log.take()
    }

    fn note(&self, what: impl Into<String>) {
        self.log.borrow_mut().push(what.into());
    }

    fn client_data(&self, kind: &str, challenge: &[u8]) -> Vec<u8> {
        let client_data = ClientData {
            kind: kind.into(),
            challenge: base64url::encode(challenge),
            origin: self.environment.origin.clone(),
            ..ClientData::default()
        };
        client_data.to_json().into_bytes()
    }

    fn authenticator_data(
        &self,
        rp_id: &str,
        attested_credential_data: Option<AttestedCredentialData<'_>>,
    ) -> Vec<u8> {
        self.sign_count.set(self.sign_count.get() + 1);
        let attested = if attested_credential_data.is_some() { Flags::ATTESTED.0 } else { 0 };
        AuthenticatorData {
            rp_id_hash: &Sha256::digest(rp_id).into(),
            flags: Flags(self.flags.get() | attested),
            sign_count: self.sign_count.get(),
            attested_credential_data,
            extensions: &[],
        }
        .to_bytes()
    }

    /// What the script has the authenticator do.
    async fn obey(&self) -> Result<(), Refusal> {
        let next = self.next.borrow_mut().pop_front();
        match next {
            Some(Next::Hang) => pending().await,
            Some(Next::Refuse(refusal)) => Err(refusal),
            None | Some(Next::Answer) => Ok(()),
        }
    }
}

pub fn refusal(meaning: Meaning, detail: &str) -> Refusal {
    Refusal { meaning, detail: detail.into() }
}

impl Authenticator for ScriptedPlatform {
    async fn create(
        &self,
        options: &CreationOptions<'_>,
        _mode: AuthMode,
    ) -> Result<AttestationResponse, Refusal> {
        let excluded = options.exclude_credentials.first().map(|excluded| excluded.id.to_vec());
        self.note(if excluded.is_some() { "create excluding" } else { "create" });
        self.obey().await?;
        if self.keys.borrow().iter().any(|(known, _)| Some(known) == excluded.as_ref()) {
            return Err(refusal(Meaning::AlreadyThere, ""));
        }
        let made = u8::try_from(self.keys.borrow().len() + 1).unwrap();
        let signing_key = SigningKey::from_slice(&[made; 32]).unwrap();
        let id = vec![made; 16];
        let point = signing_key.verifying_key().to_sec1_point(false);
        let public_key = PublicKey::Es256 {
            x: point.as_bytes()[1..33].try_into().unwrap(),
            y: point.as_bytes()[33..].try_into().unwrap(),
        };
        let attested = AttestedCredentialData {
            aaguid: &[0; 16],
            credential_id: &id,
            public_key: &public_key.to_cose(),
        };
        let authenticator_data = self.authenticator_data(options.rp.id, Some(attested));
        let mut response = AttestationResponse {
            client_data_json: self.client_data(client_data::CREATE, options.challenge),
            attestation_object: AttestationObject::none(&authenticator_data).to_bytes(),
            id: id.clone(),
            ..AttestationResponse::default()
        };
        self.keys.borrow_mut().push((id, signing_key));
        if let Some(tamper) = self.tamper_registration.get() {
            tamper(&mut response);
        }
        Ok(response)
    }

    async fn get(&self, options: &RequestOptions<'_>, _mode: AuthMode) -> Result<AssertionResponse, Refusal> {
        self.note("get");
        self.obey().await?;
        let wanted = options.allow_credentials[0].id.to_vec();
        let keys = self.keys.borrow();
        let Some((id, key)) = keys.iter().find(|(id, _)| *id == wanted) else {
            return Err(refusal(Meaning::Unexplained, "NotAllowedError: no such key"));
        };
        let client_data_json = self.client_data(client_data::GET, options.challenge);
        let authenticator_data = self.authenticator_data(options.rp_id, None);
        let message = [authenticator_data.as_slice(), &Sha256::digest(&client_data_json)].concat();
        let signature: Signature = key.sign(&message);
        let mut response = AssertionResponse {
            id: id.clone(),
            client_data_json,
            authenticator_data,
            signature: signature.to_der().as_bytes().to_vec(),
            user_handle: None,
        };
        if let Some(tamper) = self.tamper_assertion.get() {
            tamper(&mut response);
        }
        Ok(response)
    }

    async fn is_available(&self, _mode: Option<AuthMode>) -> Option<bool> {
        if self.availability_hangs.get() { pending().await } else { self.available.get() }
    }

    fn signal_unknown_credential(&self, _rp_id: &str, credential_id: &[u8]) {
        self.signalled.borrow_mut().push(credential_id.to_vec());
    }
}

impl Page for ScriptedPlatform {
    fn environment(&self) -> Environment {
        self.environment.clone()
    }

    type Json = serde_json::Value;

    fn parse_json(&self, json: &str) -> Option<serde_json::Value> {
        serde_json::from_str(json).ok()
    }

    fn random(&self) -> Option<[u8; 32]> {
        self.randoms.set(self.randoms.get() + 1);
        Some([self.randoms.get(); 32])
    }

    fn lock(&self) -> bool {
        !self.is_locked.replace(true)
    }

    fn unlock(&self) {
        self.is_locked.set(false);
    }

    fn note_unusable_key(&self) {
        self.unusable_keys.set(self.unusable_keys.get() + 1);
    }

    fn names(&self) -> Names {
        Names::default()
    }

    async fn on_key_created(
        &self,
        registration: &RegistrationResponseJson,
        user_handle: &str,
    ) -> Result<(), String> {
        assert_eq!(registration.kind, "public-key");
        assert_eq!(base64url::decode(user_handle).unwrap().len(), 32);
        self.note("key created");
        self.page_refuses_keys.get().map_or(Ok(()), |why| Err(why.to_owned()))
    }
}

impl KeyStore for ScriptedPlatform {
    fn load(&self, name: &str) -> Result<Option<Key>, Failure> {
        Ok(self.store.borrow().get(name).cloned())
    }

    fn save(&self, name: &str, key: &Key) {
        self.store.borrow_mut().insert(name.to_owned(), key.clone());
    }

    fn forget(&self, name: &str) {
        self.store.borrow_mut().remove(name);
    }
}

impl Prompt for ScriptedPlatform {
    fn show(&self, auth_content: &str, mode: AuthMode) -> Result<(), Failure> {
        self.note(format!("show {auth_content} {}", mode.as_str()));
        if self.prompt_throws.get() { Err(Failure::internal("prompt: thrown")) } else { Ok(()) }
    }

    async fn ended(&self) -> Failure {
        if self.cancels.get() { Failure::new(Reason::Cancelled) } else { pending().await }
    }

    async fn ask_for_click(&self) -> bool {
        self.clicks.get()
    }
}

impl SignatureVerifier for ScriptedPlatform {
    type PublicKey = VerifyingKey;

    async fn import(&self, algorithm: Algorithm, public_key: &[u8]) -> Option<VerifyingKey> {
        assert_eq!(algorithm, Algorithm::Es256);
        VerifyingKey::from_public_key_der(public_key).ok()
    }

    async fn verify(&self, key: &VerifyingKey, signature: &[u8], message: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
    }
}

impl Timer for ScriptedPlatform {
    async fn sleep(&self, _ms: u32) -> Result<(), Failure> {
        if self.deadline_passes.get() { Ok(()) } else { pending().await }
    }
}
