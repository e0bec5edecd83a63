//! The page: what it and the device are like, and what it has to say to a new key.

use super::promise::settled;
use super::value::{call, global, member};
use super::{Browser, error, timer, web_crypto};
use crate::environment::{Environment, System};
use crate::failure::Failure;
use crate::platform::{Names, Page, Timer};
use crate::text::contains;
use crate::value::{Members as _, Value};
use js_sys::{Array, Function, Object, Reflect};
use serde::Serialize as _;
use std::sync::atomic::{AtomicBool, Ordering};
use wasm_bindgen::{JsCast as _, JsValue};
use wx_soter_webauthn::json::RegistrationResponseJson;

/// Browsers run one ceremony at a time in a document (Blink even in a tab), so all `wx` of a page take turns.
static LOCKED: AtomicBool = AtomicBool::new(false);

impl Page for Browser {
    fn environment(&self) -> Environment {
        let page = JsValue::from(js_sys::global());
        let text = |path| page.get(path).into_string();
        let user_agent = text("navigator.userAgent");
        let credentials = global("navigator.credentials");
        let create = member(&credentials, "create");
        // getPublicKey came with Level 2: Chromium 85, Safari 16, Firefox 119.
        let prototype = global("AuthenticatorAttestationResponse.prototype");
        let has_level_2 =
            prototype.is_object() && Reflect::has(&prototype, &"getPublicKey".into()) == Ok(true);
        let platform = text("navigator.userAgentData.platform");
        let max_touch_points = page.get("navigator.maxTouchPoints").to_u32().unwrap_or_default();
        Environment {
            secure_context: match page.get("isSecureContext") {
                Value::Boolean(is_secure) => Some(is_secure),
                _ => None,
            },
            webauthn: has_level_2
                && global("PublicKeyCredential").is_truthy()
                && create.is_truthy()
                && member(&credentials, "get").is_truthy(),
            webcrypto: global("crypto.subtle").is_truthy(),
            makes_unusable_keys: credentials.is_object()
                && create.is_truthy()
                && self.memory.get(credentials.unchecked_ref()) == create,
            origin: origin(),
            scheme: text("location.protocol"),
            may_get: allows("get"),
            may_create: allows("create"),
            system: System::detect(&platform, &user_agent, max_touch_points),
            gecko: contains(&user_agent, "Firefox/"),
        }
    }

    type Json = JsValue;

    fn parse_json(&self, json: &str) -> Option<JsValue> {
        js_sys::JSON::parse(json).ok().filter(JsValue::is_object)
    }

    fn random(&self) -> Option<[u8; 32]> {
        web_crypto::random()
    }

    fn lock(&self) -> bool {
        !LOCKED.swap(true, Ordering::Relaxed)
    }

    fn unlock(&self) {
        LOCKED.store(false, Ordering::Relaxed);
    }

    // Key managers replace the object or its `create`.
    fn note_unusable_key(&self) {
        let credentials = global("navigator.credentials");
        if credentials.is_object() {
            self.memory.set(credentials.unchecked_ref(), &member(&credentials, "create"));
        }
    }

    fn names(&self) -> Names {
        let text = |path| self.settings.get(path).into_string();
        let name = text("user.name");
        Names {
            rp: text("rpName"),
            user: if name.is_empty() { text("user.id") } else { name },
            user_display: text("user.displayName"),
        }
    }

    async fn on_key_created(
        &self,
        registration: &RegistrationResponseJson,
        user_handle: &str,
    ) -> Result<(), String> {
        let Ok(on_key_created) = member(&self.settings, "onKeyCreated").dyn_into::<Function>() else {
            return Ok(());
        };
        let refused = |thrown: JsValue| error::line(&thrown);
        let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
        let registration = registration.serialize(&serializer).map_err(|error| refused(error.into()))?;
        let more = Object::new();
        let _ = Reflect::set(&more, &"uid".into(), &user_handle.into());
        let arguments = Array::of2(&registration, &more);
        let told = on_key_created.apply(&JsValue::UNDEFINED, &arguments).map_err(refused)?;
        settled(&told).await.map(drop).map_err(refused)
    }
}

impl Timer for Browser {
    async fn sleep(&self, ms: u32) -> Result<(), Failure> {
        timer::sleep(ms).await.map_err(|thrown| Failure::internal(&error::line(&thrown)))
    }
}

/// The page's origin. Only the browser's own `origin` tells that a document has none. It is a getter; what a page puts in its
/// place is not.
fn origin() -> String {
    let page = js_sys::global();
    let descriptor = Reflect::get_own_property_descriptor(&page, &"origin".into());
    let is_getter = descriptor.is_ok_and(|descriptor| member(&descriptor, "get").is_truthy());
    page.get(if is_getter { "origin" } else { "location.origin" }).into_string()
}

/// Whether permissions policy allows the feature. Only Blink tells, under the interface's older name; elsewhere the
/// ceremony itself will.
fn allows(feature: &str) -> bool {
    let policy = global("document.featurePolicy");
    let feature = ["publickey-credentials-", feature].concat();
    call(&policy, "allowsFeature", &[feature.into()]).is_none_or(|allowed| allowed.is_truthy())
}
