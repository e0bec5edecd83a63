//! The calls as futures, for Rust programs on the web.
//!
//! ```ignore
//! use wx_soter::api::Api;
//! use wx_soter::browser::future::call;
//!
//! let result = call(Api::Start, &settings, &options).await?;
//! ```

use super::{Browser, call as calls};
use crate::api::Api;
use crate::result::Outcome;
use js_sys::{Error, Object};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::AbortController;

/// Makes a call, and waits for its outcome. The request to the authenticator leaves when the future is first polled; dropping
/// it ends the call.
///
/// `settings` is an object, or nothing for the defaults; `options` is the call's, whose callbacks are not called. Leave
/// `prompt` out for none: the dialog belongs to the package.
///
/// # Errors
/// What `fail` gets, as an `Error` with the same members.
pub async fn call(api: Api, settings: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let settings = if settings.is_null_or_undefined() { Object::new().into() } else { settings.clone() };
    let controller = AbortController::new().ok().map(Abort);
    let signal = controller.as_ref().map(|controller| controller.0.signal());
    let read = calls::read(api, &settings, options, &JsValue::UNDEFINED);
    let browser = Browser::new(settings, signal);
    let result = calls::run(&browser, api, read, 0).await;
    let succeeded = result.is_ok();
    let outcome = calls::to_js(&Outcome { api, result });
    if succeeded {
        return Ok(outcome);
    }
    let message = super::value::string(&super::value::member(&outcome, "errMsg")).unwrap_or_default();
    Err(Object::assign(&Error::new(&message), outcome.unchecked_ref()).into())
}

/// Ends the browser's request, and takes the prompt away.
struct Abort(AbortController);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}
