//! The `wx` object.

use super::{Browser, answering, executor, sys};
use crate::api::Api;
use crate::failure::Failure;
use crate::options::{self, StartOptions};
use crate::result::Success;
use crate::settings::Settings;
use crate::{availability, can_i_use, ceremony};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// The three calls and `canIUse`, with one set of settings.
#[wasm_bindgen]
pub struct Wx {
    ready: Result<Rc<(Settings, Browser)>, String>,
}

#[wasm_bindgen]
impl Wx {
    /// Reads the settings once. What is wrong with them is said by every call, so that a page that only loads the
    /// script does not break.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(settings: &JsValue) -> Self {
        let read = || {
            if !(settings.is_object() || settings.is_undefined()) {
                return Err("settings should be an object".to_owned());
            }
            let checked = Settings::read(settings, &sys::get(settings, "user"))?;
            let browser = Browser::new(settings, checked.lang.clone())?;
            Ok(Rc::new((checked, browser)))
        };
        Self { ready: read() }
    }

    /// `wx.startSoterAuthentication`
    #[wasm_bindgen(js_name = startSoterAuthentication)]
    #[must_use]
    pub fn start_soter_authentication(&self, options: &JsValue) -> JsValue {
        let ready = self.begin(options);
        let read = ready.and_then(|ready| {
            let start_options = StartOptions::read(options, ready.0.dialect)?;
            Ok((ready, start_options))
        });
        answering::answer(
            Api::Start,
            options,
            Box::pin(async move {
                let (ready, start_options) = read?;
                ceremony::start(&ready.1, &ready.0, &start_options).await.map(Success::Started)
            }),
        )
    }

    /// `wx.checkIsSupportSoterAuthentication`
    #[wasm_bindgen(js_name = checkIsSupportSoterAuthentication)]
    #[must_use]
    pub fn check_is_support_soter_authentication(&self, options: &JsValue) -> JsValue {
        let ready = self.begin(options);
        answering::answer(
            Api::CheckSupport,
            options,
            Box::pin(async move {
                let ready = ready?;
                availability::check_support(&ready.1, &ready.0).await.map(Success::Supported)
            }),
        )
    }

    /// `wx.checkIsSoterEnrolledInDevice`
    #[wasm_bindgen(js_name = checkIsSoterEnrolledInDevice)]
    #[must_use]
    pub fn check_is_soter_enrolled_in_device(&self, options: &JsValue) -> JsValue {
        let read = self.begin(options).and_then(|ready| {
            let mode = options::read_check_auth_mode(options, ready.0.dialect)?;
            Ok((ready, mode))
        });
        answering::answer(
            Api::CheckEnrolled,
            options,
            Box::pin(async move {
                let (ready, mode) = read?;
                availability::check_enrolled(&ready.1, &ready.0, mode).await.map(Success::Enrolled)
            }),
        )
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
        executor::run_ready();
    }

    fn begin(&self, options: &JsValue) -> Result<Rc<(Settings, Browser)>, Failure> {
        let ready = self.ready.clone().map_err(Failure::internal)?;
        if options.is_object() || options.is_undefined() || options.is_null() {
            Ok(ready)
        } else {
            Err(options::not_an_object(&sys::type_name(options)))
        }
    }
}
