//! What happens after a panic: a defect of ours must not leave a call open, a prompt on screen or a ceremony running.

use super::sys;

/// Sets the hook.
pub fn set_hook() {
    std::panic::set_hook(Box::new(|info| {
        // The loader sees this too, and starts another instance before the next call. What happened is said in the
        // console, with a stack: nobody but a developer has any use for it.
        sys::abandon("panic: see the console");
        // Last, since a page may have put something that throws in the place of console.error.
        console_error_panic_hook::hook(info);
    }));
}
