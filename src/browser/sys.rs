//! Raw bindings: what web-sys has not, or binds to types that pages and browser extensions need not keep to. All of it
//! catches what it throws: an exception that passes through Rust skips every drop on its way.

use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen]
extern "C" {
    /// What stands at `navigator.credentials`, which browser extensions replace.
    pub type Credentials;
    #[wasm_bindgen(method, catch)]
    pub fn create(this: &Credentials, options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn get(this: &Credentials, options: &JsValue) -> Result<JsValue, JsValue>;

    /// `localStorage`, or what a page has set in its place.
    pub type Storage;
    #[wasm_bindgen(method, catch, js_name = getItem)]
    pub fn get_item(this: &Storage, name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setItem)]
    pub fn set_item(this: &Storage, name: &str, item: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = removeItem)]
    pub fn remove_item(this: &Storage, name: &str) -> Result<JsValue, JsValue>;

    /// One call, as the loader keeps it: `pkg/lib/call.js`.
    #[derive(Clone)]
    pub type Call;
    /// `success`, `fail` and `complete` as they were read.
    #[wasm_bindgen(method, getter)]
    pub fn callbacks(this: &Call) -> JsValue;
    /// Fires when the call settles; nothing in engines that have no such thing.
    #[wasm_bindgen(method, getter)]
    pub fn signal(this: &Call) -> Option<AbortSignal>;
    /// Whether it has not settled yet.
    #[wasm_bindgen(method, getter, js_name = isOpen)]
    pub fn is_open(this: &Call) -> bool;
    /// Settles it.
    #[wasm_bindgen(method)]
    pub fn settle(this: &Call, succeeded: bool, outcome: &JsValue);

    /// `Object.prototype.toString`, which names the type of anything.
    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    pub fn object_to_string(value: &JsValue) -> Result<String, JsValue>;
    /// `Array.isArray`, which throws for a proxy that was revoked.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    pub fn is_array(value: &JsValue) -> Result<bool, JsValue>;
    /// `String`, of anything.
    #[wasm_bindgen(catch, js_name = String)]
    pub fn to_string(value: &JsValue) -> Result<String, JsValue>;
    /// `Uint8Array`, of a buffer or another one.
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = construct)]
    pub fn construct(class: &JsValue, arguments: &js_sys::Array) -> Result<JsValue, JsValue>;
    /// `globalThis.encodeURIComponent`, which throws for lone surrogates alone.
    #[wasm_bindgen(catch, js_name = encodeURIComponent)]
    pub fn encode_uri_component(text: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = setTimeout)]
    pub fn set_timeout(handler: &JsValue, ms: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = clearTimeout)]
    pub fn clear_timeout(timer: &JsValue) -> Result<(), JsValue>;
}
