//! A call as the loader makes it.

use wasm_bindgen::prelude::*;
use wx_soter::api::Api;

#[wasm_bindgen(module = "/src/browser/answering.js")]
extern "C" {
    type Call;
    #[wasm_bindgen(constructor)]
    fn new(api: &str, options: &JsValue) -> Call;
    #[wasm_bindgen(method, getter)]
    fn returned(this: &Call) -> JsValue;
}

/// Makes a call; returns what the page gets.
pub fn make_call(api: usize, settings: &JsValue, options: &JsValue) -> JsValue {
    let call = Call::new(Api::at(api).name(), options);
    let returned = call.returned();
    wx_soter::browser::call(api, settings, options, call.unchecked_into());
    returned
}
