//! Raw bindings: the JavaScript files beside this one, and what `web-sys` lacks or binds too strictly.
//!
//! Each call into the web platform costs three times as many bytes from Rust as from JavaScript, and every page loads
//! them. So the platform's side of a trait is a few lines of JavaScript, and all that decides anything is Rust.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/src/browser/webauthn.js")]
extern "C" {
    #[wasm_bindgen(js_name = encodeText)]
    pub fn encode_text(text: &str) -> String;
    pub fn random() -> String;
    pub fn create(wish: &Object, signal: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = get)]
    pub fn get_assertion(wish: &Object, signal: &JsValue) -> Promise;
    pub fn verify(
        algorithm: &str,
        public_key: &str,
        authenticator_data: &[u8],
        client_data_json: &str,
        signature: &[u8],
    ) -> Promise;
    #[wasm_bindgen(js_name = isAvailable)]
    pub fn is_available() -> Promise;
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
    #[wasm_bindgen(method)]
    pub fn answer(this: &Call, succeeded: bool, result: &JsValue);
    #[wasm_bindgen(js_name = abandon)]
    pub fn abandon_calls(detail: &str);
}

#[wasm_bindgen]
extern "C" {
    /// `Object.prototype.toString.call(value)`: the type's name in brackets.
    #[wasm_bindgen(js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn to_string_tag(value: &JsValue) -> String;
    #[wasm_bindgen(js_name = setTimeout)]
    pub fn set_timeout(handler: &Function, ms: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    pub fn clear_timeout(timer: &JsValue);
}

/// The member of that name of any value; undefined where there is none, or reading it throws.
#[inline(never)]
pub fn get(target: &JsValue, name: &str) -> JsValue {
    Reflect::get(target, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// The member of that name, where it is a text.
#[inline(never)]
pub fn text(target: &JsValue, name: &str) -> String {
    get(target, name).as_string().unwrap_or_default()
}

/// The member of that name, where it is a `Uint8Array`.
#[inline(never)]
pub fn bytes(target: &JsValue, name: &str) -> Vec<u8> {
    js_sys::Uint8Array::new(&get(target, name)).to_vec()
}

/// The method of that name, where there is one.
pub fn method(target: &JsValue, name: &str) -> Option<Function> {
    get(target, name).dyn_into().ok()
}

/// An object with these members.
#[inline(never)]
pub fn object(members: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// A promise, and the functions that resolve and reject it.
#[inline(never)]
pub fn deferred() -> (Promise, Function, Function) {
    let mut functions = None;
    let promise = Promise::new(&mut |resolve, reject| functions = Some((resolve, reject)));
    let (resolve, reject) = functions.unwrap_or_default();
    (promise, resolve, reject)
}

/// Waits for a value that may be a promise.
#[inline(never)]
pub fn wait(value: &JsValue) -> JsFuture {
    JsFuture::from(Promise::resolve(value))
}

/// The type's name as WeChat's parameter errors spell it: `Null`, `Boolean`, `Object` …
pub fn type_name(value: &JsValue) -> String {
    let tag = to_string_tag(value);
    tag.strip_prefix("[object ").and_then(|name| name.strip_suffix(']')).unwrap_or_default().to_owned()
}

/// The name and the message of an error; a thrown value that is no error is its own message.
pub fn name_and_message(error: &JsValue) -> (String, String) {
    match error.as_string() {
        Some(message) => (String::new(), message),
        None => (text(error, "name"), text(error, "message")),
    }
}

/// An error as one line.
#[inline(never)]
pub fn describe(error: &JsValue) -> String {
    let (name, message) = name_and_message(error);
    crate::browser_error::line(&name, &message)
}
