//! Timers.

use super::{Browser, sys};
use crate::device::Clock;
use wasm_bindgen::JsValue;

/// Stops the timer when dropped, so that a settled call leaves none behind.
struct Timer(JsValue);

impl Drop for Timer {
    fn drop(&mut self) {
        sys::clear_timeout(&self.0);
    }
}

impl Clock for Browser {
    async fn sleep(&self, ms: u32) {
        let (ended, end, _) = sys::deferred();
        let _timer = Timer(sys::set_timeout(&end, ms.into()));
        let _ = sys::wait(&ended).await;
    }
}
