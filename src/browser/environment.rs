//! What page and device this is.

use super::{Browser, sys};
use crate::device::Surroundings;
use crate::environment::{Environment, System};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsValue;

impl Surroundings for Browser {
    fn environment(&self) -> Environment {
        Environment {
            secure_context: sys::global("isSecureContext").as_bool(),
            webauthn: has_webauthn(),
            origin: sys::global("origin").as_string().unwrap_or_default(),
            may_get: is_allowed("publickey-credentials-get"),
            may_create: is_allowed("publickey-credentials-create"),
            system: system(),
        }
    }

    fn open(&self) -> &Rc<Cell<bool>> {
        &self.open
    }
}

fn has_webauthn() -> bool {
    let credentials = sys::get(&sys::global("navigator"), "credentials");
    let response = sys::get(&sys::global("AuthenticatorAttestationResponse"), "prototype");
    sys::global("PublicKeyCredential").is_function()
        && sys::method(&credentials, "create").is_some()
        && sys::method(&credentials, "get").is_some()
        && sys::method(&response, "getPublicKey").is_some()
}

/// Whether permissions policy allows the feature. Only Blink tells, under the interface's older name; elsewhere the
/// ceremony itself will.
fn is_allowed(feature: &str) -> bool {
    let policy = sys::get(&sys::global("document"), "featurePolicy");
    sys::call(&policy, "allowsFeature", &[&feature.into()])
        .ok()
        .and_then(|answer| answer.as_bool())
        != Some(false)
}

fn system() -> System {
    let navigator = sys::global("navigator");
    let text = |target: &JsValue, name| sys::get(target, name).as_string().unwrap_or_default();
    System::detect(
        &text(&sys::get(&navigator, "userAgentData"), "platform"),
        &text(&navigator, "userAgent"),
        sys::get(&navigator, "maxTouchPoints")
            .as_f64()
            .unwrap_or_default(),
    )
}

/// Gecko on Linux refuses `authenticatorAttachment: 'platform'` within a millisecond, whatever is there
/// (`authrs_bridge` answers NS_ERROR_FAILURE).
pub fn refuses_platform_attachment() -> bool {
    let user_agent = sys::get(&sys::global("navigator"), "userAgent")
        .as_string()
        .unwrap_or_default();
    user_agent.contains("Firefox/") && system() == System::Other
}
