//! What happens after a panic: a defect of ours must not leave a call open, a prompt on screen or a ceremony running.

use super::sys;
use crate::text::concat;
use wasm_bindgen::prelude::*;

/// Runs once, when the module starts.
#[wasm_bindgen(start)]
pub fn set_hook() {
    std::panic::set_hook(Box::new(|info| {
        let message = {
            let payload = info.payload();
            let text = payload.downcast_ref::<String>().map(String::as_str);
            text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or_default()
        };
        // The loader sees this too, and starts another instance before the next call.
        sys::abandon(&concat(&[
            "panic: ",
            message,
            " in ",
            info.location().map_or("", std::panic::Location::file),
        ]));
        // Last, since a page may have put something that throws in the place of console.error.
        console_error_panic_hook::hook(info);
    }));
}
