//! A defect of ours does not leave a call open. Alone in its file, since no other test can use the module afterwards.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]

#[path = "browser/scripted.rs"]
mod scripted;

use scripted::*;
use serde_json::json;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn defect() {
    panic!("a defect");
}

#[wasm_bindgen_test]
async fn a_panic_settles_the_open_calls() {
    reset();
    // The tests' own hook has taken the place of the module's.
    initialize();
    script(r#"["deaf"]"#);
    let prompt = make_prompt("");
    let wx = wx(&with(js(&json!({})), "prompt", &prompt));
    let options = json!({});
    run_defect(&Closure::once_into_js(defect), 20);
    let outcome = start(&wx, &options).await;
    assert_failure(&outcome, 90007, "internal", "fail internal error");
    assert_eq!(outcome.unwrap_err()["detail"], "panic: a defect");
    assert_eq!(prompt_log(&prompt)["closed"], true, "the prompt is gone");
}
