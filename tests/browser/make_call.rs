//! A call as the loader makes it.

use wasm_bindgen::prelude::*;
use wx_soter::api::Api;
use wx_soter::browser::sys::Call;

/// Makes a call; returns what the page gets.
pub fn make_call(api: usize, settings: &JsValue, options: &JsValue) -> JsValue {
    let resume = Closure::<dyn Fn()>::new(wx_soter::browser::resume).into_js_value();
    let call = Call::new(Api::at(api).name(), options, &resume);
    let returned = call.returned();
    wx_soter::browser::call(api, settings, options, call);
    returned
}
