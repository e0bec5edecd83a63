//! One call of a page, on any device that JavaScript can reach.

use super::{Browser, encoding, executor, sys};
use crate::api::Api;
use crate::device::Device;
use crate::failure::Failure;
use crate::options::Options;
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use crate::{ceremony, forget_key, result};
use wasm_bindgen::JsValue;

/// Makes a call, whose callbacks have been read. Reads settings and options at once.
///
/// `settings` may be anything but `undefined` and `null`. The device waits for nothing but [`Browser::event`], since nothing
/// else has the call go on.
///
/// What is wrong with the settings is said by every call. The package has looked at them before, when they were given; Rust
/// programs give theirs here.
pub fn make<D: Device + 'static>(
    api: Api,
    settings: &JsValue,
    options: &JsValue,
    call: sys::Call,
    device: impl FnOnce(Browser) -> D,
) {
    let read = read(api, settings, options, &call);
    let device = device(Browser { settings: settings.clone(), call: call.clone() });
    executor::spawn(Box::pin(async move {
        let outcome = match read {
            Ok((settings, _)) if api == Api::ForgetKey => forget_key::run(&device, &settings),
            Ok((settings, options)) => ceremony::run(&device, &settings, api, &options).await,
            Err(failure) => Err(failure),
        };
        let succeeded = outcome.is_ok();
        call.answer(succeeded, &encoding::to_js(&result::answer(api, outcome)));
    }));
}

fn read(
    api: Api,
    settings: &JsValue,
    options: &JsValue,
    call: &sys::Call,
) -> Result<(Settings, Options), Failure> {
    let settings = Settings::read(&Snapshot::read(&sys::snapshot(settings, Settings::PATHS)))?;
    let options = call.read(options, Options::paths(api));
    let options = Options::read(api, &Snapshot::read(&options), settings.dialect)?;
    Ok((settings, options))
}
