//! `setTimeout`.

use super::promise::Resolver;
use super::sys;
use wasm_bindgen::JsValue;

/// Waits so many milliseconds; dropping the future stops the timer.
///
/// # Errors
/// What `setTimeout` throws, where a page has replaced it.
pub async fn sleep(ms: u32) -> Result<(), JsValue> {
    let (resolver, fired) = Resolver::new();
    let _running = Running(sys::set_timeout(&resolver.function(), ms)?);
    fired.await.map(drop)
}

struct Running(JsValue);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = sys::clear_timeout(&self.0);
    }
}
