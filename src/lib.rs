#![doc = include_str!("../README.md")]
// The traits of a platform are used by one thread, so what `async fn` in a trait leaves out does not matter here.
#![allow(async_fn_in_trait)]
#![cfg_attr(test, allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used))]

pub mod api;
pub mod authenticator;
pub mod availability;
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod browser_error;
pub mod call;
pub mod can_i_use;
pub mod ceremony;
pub mod client_data;
pub mod dialect;
pub mod environment;
pub mod failure;
pub mod forget_key;
pub mod key;
pub mod key_store;
pub mod mode;
pub mod options;
pub mod platform;
pub mod prompt;
pub mod result;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod scripted_platform;
pub mod settings;
pub mod signature_verifier;
pub mod text;
pub mod value;
pub mod verification;

/// Half the size of the default allocator; the module is loaded by every page and allocates little.
/// `WasmGrowAndClaim` is the smaller of talc's two ways to grow: it does not merge new memory with what it has.
///
/// Not in tests: wasm-bindgen-test drops the future of a test that panicked half-way, which frees some memory twice. The
/// default allocator survives that and the failure is shown; this one hangs.
#[cfg(all(target_arch = "wasm32", feature = "allocator", not(debug_assertions)))]
#[global_allocator]
static ALLOCATOR: talc::cell::TalcSyncCell<talc::wasm::WasmGrowAndClaim, talc::wasm::WasmBinning> =
    talc::cell::TalcSyncCell::new_wasm(talc::wasm::WasmGrowAndClaim);
