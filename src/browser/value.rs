//! Values of the page's, read with care: getters throw, proxies lie, and a page may have replaced what it likes.

use super::sys;
use crate::value::{ITEMS_MAX, Members, Text, Value};
use js_sys::{Array, JsString, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};

/// The member of that path; `undefined` where there is none, or where reading it throws.
#[must_use]
pub fn member(target: &JsValue, path: &str) -> JsValue {
    let mut value = target.clone();
    for name in path.split('.') {
        if value.is_null_or_undefined() {
            return JsValue::UNDEFINED;
        }
        // It throws for texts and numbers, of which no rule wants a member.
        value = Reflect::get(&value, &name.into()).unwrap_or(JsValue::UNDEFINED);
    }
    value
}

/// The global of that path.
#[must_use]
pub fn global(path: &str) -> JsValue {
    member(&js_sys::global(), path)
}

/// Calls a method; `None` where there is none, or where it throws.
#[must_use]
pub fn call(target: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let method = member(target, method).dyn_into::<js_sys::Function>().ok()?;
    let arguments: Array = arguments.iter().collect();
    method.apply(target, &arguments).ok()
}

/// The bytes of a buffer, of whatever realm. Anything but a buffer has none: browser extensions that stand in for the browser
/// hand out odd things.
#[must_use]
pub fn bytes(value: &JsValue) -> Vec<u8> {
    let is_buffer = type_name(value).is_some_and(|name| name == "ArrayBuffer" || name == "Uint8Array");
    let class = js_sys::Function::from(global("Uint8Array"));
    let array = is_buffer.then(|| sys::construct(&class, &Array::of1(value)).ok()).flatten();
    array
        .and_then(|array| array.dyn_into::<Uint8Array>().ok())
        .map(|array| array.to_vec())
        .unwrap_or_default()
}

/// The string; `None` where it is none.
#[must_use]
pub fn string(value: &JsValue) -> Option<String> {
    value.as_string()
}

fn type_name(value: &JsValue) -> Option<String> {
    let name = sys::object_to_string(value).ok()?;
    name.strip_prefix("[object ")?.strip_suffix(']').map(str::to_owned)
}

/// What rules may know of a value.
#[must_use]
pub fn read(value: &JsValue) -> Value {
    if sys::is_array(value) == Ok(true) { read_array(value) } else { read_item(value) }
}

fn read_array(array: &JsValue) -> Value {
    // A proxy of an array may say anything here.
    let length = member(array, "length").as_f64().and_then(|length| Value::Number(length).to_u32());
    let length = length.unwrap_or_default();
    // Holes count as items.
    let item = |index| Reflect::get_u32(array, index).unwrap_or(JsValue::UNDEFINED);
    Value::Array(length, (0..length.min(ITEMS_MAX)).map(|index| read_item(&item(index))).collect())
}

/// An array among the items of another may be that one itself, and nobody asks for its items.
fn read_item(value: &JsValue) -> Value {
    if value.is_undefined() {
        Value::Undefined
    } else if value.is_null() {
        Value::Null
    } else if let Some(flag) = value.as_bool() {
        Value::Boolean(flag)
    } else if let Some(number) = value.as_f64() {
        Value::Number(number)
    } else if let Some(text) = value.dyn_ref::<JsString>() {
        Value::String(read_text(text))
    } else if value.is_function() {
        Value::Function
    } else if sys::is_array(value) == Ok(true) {
        Value::Array(0, Vec::new())
    } else if let Some(name) = type_name(value) {
        if value.is_object() { Value::Object(name) } else { Value::Other(name) }
    } else {
        // It is there, but it is nothing that anybody asked for.
        Value::Other("Unknown".to_owned())
    }
}

fn read_text(text: &JsString) -> Text {
    let units = text.length();
    if units > Text::UNITS_MAX {
        // Only its length is told, so nothing can take a part for all.
        return Text { units, is_well_formed: true, ..Text::default() };
    }
    Text { text: String::from(text), units, is_well_formed: sys::encode_uri_component(text).is_ok() }
}

impl Members for JsValue {
    fn itself(&self) -> Value {
        read(self)
    }

    fn get(&self, path: &str) -> Value {
        // A function may have members too; texts that were given for options have none of ours.
        read(&member(self, path))
    }
}
