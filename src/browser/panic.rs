//! What happens after a panic: a defect of ours must not leave a call open, a prompt on screen or a ceremony running.

use super::sys;
use crate::text::concat;

/// Sets the hook.
pub fn set_hook() {
    std::panic::set_hook(Box::new(|info| {
        let text = info.payload_as_str().unwrap_or_default();
        // The loader sees this too, and starts another instance before the next call.
        sys::abandon(&concat(&["panic: ", text]));
        // Last, since a page may have put something that throws in the place of console.error.
        console_error_panic_hook::hook(info);
    }));
}
