//! `setTimeout`.

use super::sys;
use js_sys::Promise;
use std::cell::RefCell;
use std::future::pending;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Waits so many milliseconds; dropping the future stops the timer. Never where there is no timer.
pub async fn sleep(ms: u32) {
    let timer = RefCell::new(None);
    let fired = Promise::new(&mut |resolve, _| {
        timer.replace(sys::set_timeout(&resolve, ms).ok());
    });
    let Some(timer) = timer.into_inner() else {
        return pending().await;
    };
    let _running = Running(timer);
    let _ = JsFuture::from(fired).await;
}

struct Running(JsValue);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = sys::clear_timeout(&self.0);
    }
}
