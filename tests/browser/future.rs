//! The calls for Rust programs.

use crate::scripted::*;
use js_sys::{Object, Reflect};
use serde_json::json;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use wx_soter::api::Api;
use wx_soter::browser::future::call;

fn member(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap()
}

#[wasm_bindgen_test]
async fn a_rust_program_awaits_a_call() {
    reset();
    for settings in [JsValue::UNDEFINED, JsValue::NULL, Object::new().into()] {
        let result = call(Api::Start, &settings, &js(&json!({ "challenge": "c" }))).await.unwrap();
        assert_eq!(member(&result, "errMsg"), "startSoterAuthentication:ok");
        assert_ne!(member(&result, "resultJSONSignature"), "");
    }
    assert_eq!(methods(), ["create", "get", "get", "get"]);
}

#[wasm_bindgen_test]
async fn a_failure_is_an_error_and_never_a_result() {
    reset();
    script(r#"["null"]"#);
    let failure = call(Api::Start, &JsValue::UNDEFINED, &Object::new()).await.unwrap_err();
    assert_eq!(member(&failure, "errCode"), 90007);
    assert!(failure.is_instance_of::<js_sys::Error>());
}

#[wasm_bindgen_test]
async fn callbacks_are_not_called_whatever_they_are() {
    reset();
    let listener = make_listener("");
    for callback in [&listener, &JsValue::from("callback_1")] {
        let options = with(js(&json!({ "challenge": "c" })), "success", callback);
        let result = call(Api::Start, &JsValue::UNDEFINED, &options).await.unwrap();
        assert_eq!(member(&result, "errMsg"), "startSoterAuthentication:ok");
    }
    assert!(listener_got(&listener).is_null());
}
