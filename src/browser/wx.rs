//! What the module exports.
//!
//! It keeps nothing of a `wx` object: the loader holds its settings, and each call reads them.

use super::page::Page;
use super::{Browser, encoding, executor, sys};
use crate::api::Api;
use crate::failure::Failure;
use crate::options::{self, Options};
use crate::{can_i_use, ceremony, result};
use wasm_bindgen::prelude::*;

/// Makes a call, by its place among [`Api::ALL`]. Reads settings, options and callbacks at once, and returns what the
/// call returns: a promise, or undefined where the options have one of the callback keys.
///
/// What is wrong with the settings is said by every call, so that a page that only loads the script does not break.
#[wasm_bindgen]
#[must_use]
pub fn call(api: usize, settings: &JsValue, options: &JsValue) -> JsValue {
    let api = Api::ALL.get(api).copied().unwrap_or(Api::Start);
    let call = sys::Call::new(api.name(), options);
    let returned = call.returned();
    let page = Page::new(settings);
    let read = read(&page, api, options);
    let browser = Browser { page, call };
    executor::spawn(Box::pin(async move {
        let outcome = match read {
            Ok(options) => ceremony::run(&browser, &browser.page.settings, api, &options).await,
            Err(failure) => Err(failure),
        };
        let succeeded = outcome.is_ok();
        browser.call.answer(succeeded, &encoding::to_js(&result::answer(api, outcome)));
    }));
    returned
}

/// Whether the call, option, result or value is there.
#[wasm_bindgen(js_name = canIUse)]
#[must_use]
pub fn can_i_use(schema: &str) -> bool {
    can_i_use::can_i_use(schema)
}

/// Takes the calls made so far to the authenticator now, within the click that made them.
#[wasm_bindgen(js_name = runReady)]
pub fn run_ready() {
    executor::run();
}

fn read(page: &Page, api: Api, options: &JsValue) -> Result<Options, Failure> {
    let complaint = &page.complaint.0;
    if !complaint.is_empty() {
        Err(Failure::internal(complaint.as_str()))
    } else if sys::is_object_or_nothing(options) {
        Options::read(api, options, page.settings.dialect)
    } else {
        Err(options::not_an_object(&sys::type_name(options)))
    }
}
