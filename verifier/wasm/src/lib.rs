//! The verifier as a WebAssembly module, for servers in JavaScript. Signatures are checked by the host's WebCrypto, for which
//! a call waits.
//!
//! A call keeps nothing behind, so an instance that breaks is replaced without anything to carry over, and the calls that
//! were open in it start again. `pkg/lib/server/supervisor.js` sees to that.

#![cfg_attr(test, allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used))]

mod ecdsa_signature;
#[cfg(target_arch = "wasm32")]
mod exports;
mod key;
mod options;
pub mod outcome;
#[cfg(target_arch = "wasm32")]
mod sys;
pub mod verification;
#[cfg(target_arch = "wasm32")]
mod web_crypto;
