//! Every row of the error table that a browser can cause.

use crate::scripted::*;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn browsers_errors_become_wechats() {
    for (name, message, code, reason, words) in [
        (
            "NotAllowedError",
            "The operation either timed out or was not allowed.",
            90008,
            "not-allowed",
            "fail cancel",
        ),
        (
            "NotAllowedError",
            "The 'publickey-credentials-create' feature is not enabled in this document.",
            90001,
            "blocked-by-policy",
            "fail not support soter",
        ),
        (
            "NotAllowedError",
            "The operation is not allowed at this time because the page does not have focus.",
            90007,
            "not-focused",
            "fail internal error",
        ),
        ("AbortError", "The operation was aborted. ", 90008, "cancelled", "fail cancel"),
        (
            "OperationError",
            "A request is already pending.",
            90007,
            "busy",
            "fail authenticate error: another authentication is in progress",
        ),
        ("SecurityError", "This is an invalid domain.", 90001, "invalid-host", "fail not support soter"),
        (
            "NotSupportedError",
            "… unless the device is secured with a screen lock.",
            90011,
            "not-enrolled",
            "fail no fingerprint enrolled",
        ),
        ("NotSupportedError", "None of these.", 90001, "no-platform-authenticator", "fail not support soter"),
        ("ConstraintError", "", 90011, "not-enrolled", "fail no fingerprint enrolled"),
        (
            "NotReadableError",
            "An unknown error occurred while talking to the credential manager.",
            90007,
            "internal",
            "fail internal error",
        ),
        ("InvalidStateError", "", 90007, "internal", "fail internal error"),
        ("TimeoutError", "", 90007, "timeout", "fail timeout"),
    ] {
        reset();
        script(&json!([[name, message]]).to_string());
        let outcome = start(&default_wx(), &json!({})).await;
        assert_failure(&outcome, code, reason, words);
        let failure = outcome.unwrap_err();
        assert_eq!(failure["authMode"], "", "a failure has the fields of a success, empty");
        assert_eq!(failure["resultJSON"], "");
        assert_eq!(failure["resultJSONSignature"], "");
        assert!(failure["detail"].as_str().unwrap().starts_with(name), "the browser's own words: {failure}");
    }
}

#[wasm_bindgen_test]
async fn wrong_options_are_refused_before_anything_is_asked() {
    reset();
    let long = |length: usize| "字".repeat(length);
    for (options, code, reason, words) in [
        (json!({ "challenge": "" }), 90004, "bad-challenge", "fail invalid challenge".to_owned()),
        (json!({ "challenge": long(513) }), 90004, "bad-challenge", "fail invalid challenge".to_owned()),
        (
            json!({ "authContent": long(43) }),
            90005,
            "bad-auth-content",
            "fail invalid authContent".to_owned(),
        ),
        (
            json!({ "challenge": 7 }),
            90004,
            "bad-parameter",
            "fail parameter error: parameter.challenge should be String instead of Number;".to_owned(),
        ),
        (
            json!({ "authContent": null }),
            90005,
            "bad-parameter",
            "fail parameter error: parameter.authContent should be String instead of Null;".to_owned(),
        ),
        (
            json!({ "requestAuthModes": {} }),
            90003,
            "bad-parameter",
            "fail parameter error: parameter.requestAuthModes should be Array instead of Object;".to_owned(),
        ),
        (
            json!({ "requestAuthModes": [true] }),
            90003,
            "bad-parameter",
            "fail parameter error: parameter.requestAuthModes[0] should be String instead of Boolean;"
                .to_owned(),
        ),
    ] {
        assert_failure(&start(&default_wx(), &options).await, code, reason, &words);
    }
    assert!(methods().is_empty());
    assert!(start(&default_wx(), &json!({ "challenge": long(512), "authContent": long(42) })).await.is_ok());
}

#[wasm_bindgen_test]
async fn a_lone_surrogate_is_no_challenge() {
    reset();
    let lone: wasm_bindgen::JsValue = js_sys::JsString::from_char_code1(0xd800).into();
    let options = with(js(&json!({})), "challenge", &lone);
    assert_failure(
        &call(&default_wx(), START, &options).await,
        90004,
        "bad-challenge",
        "fail invalid challenge",
    );
}

#[wasm_bindgen_test]
async fn the_wechat_dialect_demands_what_wechat_demands() {
    reset();
    let wx = wx(&js(&json!({ "dialect": "wechat" })));
    assert_failure(
        &start(&wx, &json!({ "requestAuthModes": ["facial"] })).await,
        90004,
        "bad-parameter",
        "fail parameter error: parameter.challenge should be String instead of Undefined;",
    );
    assert_failure(
        &call(&wx, ENROLLED, &js(&json!({}))).await,
        90003,
        "bad-parameter",
        "fail parameter error: parameter.checkAuthMode should be String instead of Undefined;",
    );
    assert!(start(&wx, &json!({ "requestAuthModes": ["facial"], "challenge": "c" })).await.is_ok());
}
