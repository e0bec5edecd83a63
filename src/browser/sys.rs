//! Raw bindings to the JavaScript files beside this one.
//!
//! Each call into the web platform costs three times as many bytes from Rust as from JavaScript, and every page loads
//! them. So the platform's side of a trait is a few lines of JavaScript, and all that decides anything is Rust.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = queueMicrotask)]
    pub fn queue_microtask(task: &JsValue);
}

#[wasm_bindgen(module = "/src/browser/values.js")]
extern "C" {
    pub fn get(target: &JsValue, name: &str) -> JsValue;
    #[wasm_bindgen(js_name = get)]
    pub fn at(target: &JsValue, index: u32) -> JsValue;
    pub fn text(value: &JsValue) -> String;
    pub fn number(value: &JsValue) -> f64;
    pub fn bytes(value: &JsValue) -> Vec<u8>;
    #[wasm_bindgen(js_name = typeName)]
    pub fn type_name(value: &JsValue) -> String;
    pub fn length(value: &JsValue) -> u32;
    #[wasm_bindgen(js_name = isWellFormed)]
    pub fn is_well_formed(value: &JsValue) -> bool;
    #[wasm_bindgen(js_name = isObjectOrNothing)]
    pub fn is_object_or_nothing(value: &JsValue) -> bool;
    pub fn json(value: &JsValue) -> String;
}

#[wasm_bindgen(module = "/src/browser/webauthn.js")]
extern "C" {
    #[wasm_bindgen(js_name = encodeText)]
    pub fn encode_text(text: &str) -> String;
    pub fn random() -> String;
}

#[wasm_bindgen(module = "/src/browser/effects.js")]
extern "C" {
    pub fn perform(
        call: &Call,
        effect: &str,
        on_key_created: &JsValue,
        rp_id: &str,
        rp_name: &str,
        user_handle: &str,
        user_name: &str,
        user_display_name: &str,
        challenge: &str,
        key_id: &str,
        algorithm: &str,
        public_key: &str,
        signature: &[u8],
        is_platform: bool,
        attachment: bool,
        deadline: u32,
        timeout: u32,
    ) -> Promise;
    pub fn show(call: &Call, prompt: &JsValue, auth_content: &str, auth_mode: &str, lang: &str) -> JsValue;
}

#[wasm_bindgen(module = "/src/browser/environment.js")]
extern "C" {
    pub fn environment() -> JsValue;
}

#[wasm_bindgen(module = "/src/browser/key_store.js")]
extern "C" {
    #[wasm_bindgen(js_name = load)]
    pub fn load_record(storage: &JsValue, name: &str) -> JsValue;
    #[wasm_bindgen(js_name = save)]
    pub fn save_record(storage: &JsValue, name: &str, json: &str);
}

#[wasm_bindgen(module = "/src/browser/answering.js")]
extern "C" {
    pub type Call;
    #[wasm_bindgen(constructor)]
    pub fn new(api: &str, options: &JsValue) -> Call;
    #[wasm_bindgen(method, getter)]
    pub fn returned(this: &Call) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn signal(this: &Call) -> Option<AbortSignal>;
    #[wasm_bindgen(method)]
    pub fn answer(this: &Call, succeeded: bool, result: &JsValue);
    pub fn abandon(detail: &str);
}
