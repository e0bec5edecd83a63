//! Raw bindings, for what `web-sys` lacks or binds too strictly. `web_sys::window()` is one: it is `None` in workers,
//! in Node and in happy-dom, whose window is no instance of `Window`.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `Object.prototype.toString.call(value)`: the type's name in brackets.
    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn to_string_tag(value: &JsValue) -> Result<String, JsValue>;

    #[wasm_bindgen(js_name = setTimeout)]
    pub fn set_timeout(handler: &Function, ms: f64) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    pub fn clear_timeout(timer: &JsValue);

    #[wasm_bindgen(js_namespace = console, js_name = error)]
    pub fn console_error(error: &JsValue);
}

/// The member of that name of any value; undefined where there is none, or reading it throws.
pub fn get(target: &JsValue, name: &str) -> JsValue {
    Reflect::get(target, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A member of the global object.
pub fn global(name: &str) -> JsValue {
    get(&js_sys::global(), name)
}

/// The method of that name, where there is one.
pub fn method(target: &JsValue, name: &str) -> Option<Function> {
    get(target, name).dyn_into().ok()
}

/// Calls the method of that name.
///
/// # Errors
/// What it throws, or undefined where there is no such method.
pub fn call(target: &JsValue, name: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let list = js_sys::Array::new();
    for argument in arguments {
        list.push(argument);
    }
    Reflect::apply(&method(target, name).ok_or(JsValue::UNDEFINED)?, target, &list)
}

/// An object with these members.
pub fn object(members: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        set(&object, name, value);
    }
    object
}

/// Sets a member; nothing happens where that is not possible.
pub fn set(target: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(target, &name.into(), value);
}

/// The type's name as WeChat's parameter errors spell it: `Null`, `Boolean`, `Object` …
pub fn type_name(value: &JsValue) -> String {
    let tag = to_string_tag(value).unwrap_or_default();
    tag.trim_start_matches("[object ")
        .trim_end_matches(']')
        .to_owned()
}

/// The name and the message of an error; a thrown value that is no error is its own message.
pub fn name_and_message(error: &JsValue) -> (String, String) {
    let text = |name| get(error, name).as_string().unwrap_or_default();
    if error.is_object() {
        (text("name"), text("message"))
    } else {
        (
            String::new(),
            error.as_string().unwrap_or_else(|| type_name(error)),
        )
    }
}

/// An error as one line.
pub fn describe(error: &JsValue) -> String {
    let (name, message) = name_and_message(error);
    if name.is_empty() {
        message
    } else {
        [&name, ": ", &message].concat()
    }
}
