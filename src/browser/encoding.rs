//! The engine's own JSON, base64 and random numbers.

use super::{Browser, sys};
use crate::device::Encoding;
use crate::json::Json;
use serde::Serialize as _;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

impl Encoding for Browser {
    fn random(&self) -> String {
        sys::random()
    }

    fn base64url(&self, text: &str) -> String {
        sys::encode_text(text)
    }

    fn to_json(&self, value: &Json) -> String {
        sys::json(&to_js(value))
    }
}

/// Plain objects and arrays.
pub fn to_js(value: &Json) -> JsValue {
    value.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}
