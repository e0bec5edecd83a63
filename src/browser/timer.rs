//! `setTimeout`.

use super::sys;
use js_sys::Promise;
use std::cell::RefCell;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Waits so many milliseconds; dropping the future stops the timer.
///
/// # Errors
/// What `setTimeout` throws, where a page has replaced it.
pub async fn sleep(ms: u32) -> Result<(), JsValue> {
    let timer = RefCell::new(Err(JsValue::UNDEFINED));
    let fired = Promise::new(&mut |resolve, _| {
        let _ = timer.replace(sys::set_timeout(&resolve, ms));
    });
    let _running = Running(timer.into_inner()?);
    JsFuture::from(fired).await.map(drop)
}

struct Running(JsValue);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = sys::clear_timeout(&self.0);
    }
}
