//! The device that is a browser: every side effect of [`crate::device`] on the web platform.

pub mod answering;
mod cleanup;
mod clock;
mod credentials;
mod encoding;
mod environment;
mod executor;
mod js_value;
mod key_listener;
mod key_store;
mod panic;
mod prompt;
mod sys;
mod wx;

pub use wx::Wx;

use js_sys::Function;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsValue;

thread_local! {
    // Browsers run one ceremony at a time in a document (Blink even in a tab), so all `Wx` of a page take turns.
    static OPEN: Rc<Cell<bool>> = Rc::default();
}

/// A browser, with the page's own functions and storage.
struct Browser {
    open: Rc<Cell<bool>>,
    storage: JsValue,
    prompt: Option<Function>,
    lang: Option<String>,
    on_key_created: Option<Function>,
}

impl Browser {
    /// Reads those settings that are functions or objects.
    fn new(settings: &JsValue, lang: Option<String>) -> Result<Self, String> {
        Ok(Self {
            open: OPEN.with(Rc::clone),
            storage: key_store::read_setting(settings)?,
            prompt: prompt::read_setting(settings)?,
            lang,
            on_key_created: key_listener::read_setting(settings)?,
        })
    }
}
