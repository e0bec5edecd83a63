//! A device in software: the calls of wx-soter over an authenticator that holds real keys and really signs, and a person
//! to play. It protects nothing: whoever runs it holds the keys and gives the person's answers.

#![cfg_attr(test, allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used))]

#[cfg(target_arch = "wasm32")]
mod device;
#[cfg(target_arch = "wasm32")]
mod exports;
pub mod keys;
pub mod random;
#[cfg(target_arch = "wasm32")]
mod sys;
pub mod user;
