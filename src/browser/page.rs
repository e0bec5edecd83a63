//! What a page sets: values, functions and its storage.

use super::sys;
use crate::settings::{Complaint, Settings};
use crate::text::contains;
use crate::value::Value as _;
use wasm_bindgen::JsValue;

/// The settings, read once.
pub struct Page {
    /// What is wrong with them; empty where nothing is.
    pub complaint: Complaint,
    /// What rules need.
    pub settings: Settings,
    /// An object with `getItem` and `setItem` that answer at once; undefined unless set.
    pub storage: JsValue,
    /// A function of the page, or of the loader, which brings the default prompt; undefined where there is to be none.
    pub prompt: JsValue,
    /// A function; undefined unless set.
    pub on_key_created: JsValue,
}

impl Page {
    /// Reads and checks the settings.
    pub fn new(settings: &JsValue) -> Self {
        let mut complaint = Complaint::default();
        if !sys::is_object_or_nothing(settings) {
            complaint.0.push_str("settings should be an object");
        }
        let mut prompt = sys::get(settings, "prompt");
        if prompt.text() == "none" {
            prompt = JsValue::UNDEFINED;
        }
        let storage = sys::get(settings, "storage");
        let on_key_created = sys::get(settings, "onKeyCreated");
        let read = Settings::read(settings, &mut complaint);
        let is_function = |value: &JsValue| contains(&value.type_name(), "Function");
        let is_storage = is_function(&storage.get("getItem")) && is_function(&storage.get("setItem"));
        if !storage.is_undefined() && !is_storage && complaint.0.is_empty() {
            complaint.0.push_str("setting storage should have getItem and setItem");
        }
        let is_optional_function = |value: &JsValue| value.is_undefined() || is_function(value);
        complaint.unless(is_optional_function(&prompt), "prompt", "'dialog', 'none' or a function");
        complaint.unless(is_optional_function(&on_key_created), "onKeyCreated", "a function");
        Self { complaint, settings: read, storage, prompt, on_key_created }
    }
}
