//! The prompt as the page's own function. The default one is tested with the package.

use crate::scripted::*;
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

fn wx_with(prompt: &JsValue) -> JsValue {
    wx(&with(js(&json!({ "lang": "zh-TW" })), "prompt", prompt))
}

#[wasm_bindgen_test]
async fn a_prompt_gets_the_content_and_is_gone_when_the_call_settles() {
    reset();
    let prompt = make_prompt("");
    start(&wx_with(&prompt), &json!({ "authContent": "<b>pay</b>" })).await.unwrap();
    assert_eq!(
        prompt_log(&prompt),
        json!({ "log": [{ "authContent": "<b>pay</b>", "authMode": "fingerPrint", "lang": "zh-TW" }], "closed": true })
    );
}

#[wasm_bindgen_test]
async fn a_prompts_cancel_ends_the_ceremony_once() {
    for behaviour in ["cancel", "cancel twice"] {
        reset();
        script(r#"["hang"]"#);
        let prompt = make_prompt(behaviour);
        let wx = wx_with(&prompt);
        assert_failure(&start(&wx, &json!({})).await, 90008, "cancelled", "fail cancel");
        assert_eq!(prompt_log(&prompt)["closed"], true);
        sleep(80).await;
        assert!(start(&default_wx(), &json!({})).await.is_ok());
    }
}

#[wasm_bindgen_test]
async fn cancels_put_a_key_in_doubt_but_never_replace_it() {
    reset();
    let wx = wx_with(&make_prompt("cancel"));
    start(&default_wx(), &json!({})).await.unwrap();
    script(r#"["hang", "hang", "hang"]"#);
    for _ in 0..3 {
        start(&wx, &json!({})).await.unwrap_err();
    }
    assert_eq!(methods(), ["create", "get", "get", "create"]);
    assert_eq!(requests()[3]["excluded"], 1, "only asks whether the key is still there");
    start(&default_wx(), &json!({})).await.unwrap();
    assert_eq!(
        methods(),
        ["create", "get", "get", "create", "create", "get"],
        "already there: signs with the same key"
    );
}

#[wasm_bindgen_test]
async fn a_prompt_that_throws_fails_the_call_and_the_next_one_works() {
    for (behaviour, detail) in
        [("throw", "prompt: Error: prompt broke"), ("reject", "prompt: Error: prompt broke later")]
    {
        reset();
        script(r#"["hang"]"#);
        let prompt = make_prompt(behaviour);
        let outcome = start(&wx_with(&prompt), &json!({})).await;
        assert_failure(&outcome, 90007, "internal", "fail internal error");
        assert_eq!(outcome.unwrap_err()["detail"], detail);
        assert_eq!(prompt_log(&prompt)["closed"], true);
        reset();
        assert!(start(&default_wx(), &json!({})).await.is_ok());
    }
}

#[wasm_bindgen_test]
async fn the_prompts_button_regains_a_lost_click() {
    let lost = r#"[["NotAllowedError", "A user activation is required to create a credential in a cross-origin iframe."]]"#;
    reset();
    script(lost);
    let prompt = make_prompt("click");
    start(&wx_with(&prompt), &json!({})).await.unwrap();
    assert_eq!(prompt_log(&prompt)["log"][1], "asked for a click");
    assert_eq!(methods(), ["create", "create"]);

    reset();
    script(lost);
    let outcome = start(&wx_with(&"none".into()), &json!({})).await;
    assert_failure(&outcome, 90008, "not-allowed", "fail cancel");
}

#[wasm_bindgen_test]
async fn safari_refusing_at_once_wants_a_click() {
    reset();
    script(r#"[["NotAllowedError", "This request has been cancelled by the user."]]"#);
    start(&wx_with(&make_prompt("click")), &json!({})).await.unwrap();
    assert_eq!(methods(), ["create", "create"]);
}
