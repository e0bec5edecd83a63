//! A device for native tests: real keys and signatures, and a script for what goes wrong.

use crate::browser_error::{Meaning, Refusal};
use crate::client_data::ClientData;
use crate::device::{Answer, Device, Effect, Encoding, Event, KeyStore, Prompt, Request, Surroundings};
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

/// What the authenticator does when asked next. With an empty script it answers.
pub enum Next {
    Answer,
    Refuse(Refusal),
    Hang,
}

pub type Tamper = fn(&mut Answer);

pub struct ScriptedDevice {
    pub environment: Environment,
    pub open: Cell<bool>,
    /// How often a new key was of no use.
    pub unusable_keys: Cell<u32>,
    /// How many random numbers were drawn.
    pub randoms: Cell<u8>,
    pub next: RefCell<VecDeque<Next>>,
    /// The keys on the authenticator, by id.
    pub keys: RefCell<Vec<(Vec<u8>, SigningKey)>>,
    pub counter: Cell<u32>,
    pub flags: Cell<u8>,
    pub available: Cell<Option<bool>>,
    pub availability_hangs: Cell<bool>,
    pub tamper_registration: Cell<Option<Tamper>>,
    pub tamper_assertion: Cell<Option<Tamper>>,
    pub store: RefCell<HashMap<String, Key>>,
    pub page_refuses_keys: Cell<Option<&'static str>>,
    pub prompt_throws: Cell<bool>,
    pub dismissed_at_once: Cell<bool>,
    pub clicks: Cell<bool>,
    pub deadline_passes: Cell<bool>,
    /// What the device handed out last; what is verified.
    pub answered: RefCell<Answer>,
    /// What was asked of the device, in order.
    pub log: RefCell<Vec<String>>,
}

impl Default for ScriptedDevice {
    fn default() -> Self {
        Self {
            environment: Environment {
                secure_context: Some(true),
                webauthn: true,
                webcrypto: true,
                makes_unusable_keys: false,
                origin: "https://example.org".into(),
                may_get: true,
                may_create: true,
                system: System::Windows,
                gecko: false,
            },
            open: Cell::new(false),
            unusable_keys: Cell::new(0),
            randoms: Cell::new(0),
            next: RefCell::default(),
            keys: RefCell::default(),
            counter: Cell::new(0),
            flags: Cell::new(0x05),
            available: Cell::new(Some(true)),
            availability_hangs: Cell::new(false),
            tamper_registration: Cell::new(None),
            tamper_assertion: Cell::new(None),
            store: RefCell::default(),
            page_refuses_keys: Cell::new(None),
            prompt_throws: Cell::new(false),
            dismissed_at_once: Cell::new(false),
            clicks: Cell::new(false),
            deadline_passes: Cell::new(false),
            answered: RefCell::default(),
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

    fn client_data(&self, kind: &str, challenge: &str) -> ClientData {
        ClientData { kind: kind.into(), challenge: challenge.into(), origin: self.environment.origin.clone() }
    }

    fn authenticator_data(&self, rp_id: &str, flags: u8) -> Vec<u8> {
        self.counter.set(self.counter.get() + 1);
        [&vectors::sha256(rp_id.as_bytes())[..], &[flags], &self.counter.get().to_be_bytes()].concat()
    }

    fn answer(&self, id: &[u8], kind: &str, request: &Request<'_>, flags: u8) -> Answer {
        let client_data = self.client_data(kind, request.challenge);
        Answer {
            id: Base64UrlUnpadded::encode_string(id),
            raw_id: id.to_vec(),
            client_data_json: Base64UrlUnpadded::encode_string(format!("{client_data:?}").as_bytes()),
            client_data,
            authenticator_data: self.authenticator_data(request.rp_id, flags),
            expected_rp_id_hash: vectors::sha256(request.rp_id.as_bytes()).to_vec(),
            ..Answer::default()
        }
    }

    fn create(&self, request: &Request<'_>) -> Result<Answer, Refusal> {
        let excluded = Base64UrlUnpadded::decode_vec(&request.key.id).unwrap();
        if self.keys.borrow().iter().any(|(known, _)| *known == excluded) {
            return Err(refusal(Meaning::AlreadyThere, ""));
        }
        let made = u8::try_from(self.keys.borrow().len() + 1).unwrap();
        let signing_key = SigningKey::from_slice(&[made; 32]).unwrap();
        let id = vec![made; 16];
        let mut answer = self.answer(&id, "webauthn.create", request, self.flags.get() | 0x40);
        let public_key = signing_key.verifying_key().to_public_key_der().unwrap().into_vec();
        // The coordinates stand at the end.
        let (x, y) = public_key[27..].split_at(32);
        let cose = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], x, &[0x22, 0x58, 32], y].concat();
        answer.authenticator_data.extend([[0; 16].as_slice(), &[0, 16], &id, &cose].concat());
        let length = u8::try_from(answer.authenticator_data.len()).unwrap();
        answer.attestation_object = [
            b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58",
            &[length][..],
            &answer.authenticator_data,
        ]
        .concat();
        answer.public_key = Base64UrlUnpadded::encode_string(&public_key);
        answer.algorithm = -7;
        self.keys.borrow_mut().push((id, signing_key));
        if let Some(tamper) = self.tamper_registration.get() {
            tamper(&mut answer);
        }
        Ok(answer)
    }

    fn get(&self, request: &Request<'_>) -> Result<Answer, Refusal> {
        let wanted = Base64UrlUnpadded::decode_vec(&request.key.id).unwrap();
        let keys = self.keys.borrow();
        let Some((id, key)) = keys.iter().find(|(id, _)| *id == wanted) else {
            return Err(refusal(Meaning::Unexplained, "NotAllowedError: no such key"));
        };
        let mut answer = self.answer(id, "webauthn.get", request, self.flags.get());
        let signature: Signature = key.sign(&signed(&answer));
        answer.signature = signature.to_der().as_bytes().to_vec();
        answer.signature_base64 = Base64::encode_string(&answer.signature);
        if let Some(tamper) = self.tamper_assertion.get() {
            tamper(&mut answer);
        }
        Ok(answer)
    }

    /// What ends a call while its effect hangs.
    async fn interrupted(&self) -> Event {
        if self.dismissed_at_once.get() {
            Event::failed(Reason::Cancelled, String::new())
        } else if self.deadline_passes.get() {
            Event::failed(Reason::Timeout, String::new())
        } else if self.available.get() == Some(false) {
            Event::Unavailable
        } else {
            pending().await
        }
    }
}

pub fn refusal(meaning: Meaning, detail: &str) -> Refusal {
    Refusal { meaning, detail: detail.into() }
}

/// What is signed: authenticator data and the hash of client data.
fn signed(answer: &Answer) -> Vec<u8> {
    let client_data = Base64UrlUnpadded::decode_vec(&answer.client_data_json).unwrap();
    [answer.authenticator_data.as_slice(), &vectors::sha256(&client_data)].concat()
}

/// Whether the signature, in WebCrypto's form, is the key's.
pub fn holds(answer: &Answer, key: &Key, signature: &[u8]) -> bool {
    let public_key = Base64UrlUnpadded::decode_vec(&key.public_key).unwrap();
    let key = VerifyingKey::from_public_key_der(&public_key);
    let signature = Signature::from_slice(signature);
    matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(&signed(answer), &signature).is_ok())
}

impl Device for ScriptedDevice {
    async fn perform(&self, effect: Effect, request: &Request<'_>) -> Event {
        let answer = match effect {
            Effect::Create | Effect::Get => {
                let name = match effect {
                    Effect::Get => "get",
                    _ if request.key.id.is_empty() => "create",
                    _ => "create excluding",
                };
                self.note(name);
                let next = self.next.borrow_mut().pop_front();
                match next {
                    Some(Next::Hang) => return self.interrupted().await,
                    Some(Next::Refuse(refusal)) => Err(refusal),
                    None | Some(Next::Answer) if effect == Effect::Get => self.get(request),
                    None | Some(Next::Answer) => self.create(request),
                }
            }
            Effect::Verify => {
                return Event::Said(Some(holds(&self.answered.borrow(), request.key, request.signature)));
            }
            Effect::TellPage => {
                self.note("key created");
                return self.page_refuses_keys.get().map_or(Event::Said(Some(true)), |why| {
                    Event::failed(Reason::EnrolmentRefused, why.to_owned())
                });
            }
            Effect::AskForClick => return Event::Said(Some(self.clicks.get())),
            Effect::AskAvailability if self.availability_hangs.get() => return self.interrupted().await,
            Effect::AskAvailability => return Event::Said(self.available.get()),
            Effect::Done => unreachable!("nothing is to be done"),
        };
        match answer {
            Ok(answer) => {
                self.answered.replace(answer.clone());
                Event::Answered(Box::new(answer))
            }
            Err(refusal) => Event::Refused(refusal),
        }
    }
}

impl Surroundings for ScriptedDevice {
    fn environment(&self) -> Environment {
        self.environment.clone()
    }

    fn take_turn(&self) -> bool {
        !self.open.replace(true)
    }

    fn end_turn(&self) {
        self.open.set(false);
    }

    fn note_unusable_key(&self) {
        self.unusable_keys.set(self.unusable_keys.get() + 1);
    }
}

impl KeyStore for ScriptedDevice {
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

impl Prompt for ScriptedDevice {
    fn show(&self, auth_content: &str, mode: AuthMode) -> Result<(), Failure> {
        self.note(format!("show {auth_content} {}", mode.as_str()));
        if self.prompt_throws.get() { Err(Failure::internal("prompt: thrown")) } else { Ok(()) }
    }
}

impl Encoding for ScriptedDevice {
    fn random(&self) -> String {
        self.randoms.set(self.randoms.get() + 1);
        Base64UrlUnpadded::encode_string(&[self.randoms.get(); 32])
    }

    fn base64url(&self, text: &str) -> String {
        Base64UrlUnpadded::encode_string(text.as_bytes())
    }

    fn to_json(&self, value: &Json) -> String {
        serde_json::to_string(value).unwrap()
    }
}
