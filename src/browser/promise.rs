//! Promises of the page's, and of what stands in for the browser.

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// What a value becomes once it has settled, if it is a promise or anything with a `then`. The engine looks at it, in a job of its
/// own that catches: `then` and `constructor` are whatever a page made of them.
pub fn settled(value: &JsValue) -> JsFuture {
    let settled = Promise::new(&mut |resolve, _| {
        let _ = resolve.call1(&JsValue::UNDEFINED, value);
    });
    JsFuture::from(settled)
}

/// A promise that is resolved from outside, at the latest when this is dropped: what waits for a promise that never settles is
/// never freed.
pub struct Resolver(Option<Function>);

impl Resolver {
    /// The promise, and what resolves it.
    pub fn new() -> (Self, JsFuture) {
        let mut resolver = None;
        let promise = Promise::new(&mut |resolve, _| resolver = Some(resolve));
        // The engine has called back by now.
        (Self(resolver), JsFuture::from(promise))
    }

    /// A function that resolves it, whatever that is given.
    pub fn function(&self) -> JsValue {
        let bound = |resolve: &Function| resolve.bind1(&JsValue::UNDEFINED, &JsValue::UNDEFINED).into();
        self.0.as_ref().map_or(JsValue::UNDEFINED, bound)
    }
}

impl Drop for Resolver {
    fn drop(&mut self) {
        let _ = self.0.as_ref().map(|resolve| resolve.call0(&JsValue::UNDEFINED));
    }
}
