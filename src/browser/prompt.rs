//! The prompt: a function of the page, or of the loader, which brings the default one.

use super::cleanup::Cleanup;
use super::{Browser, sys};
use crate::device::{Prompt, Shown};
use crate::failure::{Failure, Reason};
use crate::mode::AuthMode;
use crate::text::concat;
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};

/// The setting `prompt`; `None` where it is `'none'` or missing.
pub fn read_setting(settings: &JsValue) -> Result<Option<Function>, String> {
    let prompt = sys::get(settings, "prompt");
    if prompt.is_undefined() || prompt.as_string().as_deref() == Some("none") {
        return Ok(None);
    }
    prompt
        .dyn_into()
        .map(Some)
        .map_err(|_| "setting prompt should be 'dialog', 'none' or a function".to_owned())
}

/// A prompt on screen, or none.
pub struct BrowserPrompt {
    /// Resolves when the person cancels, and rejects when the prompt fails. The functions that do it are JavaScript's
    /// own, so that calling them late does no harm.
    dismissed: Promise,
    /// What the function returned: perhaps a promise that rejects, perhaps an object with `askForClick`.
    returned: JsValue,
    _cleanup: Option<Cleanup>,
}

impl Prompt for Browser {
    type Shown = BrowserPrompt;

    fn show(&self, auth_content: &str, mode: AuthMode) -> Result<BrowserPrompt, Failure> {
        let cleanup = Cleanup::new();
        let mut returned = JsValue::UNDEFINED;
        let (dismissed, cancel, fail) = sys::deferred();
        if let Some(prompt) = &self.prompt {
            let request = sys::object(&[
                ("authContent", auth_content.into()),
                ("authMode", mode.as_str().into()),
                ("lang", self.lang.as_deref().map_or(JsValue::UNDEFINED, JsValue::from)),
                ("signal", Cleanup::signal(cleanup.as_ref())),
                ("cancel", cancel.into()),
            ]);
            returned = prompt.call1(&JsValue::UNDEFINED, &request).map_err(|error| threw(&error))?;
            let settled = Promise::resolve(&returned);
            if let Some(then) = sys::method(&settled, "then") {
                let _ = then.call2(&settled, &JsValue::UNDEFINED, &fail);
            }
        }
        Ok(BrowserPrompt { dismissed, returned, _cleanup: cleanup })
    }
}

fn threw(error: &JsValue) -> Failure {
    Failure::internal(concat(&["prompt: ", &sys::describe(error)]))
}

impl Shown for BrowserPrompt {
    async fn dismissed(&self) -> Failure {
        match sys::wait(&self.dismissed).await {
            Ok(_) => Failure::new(Reason::Cancelled),
            Err(error) => threw(&error),
        }
    }

    async fn clicked(&self) -> bool {
        let Some(ask) = sys::method(&self.returned, "askForClick") else { return false };
        match ask.call0(&self.returned) {
            Ok(click) => sys::wait(&click).await.is_ok(),
            Err(_) => false,
        }
    }
}
