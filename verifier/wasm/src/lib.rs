//! The verifier as a WebAssembly module, for servers in JavaScript. The signatures are checked by the host's WebCrypto, which
//! is asynchronous; so the module says what is to be checked, and is called again with the answer.
//!
//! A call keeps nothing behind: it gets everything, earlier answers included, and starts from the beginning. That costs some
//! microseconds, and an instance that breaks is replaced without anything to carry over.

#![cfg_attr(test, allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used))]

mod asking;
mod base64_url;
#[cfg(target_arch = "wasm32")]
mod exports;
mod key;
mod options;
mod outcome;
mod question;
mod raw_signature;
pub mod verification;
