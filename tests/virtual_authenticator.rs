//! The same promises against the browser's own `navigator.credentials`, with a virtual authenticator behind it.
//! `cargo xtask test` runs these in Chromium and in Firefox, through the driver that supplies the authenticator.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]

use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use wx_soter::api::Api;
use wx_soter::browser::future;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/js/virtual_authenticator.js")]
extern "C" {
    async fn reset();
    #[wasm_bindgen(js_name = setUserVerified)]
    async fn set_user_verified(verified: bool) -> JsValue;
    #[wasm_bindgen(js_name = setConsent)]
    async fn set_consent(consent: bool) -> JsValue;
    #[wasm_bindgen(js_name = deleteKeys)]
    async fn delete_keys() -> JsValue;
    async fn spoil(bits: &str) -> JsValue;
    #[wasm_bindgen(js_name = countKeys)]
    async fn count_keys() -> JsValue;
    fn remembered() -> String;
    #[wasm_bindgen(js_name = alterRemembered)]
    fn alter_remembered(name: &str, value: &str);
    #[wasm_bindgen(js_name = isFirefox)]
    fn is_firefox() -> bool;
}

async fn call(settings: &Value, api: &str, options: &Value) -> Result<Value, Value> {
    let js = |value: &Value| js_sys::JSON::parse(&value.to_string()).unwrap();
    let api = Api::ALL.into_iter().find(|known| known.name() == api).unwrap();
    let plain = |value: JsValue| {
        let copy = js_sys::Object::assign(&js_sys::Object::new(), value.unchecked_ref());
        serde_json::from_str(&String::from(js_sys::JSON::stringify(&copy).unwrap())).unwrap()
    };
    future::call(api, &js(settings), &js(options)).await.map(plain).map_err(plain)
}

async fn start(options: &Value) -> Result<Value, Value> {
    call(&json!({}), "startSoterAuthentication", options).await
}

#[track_caller]
fn assert_failure(outcome: Result<Value, Value>, code: u32, reason: &str) {
    let failure = outcome.expect_err("a failure");
    assert_eq!((&failure["errCode"], &failure["reason"]), (&json!(code), &json!(reason)), "{failure}");
}

fn counter(result: &Value) -> u64 {
    let json: Value = serde_json::from_str(result["resultJSON"].as_str().unwrap()).unwrap();
    json["counter"].as_u64().unwrap()
}

#[wasm_bindgen_test]
async fn the_device_is_supported_and_enrolled() {
    reset().await;
    let supported = call(&json!({}), "checkIsSupportSoterAuthentication", &json!({})).await.unwrap();
    assert_eq!(supported["supportMode"], json!(["fingerPrint", "facial"]));
    let enrolled =
        call(&json!({}), "checkIsSoterEnrolledInDevice", &json!({ "checkAuthMode": "fingerPrint" })).await;
    assert_eq!(enrolled.unwrap()["isEnrolled"], true);
}

#[wasm_bindgen_test]
async fn a_first_use_enrols_and_a_later_one_authenticates() {
    reset().await;
    let first = start(&json!({ "challenge": "first", "authContent": "Pay" })).await.unwrap();
    assert_eq!(count_keys().await, 1);
    let key = remembered();
    let second = start(&json!({ "challenge": "second" })).await.unwrap();
    assert_eq!(count_keys().await, 1, "the same key");
    assert_eq!(remembered(), key);
    assert!(counter(&second) > counter(&first), "the counter grows");
    let json: Value = serde_json::from_str(second["resultJSON"].as_str().unwrap()).unwrap();
    assert_eq!(json["raw"], "second");
}

#[wasm_bindgen_test]
async fn a_first_use_without_challenge_is_one_ceremony() {
    reset().await;
    let result = start(&json!({})).await.unwrap();
    assert_eq!(result["resultJSON"], "");
    assert_eq!(count_keys().await, 1);
}

#[wasm_bindgen_test]
async fn without_user_verification_there_is_no_success() {
    reset().await;
    set_user_verified(false).await;
    assert_failure(start(&json!({})).await, 90008, "not-allowed");
    set_user_verified(true).await;
    start(&json!({})).await.unwrap();
    set_user_verified(false).await;
    assert_failure(start(&json!({ "challenge": "c" })).await, 90008, "not-allowed");
    set_user_verified(true).await;
    start(&json!({ "challenge": "c" })).await.expect("one refusal is no reason to make a new key");
    assert_eq!(count_keys().await, 1);
}

#[wasm_bindgen_test]
async fn withheld_consent_ends_at_the_deadline_and_the_next_call_works() {
    reset().await;
    start(&json!({})).await.unwrap();
    if set_consent(false).await == false {
        // Gecko's virtual authenticator refuses at once instead, and geckodriver cannot withhold consent.
        return;
    }
    let outcome =
        call(&json!({ "timeout": 300 }), "startSoterAuthentication", &json!({ "challenge": "c" })).await;
    assert_failure(outcome, 90007, "timeout");
    set_consent(true).await;
    start(&json!({ "challenge": "c" })).await.expect("an ended ceremony does not wedge the page");
}

#[wasm_bindgen_test]
async fn a_second_start_is_busy_and_the_first_goes_on() {
    reset().await;
    start(&json!({})).await.unwrap();
    let options = json!({ "challenge": "c" });
    let (first, second) = futures_lite::future::zip(start(&options), start(&options)).await;
    assert!(first.is_ok(), "{first:?}");
    assert_failure(second, 90007, "busy");
}

#[wasm_bindgen_test]
async fn a_deleted_key_heals_itself() {
    reset().await;
    start(&json!({})).await.unwrap();
    let lost = remembered();
    delete_keys().await;
    assert_failure(start(&json!({ "challenge": "c" })).await, 90008, "not-allowed");
    assert_failure(start(&json!({ "challenge": "c" })).await, 90008, "not-allowed");
    let healed = start(&json!({ "challenge": "c" })).await.unwrap();
    assert!(!healed["resultJSON"].as_str().unwrap().is_empty());
    assert_ne!(remembered(), lost);
    assert_eq!(count_keys().await, 1);
}

#[wasm_bindgen_test]
async fn a_key_that_is_still_there_is_found_after_two_refusals() {
    reset().await;
    start(&json!({})).await.unwrap();
    let key = remembered();
    set_user_verified(false).await;
    for _ in 0..2 {
        assert_failure(start(&json!({ "challenge": "c" })).await, 90008, "not-allowed");
    }
    set_user_verified(true).await;
    start(&json!({ "challenge": "c" })).await.unwrap();
    assert_eq!(count_keys().await, 1, "no second key was made");
    assert_eq!(remembered(), key);
}

#[wasm_bindgen_test]
async fn answers_that_do_not_hold_are_never_a_success() {
    for bits in [r#"{"isBogusSignature":true}"#, r#"{"isBadUV":true}"#, r#"{"isBadUP":true}"#] {
        reset().await;
        start(&json!({})).await.unwrap();
        if spoil(bits).await == false {
            assert!(is_firefox(), "only geckodriver cannot spoil answers");
            return;
        }
        assert_failure(start(&json!({ "challenge": "c" })).await, 90009, "not-verified");
        assert_failure(start(&json!({})).await, 90009, "not-verified");
    }
    reset().await;
}

#[wasm_bindgen_test]
async fn a_signature_by_another_key_is_never_a_success() {
    reset().await;
    start(&json!({})).await.unwrap();
    // A public key of the right kind that is not the one that signs (WebAuthn Level 3, §16, the first vector's).
    let vectors: Value =
        serde_json::from_str(include_str!("../crates/webauthn/vectors/webauthn-level-3.json")).unwrap();
    let hex = vectors["vectors"][0]["publicKey"].as_str().unwrap();
    let bytes: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    let bytes: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let base64: js_sys::Function =
        js_sys::Reflect::get(&js_sys::global(), &"btoa".into()).unwrap().unchecked_into();
    let base64 = base64.call1(&JsValue::UNDEFINED, &bytes.into()).unwrap().as_string().unwrap();
    alter_remembered("publicKey", &base64.replace('+', "-").replace('/', "_").replace('=', ""));
    assert_failure(start(&json!({ "challenge": "c" })).await, 90009, "not-verified");
}
