//! The page's `onKeyCreated`.

use super::{Browser, sys};
use crate::device::KeyListener;
use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};

/// The setting `onKeyCreated`.
pub fn read_setting(settings: &JsValue) -> Result<Option<Function>, String> {
    let listener = sys::get(settings, "onKeyCreated");
    if listener.is_undefined() {
        return Ok(None);
    }
    listener.dyn_into().map(Some).map_err(|_| "setting onKeyCreated should be a function".to_owned())
}

impl KeyListener for Browser {
    async fn key_created(&self, registration: &JsValue) -> Result<(), String> {
        let Some(listener) = &self.on_key_created else { return Ok(()) };
        let answer = match listener.call1(&JsValue::UNDEFINED, registration) {
            Ok(answer) => sys::wait(&answer).await,
            Err(error) => Err(error),
        };
        answer.map(|_| ()).map_err(|error| sys::describe(&error))
    }
}
