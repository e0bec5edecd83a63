//! The engine's own JSON.

use super::Browser;
use crate::client_data::ClientData;
use crate::device::Json;
use crate::result::ResultJson;
use js_sys::JSON;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

impl Json for Browser {
    fn parse_client_data(&self, json: &[u8]) -> Option<ClientData> {
        let text = std::str::from_utf8(json).ok()?;
        // §7.2 step 7 asks for "UTF-8 decode", which drops a byte order mark.
        ClientData::from_fields(&parse(text.trim_start_matches('\u{feff}'))?)
    }

    fn result_json(&self, result: &ResultJson<'_>) -> String {
        stringify(result).unwrap_or_default()
    }
}

/// Parses any JSON.
pub fn parse(text: &str) -> Option<JsValue> {
    JSON::parse(text).ok()
}

/// Writes JSON without spaces, in the order of the fields.
pub fn stringify(value: &impl Serialize) -> Option<String> {
    JSON::stringify(&to_js(value)).ok()?.as_string()
}

/// A Rust value as plain objects and arrays.
pub fn to_js(value: &impl Serialize) -> JsValue {
    value.serialize(&Serializer::new()).unwrap_or(JsValue::UNDEFINED)
}
