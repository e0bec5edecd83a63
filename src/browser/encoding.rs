//! The engine's own JSON, base64 and random numbers.

use super::{Browser, sys};
use crate::device::Encoding;
use crate::json::Json;
use serde::{Serialize, Serializer};
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

/// A value as JavaScript's own, but an object is an array of its entries, at least one; `plain` in `page.js` makes it
/// one.
pub fn to_js(value: &Json) -> JsValue {
    Entries(value).serialize(&serde_wasm_bindgen::Serializer::new()).unwrap_or(JsValue::UNDEFINED)
}

/// Arrays alone, since the serializer of objects costs every page more than `plain` does.
struct Entries<'a>(&'a Json);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Json::Text(text) => serializer.serialize_str(text),
            Json::Number(number) => serializer.serialize_u32(*number),
            Json::Flag(flag) => serializer.serialize_bool(*flag),
            Json::Modes(modes) => serializer.collect_seq(modes.iter().map(|mode| mode.as_str())),
            Json::Object(members) => {
                serializer.collect_seq(members.as_slice().iter().map(|(name, value)| (name, Entries(value))))
            }
        }
    }
}
