//! What the module exports.

use crate::verification;
use wasm_bindgen::prelude::wasm_bindgen;

/// See [`verification::registration`].
#[wasm_bindgen(js_name = registration)]
pub fn registration(response: &str, options: &str, answers: &[u8]) -> String {
    verification::registration(response, options, answers)
}

/// See [`verification::result`].
#[wasm_bindgen(js_name = result)]
pub fn result(result_json: &str, result_json_signature: &str, options: &str, answers: &[u8]) -> String {
    verification::result(result_json, result_json_signature, options, answers)
}

/// See [`verification::assertion`].
#[wasm_bindgen(js_name = assertion)]
pub fn assertion(response: &str, options: &str, answers: &[u8]) -> String {
    verification::assertion(response, options, answers)
}
