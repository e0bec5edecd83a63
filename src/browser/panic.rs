//! What happens after a panic: a defect of ours must not leave a call open, a prompt on screen or a ceremony running.

use super::sys;
use crate::text::concat;
use std::cell::Cell;
use wasm_bindgen::prelude::*;

thread_local! {
    static PANICKED: Cell<bool> = const { Cell::new(false) };
}

/// Runs once, when the module starts.
#[wasm_bindgen(start)]
pub fn set_hook() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let message = {
            let payload = info.payload();
            let text = payload.downcast_ref::<String>().map(String::as_str);
            text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or_default()
        };
        abandon(&concat(&[
            "panic: ",
            message,
            " in ",
            info.location().map_or("", std::panic::Location::file),
        ]));
    }));
}

/// Ends all open calls with an internal error. The loader calls this where something other than a panic broke the module.
#[wasm_bindgen]
pub fn abandon(detail: &str) {
    PANICKED.set(true);
    sys::abandon_calls(detail);
}

/// Whether this instance has panicked. Its state can no longer be trusted, so the loader starts another.
#[wasm_bindgen(js_name = hasPanicked)]
#[must_use]
pub fn has_panicked() -> bool {
    PANICKED.get()
}
