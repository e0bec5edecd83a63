//! What the module exports. A call has a number, by which the supervisor in JavaScript knows it.

use crate::outcome::Outcome;
use crate::sys;
use crate::verification;
use crate::web_crypto::WebCrypto;
use std::future::{Future, poll_fn};
use std::pin::pin;
use wasm_bindgen::prelude::wasm_bindgen;

/// Runs once in each instance. A panic is thrown with its message, where a trap would say nothing.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| wasm_bindgen::throw_str(&panic.to_string())));
}

/// See [`verification::registration`].
#[wasm_bindgen(js_name = registration)]
pub async fn registration(call: u32, response: String, options: String) -> String {
    let verifier = WebCrypto::default();
    let outcome = verification::registration(&response, &options, &verifier);
    finish(supervised(call, outcome).await, &verifier)
}

/// See [`verification::result`].
#[wasm_bindgen(js_name = result)]
pub async fn result(
    call: u32,
    result_json: String,
    result_json_signature: String,
    options: String,
) -> String {
    let verifier = WebCrypto::default();
    let outcome = verification::result(&result_json, &result_json_signature, &options, &verifier);
    finish(supervised(call, outcome).await, &verifier)
}

/// See [`verification::assertion`].
#[wasm_bindgen(js_name = assertion)]
pub async fn assertion(call: u32, response: String, options: String) -> String {
    let verifier = WebCrypto::default();
    let outcome = verification::assertion(&response, &options, &verifier);
    finish(supervised(call, outcome).await, &verifier)
}

/// The same future, of which the supervisor knows when it is polled.
async fn supervised<T>(call: u32, future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    poll_fn(|context| {
        sys::enter(call);
        future.as_mut().poll(context)
    })
    .await
}

/// A failure is an outcome too, so that whatever rejects is a trap.
fn finish(outcome: Outcome, verifier: &WebCrypto) -> String {
    if verifier.is_missing.get() {
        return Outcome::Failed("needs WebCrypto, and there is no crypto.subtle: Node 20 has it, in Jest with `@jest-environment node`".into()).to_json();
    }
    outcome.to_json()
}
