//! What the calls need of the world around them: one small trait for each side effect. A browser is one such device;
//! a software device can be another, and a test scripts its own.

use crate::client_data::ClientData;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::key::Key;
use crate::mode::AuthMode;
use crate::result::ResultJson;
use crate::settings::Authenticators;
use crate::signature::Algorithm;
use std::cell::Cell;
use std::rc::Rc;

/// Everything together.
pub trait Device:
    Surroundings + Authenticator + KeyStore + KeyListener + Prompt + Clock + Crypto + Json
{
}

impl<D: Surroundings + Authenticator + KeyStore + KeyListener + Prompt + Clock + Crypto + Json> Device for D {}

/// Where the call is made.
pub trait Surroundings {
    /// A snapshot of page and device.
    fn environment(&self) -> Environment;

    /// Whether an authentication is open. Everything that shares one authenticator shares this.
    fn open(&self) -> &Rc<Cell<bool>>;
}

/// The authenticator: `navigator.credentials` or what stands in its place. Dropping a future that one of these
/// returned cancels the ceremony.
pub trait Authenticator {
    /// Makes a key. The ceremony begins when the future is first polled.
    async fn create(&self, request: CreateRequest<'_>) -> Result<Registration, Refusal>;

    /// Signs with a key. The ceremony begins when the future is first polled.
    async fn get(&self, request: GetRequest<'_>) -> Result<Assertion, Refusal>;

    /// Whether a user-verifying platform authenticator is set up; `None` where nothing tells.
    async fn is_user_verifying_platform_authenticator_available(&self) -> Option<bool>;
}

/// What to make a key of. Always: user verification required, no attestation, no discoverable credential.
#[derive(Clone, Copy, Debug)]
pub struct CreateRequest<'a> {
    /// The relying party's id.
    pub rp_id: &'a str,
    /// The relying party's name.
    pub rp_name: &'a str,
    /// 1 to 64 bytes.
    pub user_handle: &'a [u8],
    /// The account's name.
    pub user_name: &'a str,
    /// The person's name.
    pub user_display_name: &'a str,
    /// The challenge.
    pub challenge: &'a [u8],
    /// In the order of preference.
    pub algorithms: &'a [Algorithm],
    /// A key that must not be on the authenticator yet.
    pub exclude: Option<&'a [u8]>,
    /// Which authenticators may answer.
    pub authenticators: Authenticators,
    /// For the browser's own timer, in milliseconds.
    pub timeout_ms: u32,
}

/// What to sign, and with which key. Always: user verification required.
#[derive(Clone, Copy, Debug)]
pub struct GetRequest<'a> {
    /// The relying party's id.
    pub rp_id: &'a str,
    /// The key's id.
    pub key_id: &'a [u8],
    /// The challenge.
    pub challenge: &'a [u8],
    /// Which authenticators may answer.
    pub authenticators: Authenticators,
    /// For the browser's own timer, in milliseconds.
    pub timeout_ms: u32,
}

/// A new key, as the authenticator tells of it; nothing of it is checked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registration {
    /// The credential id.
    pub id: Vec<u8>,
    /// The client data, JSON.
    pub client_data_json: Vec<u8>,
    /// The attestation object, CBOR; unread here, for servers.
    pub attestation_object: Vec<u8>,
    /// The authenticator data.
    pub authenticator_data: Vec<u8>,
    /// The public key as `SubjectPublicKeyInfo`, DER; empty where the browser gives none.
    pub public_key: Vec<u8>,
    /// The COSE number of the algorithm.
    pub algorithm: i32,
    /// How the key can be reached, for servers.
    pub transports: Vec<String>,
    /// `platform` or `cross-platform`, for servers.
    pub attachment: Option<String>,
}

/// A signed answer; nothing of it is checked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assertion {
    /// The id of the key that signed.
    pub id: Vec<u8>,
    /// The client data, JSON.
    pub client_data_json: Vec<u8>,
    /// The authenticator data.
    pub authenticator_data: Vec<u8>,
    /// The signature; DER for ES256.
    pub signature: Vec<u8>,
}

/// Why an authenticator gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The excluded key is still there.
    AlreadyThere,
    /// The browser wants a click first.
    NeedsActivation(String),
    /// No user verification is set up.
    NotSetUp(String),
    /// Cancelled, not matched, or no such key: browsers do not say which, on purpose.
    Unexplained(String),
    /// Anything that has a failure of its own.
    Failed(Failure),
}

/// Remembers keys.
pub trait KeyStore {
    /// The key of that name; `None` also where the store cannot be read.
    fn load(&self, name: &str) -> Option<Key>;

    /// Remembers the key, at least as long as the page lives.
    fn save(&self, name: &str, key: &Key);
}

/// Is told of new keys.
pub trait KeyListener {
    /// The page's `onKeyCreated`; an error is its reason to refuse the key.
    async fn key_created(&self, registration: &Registration) -> Result<(), String>;
}

/// Shows what the person is asked for.
pub trait Prompt {
    /// A prompt on screen; dropping it takes it away.
    type Shown: Shown;

    /// Shows the prompt.
    ///
    /// # Errors
    /// Where the page's own prompt throws.
    fn show(&self, auth_content: &str, mode: AuthMode) -> Result<Self::Shown, Failure>;
}

/// A prompt on screen.
pub trait Shown {
    /// Ends when the person cancels, or the prompt fails; otherwise never.
    async fn dismissed(&self) -> Failure;

    /// Asks for a click, and ends in it. False at once where there is no button to click.
    async fn clicked(&self) -> bool;
}

/// Time.
pub trait Clock {
    /// Ends after so many milliseconds; dropping it stops the timer.
    async fn sleep(&self, ms: u32);
}

/// The cryptography of the platform.
pub trait Crypto {
    /// Random bytes.
    ///
    /// # Errors
    /// Where the platform has none to give.
    fn random(&self) -> Result<[u8; 32], Failure>;

    /// SHA-256; of nothing useful (all zeros) where the platform fails, so that comparisons fail.
    async fn sha256(&self, bytes: &[u8]) -> [u8; 32];

    /// Whether the signature, in WebAuthn's form, is the key's over the bytes; false where the platform fails.
    async fn verify(&self, key: &Key, signed: &[u8], signature: &[u8]) -> bool;
}

/// The JSON of the platform. Every engine has one; a second one would double the size of the module.
pub trait Json {
    /// Reads client data; `None` where it is none.
    fn parse_client_data(&self, json: &[u8]) -> Option<ClientData>;

    /// Writes the result, without spaces, in the order of the fields.
    fn result_json(&self, result: &ResultJson<'_>) -> String;
}
