//! What the module exports.
//!
//! It keeps nothing of a `wx` object: the loader holds its settings, and each call reads them.

use super::{Browser, encoding, executor, sys};
use crate::api::Api;
use crate::failure::Failure;
use crate::options::Options;
use crate::settings::Settings;
use crate::snapshot::Snapshot;
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
    let read = read(api, settings, options);
    let browser = Browser { settings: settings.clone(), call };
    executor::spawn(Box::pin(async move {
        let outcome = match read {
            Ok((settings, options)) => ceremony::run(&browser, &settings, api, &options).await,
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

fn read(api: Api, settings: &JsValue, options: &JsValue) -> Result<(Settings, Options), Failure> {
    let settings = Settings::read(&Snapshot::read(&sys::snapshot(settings, Settings::PATHS)))?;
    let options = sys::snapshot(options, Options::paths(api));
    let options = Options::read(api, &Snapshot::read(&options), settings.dialect)?;
    Ok((settings, options))
}
