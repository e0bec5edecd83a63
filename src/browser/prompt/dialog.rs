//! Our own prompt: a modal `<dialog>` in a shadow root. Its style sheet is constructed, which a strict `style-src`
//! allows, and all that is the page's is set as text.

use super::Event;
use crate::browser::sys;
use crate::prompt_text::PromptText;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, Document, Element, HtmlElement, ShadowRootInit, ShadowRootMode};

const STYLE: &str = include_str!("dialog.css");
const SVG: &str = "http://www.w3.org/2000/svg";
/// A fingerprint: five ridges, in a box of 24 by 24.
const RIDGES: &str = "M6.6 5.2a8.6 8.6 0 0 1 10.8 0M4 9.6a9.3 9.3 0 0 1 16 0M8.2 19.6c-1.6-2-2.3-4-2.3-6.6a6.1 6.1 0 0 1 12.2 0c0 1.6.1 2.800.5 4M12 9.900a3.100 3.100 0 0 1 3.100 3.100c0 3 .5 4.700 1.500 6.200M12 21.200c-1.900-2.300-3.100-4.700-3.100-8.200 0-1.200.6-2.200 1.500-2.700M12 13c0 3.600.9 5.800 2.400 7.900";

/// The dialog on screen.
pub struct Dialog {
    proceed: HtmlElement,
}

impl Dialog {
    /// Shows the dialog until the signal fires; `dismiss` runs when the person cancels. `None` without a DOM that can.
    pub fn show(
        text: &PromptText,
        auth_content: &str,
        dismiss: &Function,
        closed: &AbortSignal,
    ) -> Option<Self> {
        let document: Document = present(sys::global("document"))?;
        let parent: Element = present(sys::get(&document, "body"))
            .or_else(|| present(sys::get(&document, "documentElement")))?;
        let dialog = document.create_element("dialog").ok()?;
        let show_modal = sys::method(&dialog, "showModal")?;

        let host = document.create_element("wx-soter-prompt").ok()?;
        let shadow = host
            .attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))
            .ok()?;
        adopt_style(&shadow);
        dialog.set_attribute("lang", text.lang).ok()?;
        dialog.set_attribute("aria-labelledby", "title").ok()?;
        dialog.set_attribute("aria-describedby", "content hint").ok()?;

        let append = |parent: &Element, tag: &str, id: &str, words: &str| {
            let child = document.create_element(tag).ok()?;
            child.set_id(id);
            child.set_text_content(Some(words));
            parent.append_child(&child).ok()?;
            child.dyn_into::<HtmlElement>().ok()
        };
        append_icon(&document, &dialog)?;
        append(&dialog, "h2", "title", text.title)?;
        append(&dialog, "p", "content", auth_content)?;
        append(&dialog, "p", "hint", text.hint)?;
        let proceed = append(&dialog, "button", "proceed", text.proceed)?;
        proceed.set_hidden(true);
        let cancel = append(&dialog, "button", "cancel", text.cancel)?;
        shadow.append_child(&dialog).ok()?;

        cancel.add_event_listener_with_callback("click", dismiss).ok()?;
        // Escape, and the back gesture on Android.
        dialog.add_event_listener_with_callback("close", dismiss).ok()?;
        // Closing first lets the browser put the focus back where it was. Both are the platform's own functions, so
        // that they run even when nothing of ours does any more.
        for (target, method) in [(&dialog, "close"), (&host, "remove")] {
            let method = sys::method(target, method)?.bind0(target);
            closed.add_event_listener_with_callback("abort", &method).ok()?;
        }
        parent.append_child(&host).ok()?;
        if show_modal.call0(&dialog).is_err() {
            host.remove();
            return None;
        }
        Some(Self { proceed })
    }

    /// Shows the button that the browser wants clicked; the promise resolves in that click.
    pub fn ask_for_click(&self) -> Promise {
        let Event { happened, happen } = Event::new();
        self.proceed.set_hidden(false);
        let _ = self.proceed.add_event_listener_with_callback("click", &happen);
        let _ = self.proceed.focus();
        happened
    }
}

fn present<T: JsCast>(value: JsValue) -> Option<T> {
    value.is_object().then(|| value.unchecked_into())
}

/// Without constructed style sheets (Safari before 16.4) the dialog has the browser's own look.
fn adopt_style(shadow: &JsValue) {
    let sheet = sys::global("CSSStyleSheet")
        .dyn_into::<Function>()
        .and_then(|constructor| Reflect::construct(&constructor, &Array::new()));
    if let Ok(sheet) = sheet
        && sys::call(&sheet, "replaceSync", &[&STYLE.into()]).is_ok()
    {
        sys::set(shadow, "adoptedStyleSheets", &Array::of1(&sheet));
    }
}

fn append_icon(document: &Document, parent: &Element) -> Option<()> {
    let svg = document.create_element_ns(Some(SVG), "svg").ok()?;
    svg.set_attribute("viewBox", "0 0 24 24").ok()?;
    svg.set_attribute("aria-hidden", "true").ok()?;
    let path = document.create_element_ns(Some(SVG), "path").ok()?;
    path.set_attribute("d", RIDGES).ok()?;
    svg.append_child(&path).ok()?;
    parent.append_child(&svg).ok()?;
    Some(())
}
