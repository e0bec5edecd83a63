//! The `wx` object.

use super::page::Page;
use super::{Browser, encoding, executor, sys};
use crate::api::Api;
use crate::failure::Failure;
use crate::options::{self, Options};
use crate::{can_i_use, ceremony, result};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// The three calls and `canIUse`, with one set of settings.
#[wasm_bindgen]
pub struct Wx {
    page: Rc<Page>,
}

#[wasm_bindgen]
impl Wx {
    /// Reads the settings once. What is wrong with them is said by every call, so that a page that only loads the
    /// script does not break.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(settings: &JsValue) -> Self {
        Self { page: Rc::new(Page::new(settings)) }
    }

    /// `wx.startSoterAuthentication`
    #[wasm_bindgen(js_name = startSoterAuthentication)]
    #[must_use]
    pub fn start_soter_authentication(&self, options: &JsValue) -> JsValue {
        self.call(Api::Start, options)
    }

    /// `wx.checkIsSupportSoterAuthentication`
    #[wasm_bindgen(js_name = checkIsSupportSoterAuthentication)]
    #[must_use]
    pub fn check_is_support_soter_authentication(&self, options: &JsValue) -> JsValue {
        self.call(Api::CheckSupport, options)
    }

    /// `wx.checkIsSoterEnrolledInDevice`
    #[wasm_bindgen(js_name = checkIsSoterEnrolledInDevice)]
    #[must_use]
    pub fn check_is_soter_enrolled_in_device(&self, options: &JsValue) -> JsValue {
        self.call(Api::CheckEnrolled, options)
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

    /// Reads options and callbacks at once, and returns what the call returns: a promise, or undefined where the options
    /// have one of the callback keys.
    #[inline(never)]
    fn call(&self, api: Api, options: &JsValue) -> JsValue {
        let call = sys::Call::new(api.name(), options);
        let returned = call.returned();
        let read = self.read(api, options);
        let browser = Browser { page: Rc::clone(&self.page), call };
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

    fn read(&self, api: Api, options: &JsValue) -> Result<Options, Failure> {
        let complaint = &self.page.complaint.0;
        if !complaint.is_empty() {
            Err(Failure::internal(complaint.as_str()))
        } else if sys::is_object_or_nothing(options) {
            Options::read(api, options, self.page.settings.dialect)
        } else {
            Err(options::not_an_object(&sys::type_name(options)))
        }
    }
}
