//! What happens after a panic: a defect of ours must not leave a call open, a prompt on screen or a ceremony running.

use super::{answering, cleanup};
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
        let message = info.payload_as_str().unwrap_or("panic");
        let place = info.location().map(|location| [" at ", location.file()].concat());
        abandon(&["wx-soter: ", message, &place.unwrap_or_default()].concat());
    }));
}

/// Ends all open calls with an internal error. The loader calls this where something other than a panic broke the module.
#[wasm_bindgen]
pub fn abandon(detail: &str) {
    PANICKED.set(true);
    cleanup::after_panic();
    answering::abandon(detail);
}

/// Whether this instance has panicked. Its state can no longer be trusted, so the loader starts another.
#[wasm_bindgen(js_name = hasPanicked)]
#[must_use]
pub fn has_panicked() -> bool {
    PANICKED.get()
}
