//! What the calls need of the world around them, a small trait for each side effect. A browser implements them, the emulator
//! too, and tests have their own.

use crate::authenticator::Authenticator;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::key_store::KeyStore;
use crate::prompt::Prompt;
use crate::signature_verifier::SignatureVerifier;
use crate::value::Members;
use wx_soter_webauthn::json::RegistrationResponseJson;

/// Everything together, for one call.
pub trait Platform: Page + Authenticator + KeyStore + Prompt + SignatureVerifier + Timer {}

impl<T: Page + Authenticator + KeyStore + Prompt + SignatureVerifier + Timer> Platform for T {}

/// The page that makes the call.
pub trait Page {
    /// What page and device are like now.
    fn environment(&self) -> Environment;

    /// What JSON becomes.
    type Json: Members;

    /// Reads JSON; `None` where it is none.
    fn parse_json(&self, json: &str) -> Option<Self::Json>;

    /// 32 random bytes; `None` where the platform has none to give.
    fn random(&self) -> Option<[u8; 32]>;

    /// Takes the lock of the one open authentication; false where another has it. Everything that shares one authenticator
    /// shares this lock.
    fn lock(&self) -> bool;

    /// Gives the lock back.
    fn unlock(&self);

    /// Notes that what makes keys here has made one of no use; [`Environment::makes_unusable_keys`] says so from then on.
    fn note_unusable_key(&self);

    /// What the page is called, and the account: `rpName`, `user.name` and `user.displayName`.
    fn names(&self) -> Names;

    /// Has the page's `onKeyCreated` look at a new key and its user handle, in base64url.
    ///
    /// # Errors
    /// What the page refused it with.
    async fn on_key_created(
        &self,
        registration: &RegistrationResponseJson,
        user_handle: &str,
    ) -> Result<(), String>;
}

/// Names that authenticators show; empty where the page has set none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// `rpName`
    pub rp: String,
    /// `user.name`, or `user.id` without one.
    pub user: String,
    /// `user.displayName`
    pub user_display: String,
}

/// The platform's timer.
pub trait Timer {
    /// Waits so many milliseconds.
    ///
    /// # Errors
    /// Where the platform's timer does not work, of which no call may hang.
    async fn sleep(&self, ms: u32) -> Result<(), Failure>;
}
