//! The settings of `createWx`, as far as the module knows them.

use crate::scripted::*;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn names_and_ids_reach_the_authenticator() {
    reset();
    let settings = json!({ "rpId": "example.com", "rpName": "Example", "user": { "id": "用户", "name": "ann", "displayName": "Ann" } });
    start(&wx(&js(&settings)), &json!({ "challenge": "c" })).await.unwrap();
    let request = &requests()[0];
    assert_eq!(request["rpName"], "Example");
    let user = &request["user"];
    assert_eq!((&user["name"], &user["displayName"]), (&json!("ann"), &json!("Ann")));
    assert_ne!(user["id"], "用户", "the handle is each key's own");
}

#[wasm_bindgen_test]
async fn any_authenticator_drops_the_restriction() {
    reset();
    set_available(&false.into());
    let wx = wx(&js(&json!({ "authenticators": "any" })));
    start(&wx, &json!({})).await.unwrap();
    start(&wx, &json!({})).await.unwrap();
    let requests = requests();
    assert_eq!(requests[0]["attachment"], serde_json::Value::Null);
    assert_eq!(requests[0]["hints"], json!([]));
    assert_eq!(requests[1]["transports"], serde_json::Value::Null);
    assert_eq!(requests[1]["userVerification"], "required");
}

#[wasm_bindgen_test]
async fn modes_are_what_the_page_says() {
    reset();
    let wx = wx(&js(&json!({ "modes": ["facial"] })));
    assert_eq!(call(&wx, SUPPORT, &js(&json!({}))).await.unwrap()["supportMode"], json!(["facial"]));
    assert_eq!(start(&wx, &json!({})).await.unwrap()["authMode"], "facial");
    let outcome = start(&wx, &json!({ "requestAuthModes": ["fingerPrint"] })).await;
    assert_failure(&outcome, 90003, "mode-not-supported", "fail no corresponding mode");
}

#[wasm_bindgen_test]
async fn wrong_settings_are_named_by_every_call() {
    reset();
    for (settings, detail) in [
        (json!(7), "settings should be an object"),
        (json!({ "timeout": -1 }), "setting timeout should be a number of milliseconds, at least 1"),
        (json!({ "user": { "id": "" } }), "setting user.id should be a string that is not empty"),
        (json!({ "prompt": 1 }), "setting prompt should be 'dialog', 'none' or a function"),
        (json!({ "storage": {} }), "setting storage should have getItem and setItem"),
        (json!({ "onKeyCreated": "f" }), "setting onKeyCreated should be a function"),
    ] {
        for api in [START, SUPPORT, ENROLLED] {
            let outcome = call(&wx(&js(&settings)), api, &js(&json!({}))).await;
            assert_failure(&outcome, 90007, "internal", "fail internal error");
            assert_eq!(outcome.unwrap_err()["detail"], detail);
        }
    }
    assert!(methods().is_empty());
}

#[wasm_bindgen_test]
async fn on_key_created_gets_the_standard_registration_before_the_first_success() {
    reset();
    let listener = make_listener("");
    let wx = wx(&with(js(&json!({})), "onKeyCreated", &listener));
    start(&wx, &json!({ "challenge": "c" })).await.unwrap();
    let registration = listener_got(&listener);
    assert_eq!(registration["type"], "public-key");
    assert_eq!(registration["id"], registration["rawId"]);
    assert_eq!(registration["authenticatorAttachment"], "platform");
    assert_eq!(registration["clientExtensionResults"], json!({}));
    let response = &registration["response"];
    assert_eq!(response["publicKeyAlgorithm"], -7);
    assert_eq!(response["transports"], json!(["internal"]));
    for field in ["clientDataJSON", "attestationObject", "authenticatorData", "publicKey"] {
        assert!(!response[field].as_str().unwrap().is_empty(), "{field}");
    }
}

#[wasm_bindgen_test]
async fn a_key_that_the_page_refuses_is_not_kept() {
    for (behaviour, detail) in [("throw", "Error: refused"), ("reject", "Error: refused later")] {
        reset();
        let wx = wx(&with(js(&json!({})), "onKeyCreated", &make_listener(behaviour)));
        let outcome = start(&wx, &json!({ "challenge": "c" })).await;
        assert_failure(&outcome, 90007, "enrolment-refused", "fail auth key update error");
        assert_eq!(outcome.unwrap_err()["detail"], detail);
        start(&default_wx(), &json!({})).await.unwrap();
        assert_eq!(methods(), ["create", "create"], "the next use makes another");
    }
}

#[wasm_bindgen_test]
async fn a_page_that_never_answers_about_the_key_ends_at_the_deadline() {
    reset();
    let wx = wx(&with(js(&json!({ "timeout": 80 })), "onKeyCreated", &make_listener("hang")));
    assert_failure(&start(&wx, &json!({})).await, 90007, "timeout", "fail timeout");
    start(&default_wx(), &json!({})).await.unwrap();
    assert_eq!(methods(), ["create", "create"]);
}

#[wasm_bindgen_test]
async fn can_i_use_answers_for_what_is_there() {
    use wx_soter::browser::can_i_use;
    assert!(can_i_use("startSoterAuthentication.object.challenge"));
    assert!(!can_i_use("startSoterAuthentication.object.requestAuthModes.speech"));
}

#[wasm_bindgen_test]
async fn an_rp_id_reaches_the_browser_as_it_is() {
    reset();
    let wx = wx(&js(&json!({ "rpId": "example.com\0" })));
    start(&wx, &json!({ "challenge": "c" })).await.unwrap();
    assert_eq!(
        requests()[0]["rpId"],
        "example.com\0",
        "the browser is the one to refuse it, and gets all of it"
    );
}
