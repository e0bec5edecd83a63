//! The platform that is a browser: every trait of [`crate::platform`], over the web's own interfaces. What other platforms that
//! JavaScript can reach share with it is public.

mod authenticator;
pub mod call;
pub mod error;
#[cfg(feature = "exports")]
mod exports;
pub mod future;
mod page;
mod panic;
pub mod promise;
mod prompt;
mod storage;
#[allow(missing_docs, reason = "they are described where they come from")]
pub mod sys;
pub mod timer;
pub mod value;
mod web_crypto;

#[cfg(feature = "exports")]
pub use exports::{call as make_call, can_i_use};
pub use web_crypto::PublicKey;

use js_sys::{Function, WeakMap};
use std::cell::RefCell;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

/// A browser, for one call of a page.
pub struct Browser {
    /// The page's settings.
    pub settings: JsValue,
    /// Fires when the call has ended.
    signal: Option<AbortSignal>,
    /// What a storage did not take, and whose keys were of no use, by the object that it is about.
    memory: WeakMap,
    shown: RefCell<prompt::Shown>,
}

impl Browser {
    /// For a call with these settings, which anything may be.
    #[must_use]
    pub fn new(settings: JsValue, signal: Option<AbortSignal>) -> Self {
        let memory = MEMORY.with_borrow(WeakMap::clone);
        Self { settings, signal, memory, shown: RefCell::default() }
    }
}

/// Prepares the module: what to do after a panic, and what to remember things in that outlive an instance.
pub fn initialize(abandon: Function, memory: WeakMap) {
    panic::set_hook(abandon);
    MEMORY.with(|kept| kept.replace(memory));
}

thread_local! {
    static MEMORY: RefCell<WeakMap> = RefCell::new(WeakMap::new());
}
