//! What the module needs of JavaScript. Nothing else in this crate is bound by hand.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(raw_module = "wx-soter:host")]
extern "C" {
    /// Tells the supervisor whose future is polled from now on: that call is to blame for a trap.
    #[wasm_bindgen(js_name = enter)]
    pub(crate) fn enter(call: u32);

    /// The host's WebCrypto, or none.
    #[wasm_bindgen(js_name = subtle)]
    pub(crate) fn subtle() -> Option<SubtleCrypto>;

    /// The promise under the supervisor's eyes: it calls into the instance that asked for it and into no other, and what
    /// traps there is known.
    #[wasm_bindgen(js_name = supervised)]
    pub(crate) fn supervised(promise: &JsValue) -> Promise;
}

/// Not web-sys's, whose many overloads name each combination of types.
#[wasm_bindgen]
extern "C" {
    /// [`SubtleCrypto`](https://developer.mozilla.org/docs/Web/API/SubtleCrypto)
    pub(crate) type SubtleCrypto;

    #[wasm_bindgen(method, catch, js_name = importKey)]
    pub(crate) fn import_key(
        this: &SubtleCrypto,
        format: &str,
        key: &Uint8Array,
        algorithm: &JsValue,
        extractable: bool,
        usages: &JsValue,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = verify)]
    pub(crate) fn verify(
        this: &SubtleCrypto,
        algorithm: &JsValue,
        key: &JsValue,
        signature: &Uint8Array,
        data: &Uint8Array,
    ) -> Result<JsValue, JsValue>;
}
