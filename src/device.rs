//! What the calls need of the world around them: one small trait for each side effect. A browser is one such device;
//! a software device can be another, and a test scripts its own. Binary values are base64url, WebAuthn's JSON form,
//! except where a rule has to look inside.

use crate::client_data::ClientData;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::json::Json;
use crate::key::Key;
use crate::mode::AuthMode;
use crate::settings::Authenticators;
use std::cell::Cell;
use std::rc::Rc;

/// Everything together.
pub trait Device: Surroundings + Authenticator + KeyStore + KeyListener + Prompt + Clock + Encoding {}

impl<D: Surroundings + Authenticator + KeyStore + KeyListener + Prompt + Clock + Encoding> Device for D {}

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
    /// A new key as the platform holds it, for [`KeyListener`].
    type Credential;

    /// Makes a key. The ceremony begins when the future is first polled.
    async fn create(&self, request: &CreateRequest<'_>) -> Result<Registration<Self::Credential>, Refusal>;

    /// Signs with a key. The ceremony begins when the future is first polled.
    async fn get(&self, request: &GetRequest<'_>) -> Result<Assertion, Refusal>;

    /// Whether a signature is the key's, over the authenticator data and the SHA-256 of the client data (WebAuthn
    /// Level 3, §7.2 steps 20 and 21). `signature` is in WebCrypto's form. False where the platform fails.
    async fn verify(&self, key: &Key, assertion: &Assertion, signature: &[u8]) -> bool;

    /// Whether a user-verifying platform authenticator is set up; `None` where nothing tells.
    async fn is_user_verifying_platform_authenticator_available(&self) -> Option<bool>;
}

/// What to make a key of. Always: user verification required, no attestation, no discoverable credential, ES256 or
/// RS256.
#[derive(Clone, Copy, Debug)]
pub struct CreateRequest<'a> {
    /// The relying party's id.
    pub rp_id: &'a str,
    /// The relying party's name.
    pub rp_name: &'a str,
    /// Base64url of 1 to 64 bytes.
    pub user_handle: &'a str,
    /// The account's name.
    pub user_name: &'a str,
    /// The person's name.
    pub user_display_name: &'a str,
    /// Base64url.
    pub challenge: &'a str,
    /// The id of a key that must not be on the authenticator yet; empty where there is none.
    pub exclude: &'a str,
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
    /// The key.
    pub key: &'a Key,
    /// Base64url.
    pub challenge: &'a str,
    /// Which authenticators may answer.
    pub authenticators: Authenticators,
    /// For the browser's own timer, in milliseconds.
    pub timeout_ms: u32,
}

/// What every answer of an authenticator has; nothing of it is checked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The id of the key that answered.
    pub id: String,
    /// The client data; `None` where it cannot be read.
    pub client_data: Option<ClientData>,
    /// The authenticator data.
    pub authenticator_data: Vec<u8>,
    /// SHA-256 of the RP id that was asked for, which the answer has to hold; empty where the platform fails.
    pub expected_rp_id_hash: Vec<u8>,
}

/// A new key, as the authenticator tells of it.
#[derive(Clone, Debug)]
pub struct Registration<C> {
    /// What every answer has.
    pub response: Response,
    /// The id again, as bytes.
    pub raw_id: Vec<u8>,
    /// The public key as `SubjectPublicKeyInfo`, DER; empty where the browser gives none.
    pub public_key: String,
    /// The COSE number of the algorithm.
    pub algorithm: f64,
    /// The key as the platform holds it.
    pub credential: C,
}

/// A signed answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assertion {
    /// What every answer has.
    pub response: Response,
    /// The client data, as signed.
    pub client_data_json: String,
    /// The authenticator data again, for the result.
    pub authenticator_data_base64url: String,
    /// The signature in WebAuthn's form, DER for ES256.
    pub signature: Vec<u8>,
    /// The same as base64 with padding, for the result.
    pub signature_base64: String,
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
pub trait KeyListener: Authenticator {
    /// The page's `onKeyCreated`; an error is its reason to refuse the key.
    async fn key_created(&self, credential: &Self::Credential) -> Result<(), String>;
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

/// What every platform has, and a second one of each would double the size of the module.
pub trait Encoding {
    /// 32 random bytes, base64url; empty where the platform has none to give.
    fn random(&self) -> String;

    /// The UTF-8 of a text, base64url.
    fn base64url(&self, text: &str) -> String;

    /// JSON without spaces, in the order of the members.
    fn to_json(&self, value: &Json) -> String;
}
