//! Raw bindings to the JavaScript files beside this one.
//!
//! Each call into the web platform costs three times as many bytes from Rust as from JavaScript, and every page loads
//! them. So the platform's side of a trait is a few lines of JavaScript, and all that decides anything is Rust.

use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/src/browser/page.js")]
extern "C" {
    pub fn snapshot(object: &JsValue, paths: &str) -> String;
    pub fn environment() -> String;
    pub fn load(settings: &JsValue, name: &str, paths: &str) -> String;
    pub fn save(settings: &JsValue, name: &str, record: &str);
    pub fn forget(settings: &JsValue, name: &str);
    #[wasm_bindgen(js_name = noteUnusableKey)]
    pub fn note_unusable_key();
    #[wasm_bindgen(js_name = encodeText)]
    pub fn encode_text(text: &str) -> String;
    pub fn random() -> String;
    pub fn json(value: &JsValue) -> String;
}

#[wasm_bindgen(module = "/src/browser/effects.js")]
extern "C" {
    pub fn perform(
        call: &Call,
        effect: &str,
        settings: &JsValue,
        rp_id: &str,
        texts: &str,
        signature: &[u8],
        is_platform: bool,
        attachment: bool,
        deadline: u32,
        paths: &str,
    );
    pub fn show(call: &Call, paths: &str, settings: &JsValue, auth_content: &str, auth_mode: &str) -> String;
}

#[wasm_bindgen(module = "/src/browser/answering.js")]
extern "C" {
    #[derive(Clone)]
    pub type Call;
    #[wasm_bindgen(constructor)]
    pub fn new(api: &str, options: &JsValue, resume: &JsValue) -> Call;
    #[wasm_bindgen(method, getter)]
    pub fn returned(this: &Call) -> JsValue;
    #[wasm_bindgen(method)]
    pub fn read(this: &Call, options: &JsValue, paths: &str) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn event(this: &Call) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn signal(this: &Call) -> Option<AbortSignal>;
    #[wasm_bindgen(method)]
    pub fn answer(this: &Call, succeeded: bool, result: &JsValue);
    pub fn abandon(detail: &str);
}
