//! `navigator.credentials`.

use super::promise::settled;
use super::value::{bytes, call, global, member, string};
use super::{Browser, error, sys, value};
use crate::authenticator::{Authenticator, CreationOptions, RequestOptions};
use crate::browser_error::{Meaning, Refusal};
use crate::mode::AuthMode;
use crate::value::Value;
use js_sys::{Date, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast as _, JsValue};
use wx_soter_webauthn::base64url;
use wx_soter_webauthn::response::{AssertionResponse, AttestationResponse};

impl Authenticator for Browser {
    async fn create(
        &self,
        options: &CreationOptions<'_>,
        _mode: AuthMode,
    ) -> Result<AttestationResponse, Refusal> {
        let credential = self.request("create", options, sys::Credentials::create).await?;
        let response = member(&credential, "response");
        let transports = match call(&response, "getTransports", &[]).as_ref().map(value::read) {
            Some(Value::Array(_, items)) => items,
            _ => Vec::new(),
        };
        Ok(AttestationResponse {
            id: bytes(&member(&credential, "rawId")),
            client_data_json: bytes(&member(&response, "clientDataJSON")),
            attestation_object: bytes(&member(&response, "attestationObject")),
            transports: transports.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            authenticator_attachment: string(&member(&credential, "authenticatorAttachment")),
        })
    }

    async fn get(&self, options: &RequestOptions<'_>, _mode: AuthMode) -> Result<AssertionResponse, Refusal> {
        let credential = self.request("get", options, sys::Credentials::get).await?;
        let response = member(&credential, "response");
        Ok(AssertionResponse {
            id: bytes(&member(&credential, "rawId")),
            client_data_json: bytes(&member(&response, "clientDataJSON")),
            authenticator_data: bytes(&member(&response, "authenticatorData")),
            signature: bytes(&member(&response, "signature")),
            // The remembered one is told.
            user_handle: None,
        })
    }

    async fn is_available(&self, _mode: Option<AuthMode>) -> Option<bool> {
        let asked =
            call(&global("PublicKeyCredential"), "isUserVerifyingPlatformAuthenticatorAvailable", &[])?;
        // Gecko may reject.
        settled(&asked).await.ok()?.as_bool()
    }

    fn signal_unknown_credential(&self, rp_id: &str, credential_id: &[u8]) {
        let key = Object::new();
        let _ = Reflect::set(&key, &"rpId".into(), &rp_id.into());
        let _ = Reflect::set(&key, &"credentialId".into(), &base64url::encode(credential_id).into());
        let told = call(&global("PublicKeyCredential"), "signalUnknownCredential", &[key.into()]);
        if let Some(told) = told {
            // Most browsers take it since 2025. It may take its time, and say no.
            wasm_bindgen_futures::spawn_local(async move {
                let _ = settled(&told).await;
            });
        }
    }
}

impl Browser {
    /// Asks in this very call, while the click lasts, and waits for a credential.
    async fn request(
        &self,
        method: &str,
        public_key: &impl Serialize,
        ask: impl FnOnce(&sys::Credentials, &JsValue) -> Result<JsValue, JsValue>,
    ) -> Result<JsValue, Refusal> {
        let started = Date::now();
        let refused = |error: JsValue| {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a cast takes what fits"
            )]
            let elapsed = (Date::now() - started) as u32;
            error::explain(&error, elapsed)
        };
        let public_key = public_key.serialize(&serde_wasm_bindgen::Serializer::new()).map_err(JsValue::from);
        let options = Object::new();
        let _ = Reflect::set(&options, &"publicKey".into(), &public_key.map_err(refused)?);
        if let Some(signal) = &self.signal {
            let _ = Reflect::set(&options, &"signal".into(), signal);
        }
        let credentials = global("navigator.credentials").unchecked_into();
        let asked = ask(&credentials, &options).map_err(refused)?;
        // What stands in for the browser need not answer with a promise.
        let credential = settled(&asked).await.map_err(refused)?;
        // The specification allows null where no credential source is found.
        if !credential.is_object() {
            let answered = sys::to_string(&credential).unwrap_or_default();
            let detail = ["navigator.credentials.", method, " answered ", &answered].concat();
            return Err(Refusal { meaning: Meaning::Broken, detail });
        }
        Ok(credential)
    }
}
