//! The two checks.

use crate::scripted::*;
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

async fn support() -> Result<serde_json::Value, serde_json::Value> {
    call(&default_wx(), SUPPORT, &JsValue::UNDEFINED).await
}

async fn enrolled() -> Result<serde_json::Value, serde_json::Value> {
    call(&default_wx(), ENROLLED, &js(&json!({ "checkAuthMode": "fingerPrint" }))).await
}

#[wasm_bindgen_test]
async fn a_device_that_is_ready_is_supported_and_enrolled() {
    reset();
    assert_eq!(
        support().await.unwrap(),
        json!({ "errMsg": "checkIsSupportSoterAuthentication:ok", "errCode": 0, "supportMode": ["fingerPrint", "facial"] })
    );
    assert_eq!(
        enrolled().await.unwrap(),
        json!({ "errMsg": "checkIsSoterEnrolledInDevice:ok", "errCode": 0, "isEnrolled": true })
    );
}

#[wasm_bindgen_test]
async fn a_device_that_is_not_set_up_is_supported_but_not_enrolled() {
    reset();
    for answer in [JsValue::FALSE, "reject".into(), "missing".into()] {
        set_available(&answer);
        assert!(support().await.is_ok());
        assert_eq!(enrolled().await.unwrap()["isEnrolled"], false);
        reset();
    }
}

#[wasm_bindgen_test]
async fn a_mac_has_no_face() {
    reset();
    override_global("navigator.userAgentData", Some(r#"{"platform":"macOS"}"#));
    override_global("navigator.userAgent", Some("\"Mozilla/5.0 (Macintosh)\""));
    assert_eq!(support().await.unwrap()["supportMode"], json!(["fingerPrint"]));
    let outcome = call(&default_wx(), ENROLLED, &js(&json!({ "checkAuthMode": "facial" }))).await;
    assert_failure(&outcome, 90003, "mode-not-supported", "fail no corresponding mode");
}

#[wasm_bindgen_test]
async fn what_makes_a_ceremony_impossible_is_named() {
    for (reason, prepare) in [
        ("insecure-context", (|| override_global("isSecureContext", Some("false"))) as fn()),
        ("no-webauthn", || override_global("PublicKeyCredential", None)),
        ("no-webauthn", || override_global("navigator.credentials", None)),
        ("invalid-host", || set_origin("http://127.0.0.1:8000")),
        ("invalid-host", || set_origin("null")),
        ("blocked-by-policy", || forbid("publickey-credentials-get")),
        ("blocked-by-policy", || forbid("publickey-credentials-create")),
        ("no-platform-authenticator", || {
            override_global("navigator.userAgentData", Some(r#"{"platform":"Linux"}"#));
            override_global("navigator.userAgent", Some("\"Mozilla/5.0 (X11; Linux x86_64)\""));
            set_available(&JsValue::FALSE);
        }),
    ] {
        reset();
        prepare();
        let outcome = support().await;
        assert_failure(&outcome, 90001, reason, "fail not support");
        assert_eq!(outcome.unwrap_err()["supportMode"], json!([]));
        let outcome = enrolled().await;
        assert_failure(&outcome, 90001, reason, "fail not support");
        assert_eq!(outcome.unwrap_err()["isEnrolled"], false);
        let outcome = call(&default_wx(), START, &JsValue::UNDEFINED).await;
        assert_failure(&outcome, 90001, reason, "fail not support soter");
    }
    reset();
}

#[wasm_bindgen_test]
async fn a_browser_that_never_answers_ends_at_the_deadline() {
    reset();
    set_available(&"hang".into());
    let wx = wx(&js(&json!({ "timeout": 60 })));
    for api in [SUPPORT, ENROLLED] {
        assert_failure(&call(&wx, api, &JsValue::UNDEFINED).await, 90007, "timeout", "fail timeout");
    }
}

#[wasm_bindgen_test]
async fn the_dialects_differ_on_unsupported_devices() {
    reset();
    set_origin("null");
    let wechat = wx(&js(&json!({ "dialect": "wechat" })));
    assert_eq!(call(&wechat, SUPPORT, &JsValue::UNDEFINED).await.unwrap()["supportMode"], json!([]));
    let tcmpp = wx(&js(&json!({ "dialect": "tcmpp" })));
    let outcome = call(&tcmpp, SUPPORT, &JsValue::UNDEFINED).await;
    assert_failure(&outcome, 90001, "invalid-host", "fail not support");
}
