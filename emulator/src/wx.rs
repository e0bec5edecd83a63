//! What the module exports to the loader: the same functions as the browser's.

use crate::device::Emulated;
use wasm_bindgen::prelude::*;
use wx_soter::api::Api;
use wx_soter::browser::sys::Call;
use wx_soter::browser::{call::make, executor, set_hook};

/// Makes a call, by its number, see [`Api::at`]; see [`make`].
#[wasm_bindgen]
pub fn call(api: usize, settings: &JsValue, options: &JsValue, call: Call) {
    make(Api::at(api), settings, options, call, Emulated::new);
}

/// Whether the call, option, result or value is there.
#[wasm_bindgen(js_name = canIUse)]
#[must_use]
pub fn can_i_use(schema: &str) -> bool {
    wx_soter::can_i_use::can_i_use(schema)
}

/// Goes on with the calls whose events are there.
#[wasm_bindgen]
pub fn resume() {
    executor::resume();
}

/// Runs once, when the module starts.
#[wasm_bindgen(start)]
pub fn start() {
    set_hook();
}
