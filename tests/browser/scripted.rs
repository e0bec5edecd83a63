//! The scripted page of `tests/js/scripted_page.js`, and shorthands for calls on it.

#![allow(dead_code, reason = "each suite uses some")]

use serde_json::Value;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wx_soter::api::Api;
use wx_soter::browser::sys;

#[wasm_bindgen(module = "/tests/js/scripted_page.js")]
extern "C" {
    pub fn reset();
    #[wasm_bindgen(js_name = setOrigin)]
    pub fn set_origin(origin: &str);
    #[wasm_bindgen(js_name = override)]
    pub fn override_global(path: &str, json: Option<&str>);
    #[wasm_bindgen(js_name = changeRecord)]
    pub fn change_record(member: &str, value: &str);
    #[wasm_bindgen(js_name = denyStorage)]
    pub fn deny_storage();
    pub fn forbid(feature: &str);
    #[wasm_bindgen(js_name = setAvailable)]
    pub fn set_available(value: &JsValue);
    pub fn script(json: &str);
    #[wasm_bindgen(js_name = setFlags)]
    pub fn set_flags(flags: u8);
    pub fn spoil(what: &str);
    #[wasm_bindgen(js_name = makeRsaKeys)]
    pub fn make_rsa_keys();
    #[wasm_bindgen(js_name = requests)]
    fn requests_json() -> String;
    #[wasm_bindgen(js_name = deleteKeys)]
    pub fn delete_keys();
    #[wasm_bindgen(js_name = record)]
    async fn record_json(wx: &JsValue, api: &str, options: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = recordThrowing)]
    async fn record_throwing_json(wx: &JsValue, api: &str, options: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = countReads)]
    async fn count_reads_json(wx: &JsValue, api: &str) -> JsValue;
    #[wasm_bindgen(js_name = throwingGetters)]
    async fn throwing_getters_json(wx: &JsValue, api: &str) -> JsValue;
    #[wasm_bindgen(js_name = makePrompt)]
    pub fn make_prompt(behaviour: &str) -> JsValue;
    #[wasm_bindgen(js_name = promptLog)]
    fn prompt_log_json(prompt: &JsValue) -> String;
    pub async fn sleep(ms: u32);
    #[wasm_bindgen(js_name = runDefect)]
    pub fn run_defect(defect: &JsValue, ms: u32);
    #[wasm_bindgen(js_name = makeListener)]
    pub fn make_listener(behaviour: &str) -> JsValue;
    #[wasm_bindgen(js_name = listenerGot)]
    fn listener_got_json(listener: &JsValue) -> String;
}

#[wasm_bindgen(module = "/pkg/lib/call.js")]
extern "C" {
    type Call;
    #[wasm_bindgen(constructor)]
    fn new(api: &str, options: &JsValue) -> Call;
    #[wasm_bindgen(method, getter)]
    fn returned(this: &Call) -> JsValue;
    fn abandon(detail: &str);
}

// What that file imports has to be there too.
#[wasm_bindgen(module = "/pkg/lib/attempt.js")]
extern "C" {
    fn attempt(action: &JsValue) -> JsValue;
}

/// Prepares the module as the loader does.
pub fn initialize() {
    let abandon = Closure::<dyn Fn(String)>::new(|detail: String| abandon(&detail)).into_js_value();
    wx_soter::browser::initialize(abandon.unchecked_into(), js_sys::WeakMap::new());
}

pub const START: &str = "startSoterAuthentication";
pub const SUPPORT: &str = "checkIsSupportSoterAuthentication";
pub const ENROLLED: &str = "checkIsSoterEnrolledInDevice";

fn parse(json: JsValue) -> Value {
    serde_json::from_str(&json.as_string().unwrap()).unwrap()
}

/// A JSON value as a JavaScript one.
pub fn js(value: &Value) -> JsValue {
    js_sys::JSON::parse(&value.to_string()).unwrap()
}

/// Sets a member that JSON cannot hold.
pub fn with(object: JsValue, name: &str, value: &JsValue) -> JsValue {
    js_sys::Reflect::set(&object, &name.into(), value).unwrap();
    object
}

/// Makes a call as the loader does; returns what the page gets.
fn make_call(api: usize, settings: &JsValue, options: &JsValue) -> JsValue {
    let call = Call::new(Api::at(api).name(), options);
    let returned = call.returned();
    let call = JsValue::from(call).unchecked_into::<sys::Call>();
    wx_soter::browser::make_call(api, settings, options, call, 0);
    returned
}

/// The `wx` object with these settings.
pub fn wx(settings: &JsValue) -> JsValue {
    let object = js_sys::Object::new();
    for (number, api) in Api::ALL.into_iter().enumerate() {
        let settings = settings.clone();
        let call = move |options: JsValue| make_call(number, &settings, &options);
        let method = Closure::<dyn Fn(JsValue) -> JsValue>::new(call).into_js_value();
        js_sys::Reflect::set(&object, &api.name().into(), &method).unwrap();
    }
    object.into()
}

/// The `wx` object with default settings.
pub fn default_wx() -> JsValue {
    wx(&js_sys::Object::new())
}

/// Makes a call without callbacks, and waits for its promise.
pub async fn call(wx: &JsValue, api: &str, options: &JsValue) -> Result<Value, Value> {
    let method: js_sys::Function = js_sys::Reflect::get(wx, &api.into()).unwrap().unchecked_into();
    let promise: js_sys::Promise = method.call1(wx, options).unwrap().dyn_into().expect("a promise");
    let plain = |value: JsValue| {
        // An Error's own fields, its message left out.
        let copy = js_sys::Object::assign(&js_sys::Object::new(), value.unchecked_ref());
        serde_json::from_str(&String::from(js_sys::JSON::stringify(&copy).unwrap())).unwrap()
    };
    JsFuture::from(promise).await.map(plain).map_err(plain)
}

/// Authenticates with these options.
pub async fn start(wx: &JsValue, options: &Value) -> Result<Value, Value> {
    call(wx, START, &js(options)).await
}

pub async fn record(wx: &JsValue, api: &str, options: &Value) -> Value {
    parse(record_json(wx, api, &js(options)).await)
}

pub async fn record_throwing(wx: &JsValue, api: &str) -> Value {
    parse(record_throwing_json(wx, api, &js(&serde_json::json!({}))).await)
}

pub async fn count_reads(wx: &JsValue, api: &str) -> Value {
    parse(count_reads_json(wx, api).await)
}

pub async fn record_throwing_getters(wx: &JsValue, api: &str) -> Value {
    parse(throwing_getters_json(wx, api).await)
}

pub fn requests() -> Value {
    serde_json::from_str(&requests_json()).unwrap()
}

/// The methods asked for so far, in order.
pub fn methods() -> Vec<String> {
    requests()
        .as_array()
        .unwrap()
        .iter()
        .map(|request| request["method"].as_str().unwrap().to_owned())
        .collect()
}

pub fn prompt_log(prompt: &JsValue) -> Value {
    serde_json::from_str(&prompt_log_json(prompt)).unwrap()
}

pub fn listener_got(listener: &JsValue) -> Value {
    serde_json::from_str(&listener_got_json(listener)).unwrap()
}

/// Asserts code, reason and words of a failure.
#[track_caller]
pub fn assert_failure(outcome: &Result<Value, Value>, code: u32, reason: &str, words: &str) {
    let failure = outcome.as_ref().expect_err("a failure");
    assert_eq!(failure["errCode"], code, "{failure}");
    assert_eq!(failure["reason"], reason, "{failure}");
    let message = failure["errMsg"].as_str().unwrap();
    assert_eq!(message.split_once(':').unwrap().1, words, "{failure}");
}
