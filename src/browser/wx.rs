//! What the module exports to the loader.
//!
//! It keeps nothing of a `wx` object: the loader holds its settings, and each call reads them.

use super::call::make;
use super::sys::Call;
use super::{executor, panic};
use crate::api::Api;
use crate::can_i_use;
use wasm_bindgen::prelude::*;

/// Makes a call, by its number, see [`Api::at`]; see [`make`].
#[wasm_bindgen]
pub fn call(api: usize, settings: &JsValue, options: &JsValue, call: Call) {
    make(Api::at(api), settings, options, call, |browser| browser);
}

/// Whether the call, option, result or value is there.
#[wasm_bindgen(js_name = canIUse)]
#[must_use]
pub fn can_i_use(schema: &str) -> bool {
    can_i_use::can_i_use(schema)
}

/// Goes on with the calls whose events are there.
#[wasm_bindgen]
pub fn resume() {
    executor::resume();
}

/// Runs once, when the module starts.
#[wasm_bindgen(start)]
pub fn start() {
    panic::set_hook();
}
