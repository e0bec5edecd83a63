//! What the module exports to the loader, `pkg/lib/module.js`.
//!
//! It keeps nothing of a `wx` object: the loader holds its settings, and each call reads them. So an instance that broke is
//! replaced without anything to carry over.

use super::call::make;
use super::sys::Call;
use crate::api::Api;
use crate::can_i_use;
use js_sys::{Function, WeakMap};
use wasm_bindgen::prelude::*;

/// Runs once, when the module starts. `abandon` fails all open calls, and gets the reason; `memory` outlives this instance.
#[wasm_bindgen]
pub fn initialize(abandon: Function, memory: WeakMap) {
    super::initialize(abandon, memory);
}

/// Makes a call, by its number, see [`Api::at`]; see [`make`].
#[wasm_bindgen]
pub fn call(api: usize, settings: &JsValue, options: &JsValue, call: Call, waited_ms: u32) {
    make(Api::at(api), settings, options, call, waited_ms, |browser| browser);
}

/// Whether the call, option, result or value is there.
#[wasm_bindgen(js_name = canIUse)]
#[must_use]
pub fn can_i_use(schema: &str) -> bool {
    can_i_use::can_i_use(schema)
}
