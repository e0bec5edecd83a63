//! How a call answers.

use super::{encoding, executor, sys};
use crate::api::Api;
use crate::failure::Failure;
use crate::result::{self, Success};
use std::pin::Pin;
use wasm_bindgen::JsValue;

/// What a call does.
pub type Work = Pin<Box<dyn Future<Output = Result<Success, Failure>>>>;

/// Answers a call with the outcome of `work`, and returns what the call returns: a promise, or undefined where the
/// options have one of the callback keys.
pub fn answer(api: Api, options: &JsValue, work: Work) -> JsValue {
    let call = sys::Call::new(api.name(), options);
    let returned = call.returned();
    executor::spawn(Box::pin(async move {
        let outcome = work.await;
        call.answer(outcome.is_ok(), &encoding::to_js(&result::answer(api, outcome)));
    }));
    returned
}
