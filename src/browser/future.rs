//! The calls as futures, for Rust programs on the web. The package for JavaScript has a loader instead, and none of this.
//!
//! ```ignore
//! use wx_soter::api::Api;
//! use wx_soter::browser::future::call;
//!
//! let result = call(Api::Start, &settings, &options).await?;
//! ```

use super::{call::make, executor, sys};
use crate::api::Api;
use js_sys::{Object, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Makes a call, and waits for its answer.
///
/// `settings` is an object, or nothing for the defaults, and has to stay as it is until the answer is there; `options` is
/// the call's, whose callbacks are not called. Leave `prompt` out for none: the dialog belongs to the package. Dropping the
/// future does not end the call; its deadline does.
///
/// With [`set_hook`](super::set_hook) a panic, anywhere in the program, fails the calls that are open. As after any panic,
/// the program should not go on.
///
/// # Errors
/// What `fail` gets, as an `Error` with the same members.
pub async fn call(api: Api, settings: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let settings = if settings.is_null_or_undefined() { &Object::new() } else { settings };
    let resume = Closure::<dyn Fn()>::new(executor::resume).into_js_value();
    // It gets no callbacks, whatever the options hold.
    let call = sys::Call::new(api.name(), &JsValue::UNDEFINED, &resume);
    let returned = call.returned();
    make(api, settings, options, call, |browser| browser);
    JsFuture::from(returned.unchecked_into::<Promise>()).await
}
