//! Every promise about the calls, in a real browser, on a stock machine: `navigator.credentials` is replaced by a
//! scripted one. `wasm-pack test --headless --chrome` runs these.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]

#[path = "browser/scripted.rs"]
mod scripted;

#[path = "browser/ceremony.rs"]
mod ceremony;
#[path = "browser/checks.rs"]
mod checks;
#[path = "browser/errors.rs"]
mod errors;
#[path = "browser/future.rs"]
mod future;
#[path = "browser/prompt.rs"]
mod prompt;
#[path = "browser/settings.rs"]
mod settings;
#[path = "browser/settling.rs"]
mod settling;
#[path = "browser/webcrypto.rs"]
mod webcrypto;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
