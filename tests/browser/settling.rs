//! Callbacks and promises.

use crate::scripted::*;
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn success_then_complete_run_once_after_the_call_with_the_same_object() {
    reset();
    for api in [START, SUPPORT, ENROLLED] {
        let recorded = record(&default_wx(), api, &json!({})).await;
        assert_eq!(
            recorded["events"],
            json!(["returned a promise", "success", "complete", "resolved"]),
            "{api}"
        );
        assert_eq!(recorded["same"], true);
        assert_eq!(recorded["result"]["errMsg"], format!("{api}:ok"));
        assert_eq!(recorded["result"]["errCode"], 0);
    }
}

#[wasm_bindgen_test]
async fn fail_then_complete_run_once_after_the_call_with_the_same_object() {
    reset();
    set_origin("http://127.0.0.1");
    for api in [START, SUPPORT, ENROLLED] {
        let recorded = record(&default_wx(), api, &json!({})).await;
        assert_eq!(
            recorded["events"],
            json!(["returned a promise", "fail", "complete", "rejected"]),
            "{api}"
        );
        assert_eq!(recorded["same"], true);
        assert_eq!(recorded["result"]["errCode"], 90001);
    }
}

#[wasm_bindgen_test]
async fn a_parameter_error_too_comes_after_the_call() {
    reset();
    let recorded = record(&default_wx(), START, &json!({ "challenge": 1 })).await;
    assert_eq!(recorded["events"], json!(["returned a promise", "fail", "complete", "rejected"]));
}

#[wasm_bindgen_test]
async fn a_callback_that_throws_is_reported_and_stops_nothing() {
    reset();
    let recorded = record_throwing(&default_wx(), START).await;
    assert_eq!(recorded, json!({ "ran": ["success", "complete"], "reported": ["success", "complete"] }));
    set_origin("null");
    let recorded = record_throwing(&default_wx(), START).await;
    assert_eq!(recorded, json!({ "ran": ["fail", "complete"], "reported": ["fail", "complete"] }));
}

#[wasm_bindgen_test]
async fn without_options_the_call_returns_a_promise() {
    reset();
    assert_eq!(call(&default_wx(), START, &JsValue::UNDEFINED).await.unwrap()["errCode"], 0);
    assert_eq!(call(&default_wx(), START, &JsValue::NULL).await.unwrap()["errCode"], 0);
    set_origin("null");
    let failure = call(&default_wx(), SUPPORT, &JsValue::UNDEFINED).await.unwrap_err();
    assert_eq!(failure["supportMode"], json!([]));
}

#[wasm_bindgen_test]
async fn a_rejection_is_an_error_with_the_fields() {
    reset();
    set_origin("null");
    let method = js_sys::Reflect::get(&default_wx(), &START.into()).unwrap();
    let method: js_sys::Function = method.into();
    let promise: js_sys::Promise = method.call0(&default_wx()).unwrap().into();
    let error = wasm_bindgen_futures::JsFuture::from(promise).await.unwrap_err();
    let error: js_sys::Error = wasm_bindgen::JsCast::dyn_into(error).expect("an Error");
    assert_eq!(String::from(error.message()), "startSoterAuthentication:fail not support soter");
}

#[wasm_bindgen_test]
async fn a_callback_that_is_null_is_none() {
    reset();
    let options = js(&json!({ "success": null, "fail": null, "complete": null }));
    assert_eq!(call(&default_wx(), START, &options).await.unwrap()["errCode"], 0);
}

#[wasm_bindgen_test]
async fn a_callback_that_is_no_function_is_a_bad_parameter() {
    reset();
    for api in [START, SUPPORT, ENROLLED] {
        let options = js(&json!({ "success": "callback_1", "complete": 7 }));
        assert_failure(
            &call(&default_wx(), api, &options).await,
            90003,
            "bad-parameter",
            "fail parameter error: parameter.success should be Function instead of String;\
             parameter.complete should be Function instead of Number;",
        );
    }
    assert!(methods().is_empty(), "no key was made");
}

#[wasm_bindgen_test]
async fn options_and_callbacks_are_read_once_at_the_call() {
    reset();
    let reads = count_reads(&default_wx(), START).await;
    assert_eq!(
        reads,
        json!({ "success": 1, "fail": 1, "complete": 1, "challenge": 1, "requestAuthModes": 1, "authContent": 1 })
    );
    assert_eq!(requests()[0]["challenge"], "c");
    let reads = count_reads(&default_wx(), ENROLLED).await;
    assert_eq!(reads, json!({ "success": 1, "fail": 1, "complete": 1, "checkAuthMode": 1 }));
}

#[wasm_bindgen_test]
async fn an_argument_that_is_no_object_fails_in_wechats_words() {
    reset();
    let outcome = call(&default_wx(), START, &"challenge".into()).await;
    assert_failure(
        &outcome,
        90003,
        "bad-parameter",
        "fail parameter error: parameter should be Object instead of String;",
    );
}

#[wasm_bindgen_test]
async fn holes_and_odd_values_are_named_by_their_types() {
    reset();
    let sparse = js_sys::Array::new_with_length(2);
    sparse.set(1, js_sys::Symbol::iterator().into());
    let options =
        with(with(js(&json!({})), "requestAuthModes", &sparse), "challenge", &js_sys::BigInt::from(1).into());
    assert_failure(
        &call(&default_wx(), START, &options).await,
        90004,
        "bad-parameter",
        "fail parameter error: parameter.challenge should be String instead of BigInt;\
         parameter.requestAuthModes[0] should be String instead of Undefined;\
         parameter.requestAuthModes[1] should be String instead of Symbol;",
    );
}

#[wasm_bindgen_test]
async fn getters_that_throw_settle_the_call() {
    reset();
    let recorded = record_throwing_getters(&default_wx(), START).await;
    assert_eq!(recorded["errCode"], 0, "what cannot be read is not there");
    assert_eq!(record_throwing_getters(&default_wx(), SUPPORT).await["errCode"], 0);
}
