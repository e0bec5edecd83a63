//! What the module exports to the loader: the same functions as the browser's.

use crate::device::Emulated;
use js_sys::{Function, WeakMap};
use wasm_bindgen::prelude::*;
use wx_soter::api::Api;
use wx_soter::browser::call::make;
use wx_soter::browser::sys::Call;

/// Runs once, when the module starts. `abandon` fails all open calls, and gets the reason; `memory` outlives this instance.
#[wasm_bindgen]
pub fn initialize(abandon: Function, memory: WeakMap) {
    wx_soter::browser::initialize(abandon, memory);
}

/// Makes a call, by its number, see [`Api::at`]; see [`make`].
#[wasm_bindgen]
pub fn call(api: usize, settings: &JsValue, options: &JsValue, call: Call, waited_ms: u32) {
    let owner = call.clone();
    make(Api::at(api), settings, options, call, waited_ms, |browser| Emulated::new(browser, owner));
}

/// Whether the call, option, result or value is there.
#[wasm_bindgen(js_name = canIUse)]
#[must_use]
pub fn can_i_use(schema: &str) -> bool {
    wx_soter::can_i_use::can_i_use(schema)
}
