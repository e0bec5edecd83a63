//! The ceremony: what is asked of the authenticator, what is checked, what is remembered.

use crate::scripted::*;
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn a_first_use_makes_a_key_of_the_right_kind() {
    reset();
    let result = start(&default_wx(), &json!({})).await.unwrap();
    assert_eq!(
        result,
        json!({ "errMsg": "startSoterAuthentication:ok", "errCode": 0, "authMode": "fingerPrint", "resultJSON": "", "resultJSONSignature": "" })
    );
    let requests = requests();
    assert_eq!(methods(), ["create"], "without a challenge that is enough");
    let request = &requests[0];
    assert_eq!(request["rpId"], "example.com");
    assert_eq!(request["rpName"], "example.com");
    assert_eq!(request["userVerification"], "required");
    assert_eq!(request["attachment"], "platform");
    assert_eq!(request["residentKey"], "discouraged");
    assert_eq!(request["attestation"], "none");
    assert_eq!(request["algorithms"], json!([-7, -257]));
    assert_eq!(request["hints"], json!(["client-device"]));
    assert_eq!(request["excluded"], 0);
}

#[wasm_bindgen_test]
async fn a_challenge_gets_a_signed_result() {
    reset();
    let wx = default_wx();
    let challenge = "say \"你好\"";
    let result = start(&wx, &json!({ "challenge": challenge })).await.unwrap();
    assert_eq!(methods(), ["create", "get"], "a first use makes a key, then signs");
    let request = &requests()[1];
    assert_eq!(request["challenge"], challenge, "the UTF-8 of the challenge");
    assert_eq!(request["userVerification"], "required");
    assert_eq!(request["transports"], json!(["internal"]));

    let text = result["resultJSON"].as_str().unwrap();
    let parsed: serde_json::Value = serde_json::from_str(text).unwrap();
    let webauthn = &parsed["webauthn"];
    let [uid, id, client_data, authenticator_data] =
        [&parsed["uid"], &webauthn["id"], &webauthn["clientDataJSON"], &webauthn["authenticatorData"]];
    // Servers compare it byte by byte.
    let whole = format!(
        r#"{{"raw":"say \"你好\"","counter":2,"uid":{uid},"cpu_id":{id},"webauthn":{{"id":{id},"clientDataJSON":{client_data},"authenticatorData":{authenticator_data}}}}}"#
    );
    assert_eq!(text, whole);
    for part in [uid, id, client_data, authenticator_data] {
        assert!(!part.as_str().unwrap().is_empty());
    }
    let signature = result["resultJSONSignature"].as_str().unwrap();
    assert!(signature.starts_with("ME") && signature.len().is_multiple_of(4), "DER in base64: {signature}");

    start(&wx, &json!({ "challenge": "again" })).await.unwrap();
    assert_eq!(methods(), ["create", "get", "get"], "a later use only signs");
}

#[wasm_bindgen_test]
async fn a_later_use_without_challenge_is_verified_but_not_signed() {
    reset();
    let wx = default_wx();
    start(&wx, &json!({})).await.unwrap();
    let result = start(&wx, &json!({})).await.unwrap();
    assert_eq!((&result["resultJSON"], &result["resultJSONSignature"]), (&json!(""), &json!("")));
    assert_eq!(methods(), ["create", "get"]);
}

#[wasm_bindgen_test]
async fn an_answer_that_does_not_hold_is_never_a_success() {
    for what in ["challenge", "origin", "type", "rpId", "id", "json", "buffers"] {
        reset();
        spoil(what);
        let outcome = start(&default_wx(), &json!({ "challenge": "c" })).await;
        assert_failure(&outcome, 90009, "not-verified", "fail");
        assert_eq!(methods(), ["create"], "{what}: a key that does not hold is not used");
    }
    for what in ["challenge", "origin", "type", "rpId", "id", "json", "buffers", "signature"] {
        reset();
        let wx = default_wx();
        start(&wx, &json!({})).await.unwrap();
        spoil(what);
        let outcome = start(&wx, &json!({ "challenge": "c" })).await;
        assert_failure(&outcome, 90009, "not-verified", "fail");
    }
}

#[wasm_bindgen_test]
async fn what_webcrypto_cannot_tell_is_never_a_success() {
    reset();
    let wx = default_wx();
    start(&wx, &json!({})).await.unwrap();
    // WebCrypto rejects this key.
    change_record("publicKey", "AQID");
    for challenge in [json!({}), json!({ "challenge": "c" })] {
        let outcome = start(&wx, &challenge).await;
        assert_failure(&outcome, 90009, "not-verified", "fail");
    }
}

#[wasm_bindgen_test]
async fn without_a_challenge_each_request_has_a_fresh_one() {
    reset();
    let wx = default_wx();
    for _ in 0..3 {
        start(&wx, &json!({})).await.unwrap();
    }
    let requests = requests();
    let [first, second, third] = [0, 1, 2].map(|at| requests[at]["challenge"].as_str().unwrap().to_owned());
    assert!(!first.is_empty() && first != second && second != third && third != first);
}

#[wasm_bindgen_test]
async fn without_random_numbers_nothing_is_asked() {
    reset();
    override_global("crypto.getRandomValues", Some("1"));
    let outcome = start(&default_wx(), &json!({})).await;
    assert_failure(&outcome, 90007, "internal", "fail internal error");
    assert!(methods().is_empty());
    reset();
}

#[wasm_bindgen_test]
async fn without_the_user_verified_bit_there_is_no_success() {
    for flags in [0x00, 0x01, 0x04] {
        reset();
        set_flags(flags);
        assert_failure(&start(&default_wx(), &json!({})).await, 90009, "not-verified", "fail");
        reset();
        let wx = default_wx();
        start(&wx, &json!({})).await.unwrap();
        set_flags(flags);
        assert_failure(&start(&wx, &json!({})).await, 90009, "not-verified", "fail");
    }
}

#[wasm_bindgen_test]
async fn odd_answers_of_browsers_and_extensions_settle_as_failures() {
    for (order, code, reason, words) in [
        ("null", 90007, "internal", "fail internal error"),
        ("throw", 90007, "internal", "fail internal error"),
        ("garbage", 90009, "not-verified", "fail"),
    ] {
        reset();
        script(&json!([order]).to_string());
        assert_failure(&start(&default_wx(), &json!({})).await, code, reason, words);
        reset();
        let wx = default_wx();
        start(&wx, &json!({})).await.unwrap();
        script(&json!([order]).to_string());
        assert_failure(&start(&wx, &json!({})).await, code, reason, words);
        assert!(start(&wx, &json!({})).await.is_ok(), "the next call works");
    }
}

#[wasm_bindgen_test]
async fn a_null_credential_says_so() {
    reset();
    script(r#"["null"]"#);
    let failure = start(&default_wx(), &json!({})).await.unwrap_err();
    assert_eq!(failure["detail"], "navigator.credentials.create answered null");
}

#[wasm_bindgen_test]
async fn a_deleted_key_heals_itself() {
    reset();
    let wx = default_wx();
    start(&wx, &json!({})).await.unwrap();
    delete_keys();
    for _ in 0..2 {
        assert_failure(&start(&wx, &json!({})).await, 90008, "not-allowed", "fail cancel");
    }
    let result = start(&wx, &json!({ "challenge": "c" })).await.unwrap();
    assert!(!result["resultJSON"].as_str().unwrap().is_empty());
    assert_eq!(methods(), ["create", "get", "get", "create", "get"]);
    assert_eq!(requests()[3]["excluded"], 1);
}

#[wasm_bindgen_test]
async fn a_person_who_cancelled_twice_keeps_the_key() {
    reset();
    let wx = default_wx();
    start(&wx, &json!({})).await.unwrap();
    script(r#"[["NotAllowedError", "cancelled"], ["NotAllowedError", "cancelled"]]"#);
    for _ in 0..2 {
        start(&wx, &json!({})).await.unwrap_err();
    }
    start(&wx, &json!({})).await.unwrap();
    assert_eq!(methods(), ["create", "get", "get", "create", "get"], "already there leads on to get");
    start(&wx, &json!({})).await.unwrap();
    assert_eq!(methods().len(), 6, "and the count starts again");
}

#[wasm_bindgen_test]
async fn a_second_start_is_busy_and_the_first_goes_on() {
    reset();
    let wx = wx(&js(&json!({ "timeout": 300 })));
    script(r#"["hang"]"#);
    let options = json!({});
    let first = start(&wx, &options);
    let second = async {
        sleep(20).await;
        start(&default_wx(), &json!({})).await
    };
    let (first, second) = futures_lite::future::zip(first, second).await;
    assert_failure(&second, 90007, "busy", "fail authenticate error: another authentication is in progress");
    assert_failure(&first, 90007, "timeout", "fail timeout");
    assert_eq!(methods(), ["create"]);
}

#[wasm_bindgen_test]
async fn a_ceremony_that_never_ends_never_wedges_the_page() {
    for order in [r#"["hang"]"#, r#"["deaf"]"#] {
        reset();
        let wx = wx(&js(&json!({ "timeout": 60 })));
        script(order);
        assert_failure(&start(&wx, &json!({})).await, 90007, "timeout", "fail timeout");
        start(&default_wx(), &json!({})).await.expect("the next call works");
    }
}

#[wasm_bindgen_test]
async fn denied_storage_is_replaced_by_memory() {
    reset();
    deny_storage();
    let wx = wx(&js(&json!({ "user": { "id": "denied" } })));
    start(&wx, &json!({})).await.unwrap();
    start(&wx, &json!({})).await.unwrap();
    assert_eq!(methods(), ["create", "get"]);
}

#[wasm_bindgen_test]
async fn keys_survive_in_local_storage_per_user() {
    reset();
    for user in ["ann", "bob", "ann"] {
        start(&wx(&js(&json!({ "user": { "id": user } }))), &json!({})).await.unwrap();
    }
    assert_eq!(methods(), ["create", "create", "get"]);
    let users: Vec<_> = requests().as_array().unwrap()[..2].iter().map(|r| r["user"].clone()).collect();
    assert_eq!([&users[0]["name"], &users[1]["name"]], ["ann", "bob"]);
    assert_ne!(users[0]["id"], users[1]["id"]);
}

#[wasm_bindgen_test]
async fn a_damaged_record_counts_as_no_key() {
    reset();
    let storage = js_sys::Reflect::get(&js_sys::global(), &"localStorage".into()).unwrap();
    let set: js_sys::Function = js_sys::Reflect::get(&storage, &"setItem".into()).unwrap().into();
    for record in ["", "{", "null", "7", r#"{"id":"x"}"#] {
        set.call2(&storage, &"wx-soter:example.com:".into(), &record.into()).unwrap();
        start(&default_wx(), &json!({})).await.unwrap();
    }
    assert_eq!(methods(), ["create"; 5]);
}

#[wasm_bindgen_test]
async fn an_absent_authenticator_is_named_though_the_browser_refused_first() {
    for order in ["hang", "refuse"] {
        reset();
        set_available(&JsValue::FALSE);
        script(if order == "hang" { r#"["hang"]"# } else { r#"[["NotAllowedError", "no"]]"# });
        let outcome = start(&default_wx(), &json!({})).await;
        assert_failure(&outcome, 90011, "not-enrolled", "fail no fingerprint enrolled");
    }
    reset();
    set_available(&JsValue::FALSE);
    script(r#"["hang"]"#);
    let outcome = start(&default_wx(), &json!({ "requestAuthModes": ["facial"] })).await;
    assert_failure(&outcome, 90011, "not-enrolled", "fail no facial enrolled");
}

#[wasm_bindgen_test]
async fn the_authenticator_is_asked_before_anything_is_awaited() {
    reset();
    let wx = default_wx();
    let method: js_sys::Function = js_sys::Reflect::get(&wx, &START.into()).unwrap().into();
    let promise = method.call0(&wx).unwrap();
    assert_eq!(methods(), ["create"], "within the click, not a microtask later");
    wasm_bindgen_futures::JsFuture::from(js_sys::Promise::resolve(&promise)).await.unwrap();
}

#[wasm_bindgen_test]
async fn the_mode_is_the_first_requested_one_that_is_supported() {
    reset();
    let wx = default_wx();
    for (requested, used) in
        [(json!(["speech", "facial"]), "facial"), (json!(["fingerPrint"]), "fingerPrint")]
    {
        let result = start(&wx, &json!({ "requestAuthModes": requested })).await.unwrap();
        assert_eq!(result["authMode"], used);
    }
    for requested in [json!([]), json!(["speech"]), json!(["iris"])] {
        let outcome = start(&wx, &json!({ "requestAuthModes": requested })).await;
        assert_failure(&outcome, 90003, "mode-not-supported", "fail no corresponding mode");
    }
}

#[wasm_bindgen_test]
async fn a_page_in_firefox_on_linux_does_not_ask_for_the_platform_attachment() {
    reset();
    override_global("navigator.userAgentData", None);
    override_global(
        "navigator.userAgent",
        Some("\"Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0\""),
    );
    start(&default_wx(), &json!({})).await.unwrap();
    assert_eq!(requests()[0]["attachment"], serde_json::Value::Null);
}

#[wasm_bindgen_test]
async fn rsa_keys_are_checked_like_others() {
    reset();
    make_rsa_keys();
    for _ in 0..2 {
        let result = start(&default_wx(), &json!({ "challenge": "c" })).await.unwrap();
        assert_eq!(result["errCode"], 0);
    }
    assert_eq!(methods(), ["create", "get", "get"]);
    spoil("signature");
    let outcome = start(&default_wx(), &json!({ "challenge": "c" })).await;
    assert_failure(&outcome, 90009, "not-verified", "fail");
}
