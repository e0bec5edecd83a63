//! The page's prompt: a function of the page's, or the package's dialog, which is one too.

use super::promise::{Resolver, settled};
use super::value::{call, member};
use super::{Browser, error};
use crate::failure::{Failure, Reason};
use crate::mode::AuthMode;
use crate::prompt::Prompt;
use futures_lite::future::or;
use js_sys::{Array, Function, Object, Reflect};
use std::future::pending;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A prompt that is shown.
#[derive(Default)]
pub struct Shown {
    /// What the function returned, perhaps an object with `askForClick`.
    handle: JsValue,
    /// What the page gets as `cancel`.
    _cancel: Option<Resolver>,
    /// Ends when the person cancels.
    cancelled: Option<JsFuture>,
    /// Rejects where the function fails later.
    failed: Option<JsFuture>,
}

impl Prompt for Browser {
    fn show(&self, auth_content: &str, mode: AuthMode) -> Result<(), Failure> {
        let Ok(prompt) = member(&self.settings, "prompt").dyn_into::<Function>() else {
            return Ok(());
        };
        let request = Object::new();
        let set = |name: &str, value: &JsValue| {
            let _ = Reflect::set(&request, &name.into(), value);
        };
        let (cancel, cancelled) = Resolver::new();
        set("cancel", &cancel.function());
        set("authContent", &auth_content.into());
        set("authMode", &mode.as_str().into());
        set("lang", &member(&self.settings, "lang"));
        set("signal", &self.signal.clone().into());
        let handle =
            prompt.apply(&JsValue::UNDEFINED, &Array::of1(&request)).map_err(|thrown| failure(&thrown))?;
        let failed = Some(settled(&handle));
        self.shown.replace(Shown { handle, _cancel: Some(cancel), cancelled: Some(cancelled), failed });
        Ok(())
    }

    async fn ended(&self) -> Failure {
        let (cancelled, failed) = {
            let mut shown = self.shown.borrow_mut();
            (shown.cancelled.take(), shown.failed.take())
        };
        let cancelled = async {
            match cancelled {
                Some(cancelled) => cancelled
                    .await
                    .map_or_else(|thrown| failure(&thrown), |_| Failure::new(Reason::Cancelled)),
                None => pending().await,
            }
        };
        let failed = async {
            match failed {
                Some(failed) => match failed.await {
                    Err(thrown) => failure(&thrown),
                    Ok(_) => pending().await,
                },
                None => pending().await,
            }
        };
        or(cancelled, failed).await
    }

    async fn ask_for_click(&self) -> bool {
        let handle = self.shown.borrow().handle.clone();
        match call(&handle, "askForClick", &[]) {
            Some(asked) => settled(&asked).await.is_ok(),
            None => false,
        }
    }
}

fn failure(thrown: &JsValue) -> Failure {
    Failure::internal(&["prompt: ", &error::line(thrown)].concat())
}
