//! JavaScript values as [`Value`]s, for the rules of options and settings.

use super::sys;
use crate::value::{Fields, Text, Value};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

/// The longest list that is read; no option needs more, and a page's mistake must not stall the page.
const LIST_MAX: u32 = 64;

impl Fields for JsValue {
    fn get(&self, name: &str) -> Value {
        value(&sys::get(self, name))
    }
}

fn value(js: &JsValue) -> Value {
    if js.is_undefined() {
        Value::Undefined
    } else if let Some(utf8) = js.as_string() {
        // The conversion has made U+FFFD of each lone surrogate.
        let well_formed = JsValue::from_str(&utf8) == *js;
        Value::Text(Text { utf8, well_formed })
    } else if let Some(number) = js.as_f64() {
        Value::Number(number)
    } else if Array::is_array(js) {
        let list = js.unchecked_ref::<Array>();
        Value::List((0..list.length().min(LIST_MAX)).map(|index| value(&list.get(index))).collect())
    } else {
        Value::Other(sys::type_name(js))
    }
}
