//! What the calls need of the world around them. What answers at once is a small trait for each side effect; what takes
//! time is an [`Effect`], plain data that a device performs. A browser is one such device; a software device can be
//! another, and a test scripts its own. Binary values are base64url, WebAuthn's JSON form, except where a rule has to
//! look inside.

use crate::browser_error::{Meaning, Refusal};
use crate::client_data::ClientData;
use crate::environment::Environment;
use crate::failure::{Failure, Reason};
use crate::json::Json;
use crate::key::Key;
use crate::mode::AuthMode;
use crate::settings::Authenticators;

/// Everything together.
pub trait Device: Surroundings + KeyStore + Prompt + Encoding {
    /// Performs an effect and tells what came of it, or what ended the call meanwhile: the deadline, the prompt, or an
    /// authenticator that turns out not to be there. Asking the authenticator begins when the future is first polled.
    async fn perform(&self, effect: Effect, request: &Request<'_>) -> Event;
}

/// Where the call is made.
pub trait Surroundings {
    /// A snapshot of page and device.
    fn environment(&self) -> Environment;

    /// Takes the right to be the one open authentication; false where another has it. Everything that shares one
    /// authenticator shares this right.
    fn take_turn(&self) -> bool;

    /// Gives the right back.
    fn end_turn(&self);

    /// Notes that what makes keys here has made one of no use; [`Environment::makes_unusable_keys`] says so from then on.
    fn note_unusable_key(&self);
}

/// Remembers keys.
pub trait KeyStore {
    /// The key of that name; `None` also where the store cannot be read.
    ///
    /// # Errors
    /// Where the page's own store does not answer at once.
    fn load(&self, name: &str) -> Result<Option<Key>, Failure>;

    /// Remembers the key, at least as long as the page lives.
    fn save(&self, name: &str, key: &Key);

    /// Forgets the key of that name.
    fn forget(&self, name: &str);
}

/// Shows what the person is asked for, until the call settles.
pub trait Prompt {
    /// Shows the prompt.
    ///
    /// # Errors
    /// Where the page's own prompt throws.
    fn show(&self, auth_content: &str, mode: AuthMode) -> Result<(), Failure>;
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

/// What a call wants done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Make a key. Always: user verification required, no attestation, no discoverable credential, ES256 or RS256.
    /// Brings [`Event::Answered`].
    Create,
    /// Sign with the key. Always: user verification required. Brings [`Event::Answered`].
    Get,
    /// Whether the last answer's signature is the key's, over the authenticator data and the SHA-256 of the client data
    /// (WebAuthn Level 3, §7.2 steps 20 and 21). Brings [`Event::Said`], false where the platform fails.
    Verify,
    /// Let the page's `onKeyCreated` look at the new key. Brings [`Event::Said`], or the page's refusal.
    TellPage,
    /// Ask for a click on the prompt. Brings [`Event::Said`], false at once where there is no button to click.
    AskForClick,
    /// Whether a user-verifying platform authenticator is set up, for the mode of the request where the device can tell
    /// modes apart. Brings [`Event::Said`], `None` where nothing tells.
    AskAvailability,
    /// Nothing: the call has succeeded.
    Done,
}

/// What effects may need to know.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The relying party's id.
    pub rp_id: &'a str,
    /// Of the new key; base64url of 32 bytes.
    pub user_handle: &'a str,
    /// Base64url.
    pub challenge: &'a str,
    /// The key to sign with, one that must not be there when a key is made, or the new one that the page is told of; its id
    /// is empty where there is none.
    pub key: &'a Key,
    /// The new key's authenticator data, base64url.
    pub authenticator_data: &'a str,
    /// The signature to verify, in WebCrypto's form.
    pub signature: &'a [u8],
    /// The mode that the call is about, where it is about one. A browser cannot tell modes apart.
    pub mode: Option<AuthMode>,
    /// Which authenticators may answer.
    pub authenticators: Authenticators,
    /// Whether the engine knows how to ask for the device's own authenticator when a key is made.
    pub knows_attachment: bool,
    /// The deadline of the whole call, in milliseconds.
    pub timeout_ms: u32,
}

/// What came of an effect.
#[derive(Clone, Debug)]
pub enum Event {
    /// The authenticator answered.
    Answered(Box<Answer>),
    /// Yes, no, or no telling.
    Said(Option<bool>),
    /// The authenticator or the browser refused, or something else ended the call.
    Refused(Refusal),
    /// Meanwhile it has turned out that no platform authenticator is set up.
    Unavailable,
}

impl Event {
    /// The call has failed.
    #[must_use]
    pub const fn failed(reason: Reason, detail: String) -> Self {
        Self::Refused(Refusal { meaning: Meaning::Fails(reason), detail })
    }
}

/// What an authenticator answered; nothing of it is checked yet. A new key and a signature each leave fields empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The id of the key that answered.
    pub id: String,
    /// The id again, as bytes.
    pub raw_id: Vec<u8>,
    /// The client data; empty where it cannot be read.
    pub client_data: ClientData,
    /// The client data, as signed.
    pub client_data_json: String,
    /// The authenticator data.
    pub authenticator_data: Vec<u8>,
    /// The authenticator data again, for the result.
    pub authenticator_data_base64url: String,
    /// SHA-256 of the RP id that was asked for, which the answer has to hold; empty where the platform fails.
    pub expected_rp_id_hash: Vec<u8>,
    /// A new key's attestation object; empty where the browser gives none, or all that is in it beside this.
    pub attestation_object: Vec<u8>,
    /// A new key's public key as `SubjectPublicKeyInfo`, DER; empty where the browser gives none.
    pub public_key: String,
    /// The COSE number of a new key's algorithm; 0 where the browser tells none.
    pub algorithm: i32,
    /// The signature in WebAuthn's form, DER for ES256.
    pub signature: Vec<u8>,
    /// The same as base64 with padding, for the result.
    pub signature_base64: String,
}
