//! The prompt: ours, the page's, or none.

mod dialog;

use super::cleanup::Cleanup;
use super::{Browser, sys};
use crate::device::{Prompt, Shown};
use crate::failure::{Failure, Reason};
use crate::mode::AuthMode;
use crate::prompt_text::PromptText;
use dialog::Dialog;
use js_sys::{Function, Promise};
use std::future::pending;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The setting `prompt`.
pub enum PromptChoice {
    /// Our dialog.
    Dialog,
    /// Nothing.
    None,
    /// The page's own.
    Custom(Function),
}

impl PromptChoice {
    pub fn read(settings: &JsValue) -> Result<Self, String> {
        let prompt = sys::get(settings, "prompt");
        match (prompt.as_string().as_deref(), prompt.is_undefined()) {
            (None, true) | (Some("dialog"), _) => Ok(Self::Dialog),
            (Some("none"), _) => Ok(Self::None),
            _ => prompt
                .dyn_into()
                .map(Self::Custom)
                .map_err(|_| "setting prompt should be 'dialog', 'none' or a function".to_owned()),
        }
    }
}

/// A promise, and the function that resolves it. The function is JavaScript's own, so it can be an event listener or
/// belong to the page, and calling it late does no harm.
struct Event {
    happened: Promise,
    happen: Function,
}

impl Event {
    fn new() -> Self {
        let mut happen = None;
        let happened = Promise::new(&mut |resolve, _reject| happen = Some(resolve));
        Self {
            happened,
            happen: happen.unwrap_or_default(),
        }
    }
}

/// A prompt on screen, or none.
pub struct BrowserPrompt {
    dismissed: Event,
    /// What the page's prompt returned; it may be a promise that rejects.
    custom: Option<Promise>,
    dialog: Option<Dialog>,
    _cleanup: Option<Cleanup>,
}

impl Prompt for Browser {
    type Shown = BrowserPrompt;

    fn show(&self, auth_content: &str, mode: AuthMode) -> Result<BrowserPrompt, Failure> {
        let dismissed = Event::new();
        let cleanup = Cleanup::new();
        let mut shown = BrowserPrompt {
            dismissed,
            custom: None,
            dialog: None,
            _cleanup: None,
        };
        match (&self.prompt, &cleanup) {
            (PromptChoice::Dialog, Some(cleanup)) => {
                let text = PromptText::for_language(&self.language());
                shown.dialog = Dialog::show(&text, auth_content, &shown.dismissed.happen, &cleanup.signal());
            }
            (PromptChoice::Custom(prompt), cleanup) => {
                let signal = cleanup
                    .as_ref()
                    .map_or(JsValue::UNDEFINED, |cleanup| cleanup.signal().into());
                let request = sys::object(&[
                    ("authContent", &auth_content.into()),
                    ("authMode", &mode.as_str().into()),
                    ("signal", &signal),
                    ("cancel", &shown.dismissed.happen),
                ]);
                let answer = prompt
                    .call1(&JsValue::UNDEFINED, &request)
                    .map_err(|error| threw(&error))?;
                shown.custom = Some(Promise::resolve(&answer));
            }
            _ => {}
        }
        shown._cleanup = cleanup;
        Ok(shown)
    }
}

impl Browser {
    /// The setting, or the page's language, or the browser's.
    fn language(&self) -> String {
        let page = || sys::get(&sys::get(&sys::global("document"), "documentElement"), "lang").as_string();
        let browser = || sys::get(&sys::global("navigator"), "language").as_string();
        self.lang
            .clone()
            .or_else(|| page().filter(|lang| !lang.is_empty()))
            .or_else(browser)
            .unwrap_or_default()
    }
}

fn threw(error: &JsValue) -> Failure {
    Failure::internal(["prompt: ", &sys::describe(error)].concat())
}

impl Shown for BrowserPrompt {
    async fn dismissed(&self) -> Failure {
        let cancelled = async {
            let _ = JsFuture::from(self.dismissed.happened.clone()).await;
            Failure::new(Reason::Cancelled)
        };
        let broken = async {
            if let Some(custom) = &self.custom
                && let Err(error) = JsFuture::from(custom.clone()).await
            {
                return threw(&error);
            }
            pending().await
        };
        futures_lite::future::or(cancelled, broken).await
    }

    async fn clicked(&self) -> bool {
        let Some(dialog) = &self.dialog else { return false };
        let _ = JsFuture::from(dialog.ask_for_click()).await;
        true
    }
}
