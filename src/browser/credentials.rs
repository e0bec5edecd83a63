//! `navigator.credentials`.

use super::cleanup::Cleanup;
use super::{Browser, environment, json, sys};
use crate::browser_error;
use crate::device::{Assertion, Authenticator, CreateRequest, GetRequest, Refusal, Registration};
use crate::failure::Failure;
use crate::settings::Authenticators;
use js_sys::{Array, Promise, Uint8Array};
use serde::{Serialize, Serializer};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

impl Authenticator for Browser {
    async fn create(&self, request: CreateRequest<'_>) -> Result<Registration, Refusal> {
        let credential = ask("create", &json::to_js(&CreationOptions::from(request))).await?;
        let response = sys::get(&credential, "response");
        Ok(Registration {
            id: bytes(&sys::get(&credential, "rawId")),
            client_data_json: bytes(&sys::get(&response, "clientDataJSON")),
            attestation_object: bytes(&sys::get(&response, "attestationObject")),
            authenticator_data: bytes(&answer_of(&response, "getAuthenticatorData")),
            public_key: bytes(&answer_of(&response, "getPublicKey")),
            algorithm: algorithm(&answer_of(&response, "getPublicKeyAlgorithm")),
            transports: strings(&answer_of(&response, "getTransports")),
            attachment: sys::get(&credential, "authenticatorAttachment").as_string(),
        })
    }

    async fn get(&self, request: GetRequest<'_>) -> Result<Assertion, Refusal> {
        let credential = ask("get", &json::to_js(&RequestOptions::from(request))).await?;
        let response = sys::get(&credential, "response");
        Ok(Assertion {
            id: bytes(&sys::get(&credential, "rawId")),
            client_data_json: bytes(&sys::get(&response, "clientDataJSON")),
            authenticator_data: bytes(&sys::get(&response, "authenticatorData")),
            signature: bytes(&sys::get(&response, "signature")),
        })
    }

    async fn is_user_verifying_platform_authenticator_available(&self) -> Option<bool> {
        let asked = sys::call(
            &sys::global("PublicKeyCredential"),
            "isUserVerifyingPlatformAuthenticatorAvailable",
            &[],
        );
        // Gecko may reject.
        JsFuture::from(Promise::resolve(&asked.ok()?))
            .await
            .ok()?
            .as_bool()
    }
}

/// Calls `navigator.credentials.create` or `get`. Dropping the future aborts the request.
async fn ask(method: &str, public_key: &JsValue) -> Result<JsValue, Refusal> {
    let cleanup = Cleanup::new();
    let options = sys::object(&[("publicKey", public_key)]);
    if let Some(cleanup) = &cleanup {
        sys::set(&options, "signal", &cleanup.signal());
    }
    let credentials = sys::get(&sys::global("navigator"), "credentials");
    let started = now();
    let answer = match sys::call(&credentials, method, &[&options]) {
        Ok(answer) => JsFuture::from(Promise::resolve(&answer)).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(credential) if credential.is_object() => Ok(credential),
        // The specification allows null where no credential source is found.
        Ok(other) => Err(Refusal::Failed(Failure::internal(
            [
                "navigator.credentials.",
                method,
                " answered ",
                &sys::type_name(&other),
            ]
            .concat(),
        ))),
        Err(error) => {
            let (name, message) = sys::name_and_message(&error);
            Err(browser_error::explain(&name, &message, now() - started))
        }
    }
}

fn now() -> f64 {
    js_sys::Date::now()
}

/// A buffer's bytes. Anything else has none: browser extensions that stand in for the browser hand out odd things.
fn bytes(buffer: &JsValue) -> Vec<u8> {
    if buffer.is_object() {
        Uint8Array::new(buffer).to_vec()
    } else {
        Vec::new()
    }
}

/// What a method answers; undefined where it is missing or throws, as behind some browser extensions.
fn answer_of(target: &JsValue, method: &str) -> JsValue {
    sys::call(target, method, &[]).unwrap_or(JsValue::UNDEFINED)
}

fn algorithm(number: &JsValue) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what does not fit is no algorithm either way"
    )]
    number.as_f64().map_or(0, |number| number as i32)
}

fn strings(list: &JsValue) -> Vec<String> {
    list.dyn_ref::<Array>().map_or_else(Vec::new, |list| {
        list.iter().filter_map(|item| item.as_string()).collect()
    })
}

/// A `BufferSource`.
struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

const PUBLIC_KEY: &str = "public-key";
const REQUIRED: &str = "required";
/// Prefers the device's own authenticator in browsers that know hints (Chromium 128).
const HINTS: [&str; 1] = ["client-device"];

/// `PublicKeyCredentialCreationOptions` (WebAuthn Level 3, §5.4).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CreationOptions<'a> {
    rp: RelyingParty<'a>,
    user: User<'a>,
    challenge: Bytes<'a>,
    pub_key_cred_params: Vec<Parameters>,
    timeout: u32,
    exclude_credentials: Vec<Descriptor<'a>>,
    authenticator_selection: Selection,
    hints: &'static [&'static str],
    attestation: &'static str,
}

#[derive(Serialize)]
struct RelyingParty<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct User<'a> {
    id: Bytes<'a>,
    name: &'a str,
    display_name: &'a str,
}

#[derive(Serialize)]
struct Parameters {
    r#type: &'static str,
    alg: i32,
}

#[derive(Serialize)]
struct Descriptor<'a> {
    r#type: &'static str,
    id: Bytes<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transports: Option<[&'static str; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Selection {
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticator_attachment: Option<&'static str>,
    // The nearest to SOTER's key, which never leaves the device: on Android this goes to the non-syncing authenticator.
    resident_key: &'static str,
    require_resident_key: bool,
    user_verification: &'static str,
}

impl<'a> From<CreateRequest<'a>> for CreationOptions<'a> {
    fn from(request: CreateRequest<'a>) -> Self {
        let platform = request.authenticators == Authenticators::Platform;
        let attachment = platform && !environment::refuses_platform_attachment();
        Self {
            rp: RelyingParty {
                id: request.rp_id,
                name: request.rp_name,
            },
            user: User {
                id: Bytes(request.user_handle),
                name: request.user_name,
                display_name: request.user_display_name,
            },
            challenge: Bytes(request.challenge),
            pub_key_cred_params: request
                .algorithms
                .iter()
                .map(|algorithm| Parameters {
                    r#type: PUBLIC_KEY,
                    alg: algorithm.cose(),
                })
                .collect(),
            timeout: request.timeout_ms,
            exclude_credentials: request
                .exclude
                .iter()
                .map(|id| Descriptor {
                    r#type: PUBLIC_KEY,
                    id: Bytes(id),
                    transports: None,
                })
                .collect(),
            authenticator_selection: Selection {
                authenticator_attachment: attachment.then_some("platform"),
                resident_key: "discouraged",
                require_resident_key: false,
                user_verification: REQUIRED,
            },
            hints: if platform { &HINTS } else { &[] },
            attestation: "none",
        }
    }
}

/// `PublicKeyCredentialRequestOptions` (WebAuthn Level 3, §5.5).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestOptions<'a> {
    challenge: Bytes<'a>,
    timeout: u32,
    rp_id: &'a str,
    allow_credentials: [Descriptor<'a>; 1],
    user_verification: &'static str,
    hints: &'static [&'static str],
}

impl<'a> From<GetRequest<'a>> for RequestOptions<'a> {
    fn from(request: GetRequest<'a>) -> Self {
        let platform = request.authenticators == Authenticators::Platform;
        Self {
            challenge: Bytes(request.challenge),
            timeout: request.timeout_ms,
            rp_id: request.rp_id,
            allow_credentials: [Descriptor {
                r#type: PUBLIC_KEY,
                id: Bytes(request.key_id),
                // There is no attachment in a request; this is what keeps phones and security keys out.
                transports: platform.then_some(["internal"]),
            }],
            user_verification: REQUIRED,
            hints: if platform { &HINTS } else { &[] },
        }
    }
}
