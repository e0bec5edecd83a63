//! A virtual authenticator of the browser.

use anyhow::{Context, Result};
use axum::http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::real_driver::RealDriver;

/// An authenticator that one tab of a session has.
pub struct Authenticator {
    session: String,
    id: String,
}

/// What the authenticator is to spoil in its answers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Override {
    #[serde(default)]
    is_bogus_signature: bool,
    #[serde(default, rename = "isBadUV")]
    is_bad_uv: bool,
    #[serde(default, rename = "isBadUP")]
    is_bad_up: bool,
}

impl Authenticator {
    /// Adds one to the session's current tab.
    pub fn add(real: &RealDriver, session: &str) -> Result<Self> {
        let options = json!({
            "protocol": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserConsenting": true,
            "isUserVerified": true,
        });
        let path = format!("/session/{session}/webauthn/authenticator");
        let id = real.command(Method::POST, &path, Some(options))?;
        let id = id.as_str().context("the authenticator has no name")?.to_owned();
        Ok(Self { session: session.to_owned(), id })
    }

    /// Says whether it can verify its user.
    pub fn set_user_verified(&self, real: &RealDriver, verified: bool) -> Result<Value> {
        real.command(Method::POST, &self.path("/uv"), Some(json!({ "isUserVerified": verified })))
    }

    /// Says whether its user consents; if not, requests stay open.
    pub fn set_consent(&self, real: &RealDriver, consent: bool) -> Result<Value> {
        let parameters = json!({ "authenticatorId": self.id, "enabled": consent });
        real.cdp(&self.session, "WebAuthn.setAutomaticPresenceSimulation", parameters)
    }

    /// Spoils its answers from now on.
    pub fn set_override(&self, real: &RealDriver, bits: &Override) -> Result<Value> {
        let parameters = json!({
            "authenticatorId": self.id,
            "isBogusSignature": bits.is_bogus_signature,
            "isBadUV": bits.is_bad_uv,
            "isBadUP": bits.is_bad_up,
        });
        real.cdp(&self.session, "WebAuthn.setResponseOverrideBits", parameters)
    }

    /// The keys that it holds.
    pub fn credentials(&self, real: &RealDriver) -> Result<Value> {
        real.command(Method::GET, &self.path("/credentials"), None)
    }

    /// Gives it a key, in the form in which another one showed it.
    pub fn add_credential(&self, real: &RealDriver, key: &Value) -> Result<()> {
        real.command(Method::POST, &self.path("/credential"), Some(key.clone())).map(drop)
    }

    /// Removes all keys.
    pub fn remove_credentials(&self, real: &RealDriver) -> Result<Value> {
        real.command(Method::DELETE, &self.path("/credentials"), None)
    }

    /// Removes one key.
    pub fn remove_credential(&self, real: &RealDriver, id: &str) -> Result<Value> {
        real.command(Method::DELETE, &self.path(&format!("/credentials/{id}")), None)
    }

    fn path(&self, rest: &str) -> String {
        format!("/session/{}/webauthn/authenticator/{}{rest}", self.session, self.id)
    }
}
