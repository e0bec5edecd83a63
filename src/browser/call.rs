//! One call of a page, on any platform that JavaScript can reach.

use super::{Browser, sys};
use crate::api::Api;
use crate::call;
use crate::failure::Failure;
use crate::options::Options;
use crate::platform::Platform;
use crate::result::Outcome;
use crate::settings::Settings;
use serde::Serialize as _;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::JsValue;

/// Makes a call, whose callbacks have been read. Settings and options are read at once, and the request to the authenticator
/// leaves before this returns, while the click lasts.
///
/// `waited_ms` is how long the call has waited for the module.
///
/// What is wrong with the settings is said by every call. The package has looked at them before, when they were given; Rust
/// programs give theirs here.
pub fn make<P: Platform + 'static>(
    api: Api,
    settings: &JsValue,
    options: &JsValue,
    call: sys::Call,
    waited_ms: u32,
    platform: impl FnOnce(Browser) -> P,
) {
    let read = read(api, settings, options, &call.callbacks());
    let platform = platform(Browser::new(settings.clone(), call.signal()));
    let settling = call.clone();
    let task = Box::pin(async move {
        let result = run(&platform, api, read, waited_ms).await;
        let succeeded = result.is_ok();
        settling.settle(succeeded, &to_js(&Outcome { api, result }));
    });
    start(task, move || call.is_open());
}

/// Reads and checks settings and options.
pub(super) fn read(
    api: Api,
    settings: &JsValue,
    options: &JsValue,
    callbacks: &JsValue,
) -> Result<(Settings, Options), Failure> {
    let settings = Settings::read(settings)?;
    let options = Options::read(api, options, callbacks, settings.dialect)?;
    Ok((settings, options))
}

pub(super) async fn run<P: Platform>(
    platform: &P,
    api: Api,
    read: Result<(Settings, Options), Failure>,
    waited_ms: u32,
) -> Result<crate::result::Success, Failure> {
    let (settings, options) = read?;
    let deadline_ms = settings.timeout_ms.saturating_sub(waited_ms);
    call::run(platform, &settings, api, &options, deadline_ms).await
}

/// The object for the callbacks.
pub(super) fn to_js(outcome: &Outcome) -> JsValue {
    // Text, numbers and lists, which it always can.
    outcome.serialize(&serde_wasm_bindgen::Serializer::new()).unwrap_or(JsValue::NULL)
}

/// Polls once at once: `spawn_local` alone would begin in a later microtask, when older Safari has forgotten the click.
fn start(mut task: Pin<Box<dyn Future<Output = ()>>>, is_open: impl Fn() -> bool + 'static) {
    if task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
        wasm_bindgen_futures::spawn_local(poll_fn(move |context| {
            // A call that was given up goes no further: something here is broken.
            if is_open() { task.as_mut().poll(context) } else { Poll::Pending }
        }));
    }
}
