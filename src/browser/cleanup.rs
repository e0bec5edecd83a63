//! What must not outlive a ceremony: the browser's request, and the prompt.

use std::cell::RefCell;
use wasm_bindgen::JsValue;
use web_sys::AbortController;

thread_local! {
    static OPEN: RefCell<Vec<AbortController>> = const { RefCell::new(Vec::new()) };
}

/// Fires its signal when dropped, and after a panic, when nothing is dropped any more. What hangs on the signal must
/// therefore be JavaScript alone.
pub struct Cleanup(AbortController);

impl Cleanup {
    /// `None` in engines without `AbortController`.
    pub fn new() -> Option<Self> {
        let controller = AbortController::new().ok()?;
        OPEN.with_borrow_mut(|open| open.push(controller.clone()));
        Some(Self(controller))
    }

    /// The signal; undefined in those engines.
    pub fn signal(cleanup: Option<&Self>) -> JsValue {
        cleanup.map_or(JsValue::UNDEFINED, |cleanup| cleanup.0.signal().into())
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        OPEN.with_borrow_mut(|open| open.retain(|controller| *controller != self.0));
        self.0.abort();
    }
}

/// Fires all signals.
pub fn after_panic() {
    let open = OPEN.try_with(|open| open.try_borrow_mut().map(|mut open| std::mem::take(&mut *open)));
    for controller in open.into_iter().flatten().flatten() {
        controller.abort();
    }
}
