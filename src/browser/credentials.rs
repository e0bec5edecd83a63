//! `navigator.credentials`.

use super::cleanup::Cleanup;
use super::{Browser, sys};
use crate::browser_error;
use crate::client_data::ClientData;
use crate::device::{
    Assertion, Authenticator, CreateRequest, GetRequest, Refusal, Registration, Response, Surroundings,
};
use crate::key::Key;
use crate::settings::Authenticators;
use js_sys::{Object, Promise};
use wasm_bindgen::JsValue;

impl Authenticator for Browser {
    /// `RegistrationResponseJSON`.
    type Credential = JsValue;

    async fn create(&self, request: &CreateRequest<'_>) -> Result<Registration<JsValue>, Refusal> {
        let platform = request.authenticators == Authenticators::Platform;
        let attachment = platform && self.environment().knows_platform_attachment();
        let wish = sys::object(&[
            ("rpId", request.rp_id.into()),
            ("rpName", request.rp_name.into()),
            ("userHandle", request.user_handle.into()),
            ("userName", request.user_name.into()),
            ("userDisplayName", request.user_display_name.into()),
            ("challenge", request.challenge.into()),
            ("exclude", request.exclude.into()),
            ("platform", platform.into()),
            ("attachment", if attachment { "platform".into() } else { JsValue::UNDEFINED }),
            ("timeout", request.timeout_ms.into()),
        ]);
        let answer = ask(sys::create, &wish).await?;
        Ok(Registration {
            response: response(&answer),
            raw_id: sys::bytes(&answer, "rawId"),
            public_key: sys::text(&answer, "publicKey"),
            algorithm: sys::get(&answer, "publicKeyAlgorithm").as_f64().unwrap_or_default(),
            credential: sys::get(&answer, "registration"),
        })
    }

    async fn get(&self, request: &GetRequest<'_>) -> Result<Assertion, Refusal> {
        let wish = sys::object(&[
            ("rpId", request.rp_id.into()),
            ("id", request.key.id.as_str().into()),
            ("challenge", request.challenge.into()),
            ("platform", (request.authenticators == Authenticators::Platform).into()),
            ("timeout", request.timeout_ms.into()),
        ]);
        let answer = ask(sys::get_assertion, &wish).await?;
        Ok(Assertion {
            response: response(&answer),
            client_data_json: sys::text(&answer, "clientDataJSON"),
            authenticator_data_base64url: sys::text(&answer, "authenticatorDataBase64url"),
            signature: sys::bytes(&answer, "signature"),
            signature_base64: sys::text(&answer, "signatureBase64"),
        })
    }

    async fn verify(&self, key: &Key, assertion: &Assertion, signature: &[u8]) -> bool {
        let verified = sys::verify(
            key.algorithm.name(),
            &key.public_key,
            &assertion.response.authenticator_data,
            &assertion.client_data_json,
            signature,
        );
        sys::wait(&verified).await.is_ok_and(|verified| verified == JsValue::TRUE)
    }

    async fn is_user_verifying_platform_authenticator_available(&self) -> Option<bool> {
        sys::wait(&sys::is_available()).await.ok()?.as_bool()
    }
}

/// Asks the browser. Dropping the future aborts the request.
async fn ask(method: fn(&Object, &JsValue) -> Promise, wish: &Object) -> Result<JsValue, Refusal> {
    let cleanup = Cleanup::new();
    let started = js_sys::Date::now();
    let answer = method(wish, &Cleanup::signal(cleanup.as_ref()));
    sys::wait(&answer).await.map_err(|error| {
        let (name, message) = sys::name_and_message(&error);
        browser_error::explain(&name, &message, js_sys::Date::now() - started)
    })
}

fn response(answer: &JsValue) -> Response {
    Response {
        id: sys::text(answer, "id"),
        client_data: ClientData::from_fields(&sys::get(answer, "clientData")),
        authenticator_data: sys::bytes(answer, "authenticatorData"),
        expected_rp_id_hash: sys::bytes(answer, "rpIdHash"),
    }
}
