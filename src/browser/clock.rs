//! Timers.

use super::{Browser, sys};
use crate::device::Clock;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Stops the timer when dropped, so that a settled call leaves none behind.
struct Timer(JsValue);

impl Drop for Timer {
    fn drop(&mut self) {
        sys::clear_timeout(&self.0);
    }
}

impl Clock for Browser {
    async fn sleep(&self, ms: u32) {
        let mut timer = Timer(JsValue::UNDEFINED);
        let ended =
            Promise::new(&mut |resolve, _reject| timer = Timer(sys::set_timeout(&resolve, ms.into())));
        let _ = JsFuture::from(ended).await;
    }
}
