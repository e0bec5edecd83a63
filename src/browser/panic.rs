//! What happens after a panic: a defect of ours must not leave a call open, a prompt on screen or a ceremony running.

use js_sys::{Array, Function};
use std::cell::RefCell;
use wasm_bindgen::JsValue;

thread_local! {
    static ABANDON: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Sets the hook. `abandon` gets the message.
pub fn set_hook(abandon: Function) {
    ABANDON.replace(Some(abandon));
    std::panic::set_hook(Box::new(|info| {
        let text = info.payload_as_str().unwrap_or_default();
        let detail = ["panic: ", text].concat();
        // The loader starts another instance before the next call.
        if let Some(abandon) = ABANDON.take() {
            let _ = abandon.apply(&JsValue::UNDEFINED, &Array::of1(&detail.into()));
        }
        // Last, since a page may have put something that throws in the place of console.error.
        console_error_panic_hook::hook(info);
    }));
}
