//! What a page, a browser or an extension threw.

use super::sys;
use super::value::{member, string};
use crate::browser_error::{self, Refusal};
use wasm_bindgen::JsValue;

/// Name and message. What is thrown and no object is its own message.
fn parts(error: &JsValue) -> (String, String) {
    let text = |name| string(&member(error, name)).unwrap_or_default();
    if error.is_object() {
        (text("name"), text("message"))
    } else {
        (String::new(), sys::to_string(error).unwrap_or_default())
    }
}

/// As one line, for `detail`.
#[must_use]
pub fn line(error: &JsValue) -> String {
    let (name, message) = parts(error);
    browser_error::line(&name, &message)
}

/// What the browser meant by it, after so many milliseconds.
#[must_use]
pub fn explain(error: &JsValue, elapsed_ms: u32) -> Refusal {
    let (name, message) = parts(error);
    browser_error::explain(&name, &message, elapsed_ms)
}
