//! A device in software: the calls of wx-soter over an authenticator that holds real keys and really signs, and a person
//! to play. It protects nothing: whoever runs it holds the keys and gives the person's answers.

#![cfg_attr(test, allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used))]

pub mod authenticator;
#[cfg(target_arch = "wasm32")]
mod device;
pub mod person;
#[cfg(target_arch = "wasm32")]
mod sys;
#[cfg(target_arch = "wasm32")]
mod wx;
