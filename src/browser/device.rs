//! A browser as the device of one call.

use super::page::Page;
use super::sys;
use crate::browser_error::{explain, line};
use crate::client_data::ClientData;
use crate::device::{Answer, Device, Effect, Event, Prompt, Request};
use crate::failure::{Failure, Reason};
use crate::mode::AuthMode;
use crate::settings::Authenticators;
use crate::text::concat;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// The browser's own timer runs this much longer than ours, in milliseconds, so that it is ours that ends a ceremony
/// and the reason is known.
const BROWSER_TIMER_SLACK_MS: u32 = 5_000;

/// A browser, for one call of a page.
pub struct Browser {
    /// What the page has set.
    pub page: Page,
    /// The call's own side in JavaScript.
    pub call: sys::Call,
}

impl Device for Browser {
    async fn perform(&self, effect: Effect, request: &Request<'_>) -> Event {
        let platform = request.authenticators == Authenticators::Platform;
        let promise = sys::perform(
            &self.call,
            name(effect),
            &self.page.on_key_created,
            request.rp_id,
            request.rp_name,
            request.user_handle,
            request.user_name,
            request.user_display_name,
            request.challenge,
            &request.key.id,
            request.key.algorithm.name(),
            &request.key.public_key,
            request.signature,
            platform,
            platform && request.knows_attachment,
            request.timeout_ms,
            request.timeout_ms.saturating_add(BROWSER_TIMER_SLACK_MS),
        );
        let event = JsFuture::from(promise).await.unwrap_or_default();
        if self.call.signal().is_some_and(|signal| signal.aborted()) {
            // The call was abandoned, so something here is broken: do nothing more.
            std::future::pending::<()>().await;
        }
        read(&event)
    }
}

impl Prompt for Browser {
    fn show(&self, auth_content: &str, mode: AuthMode) -> Result<(), Failure> {
        let prompt = &self.page.prompt;
        if prompt.is_undefined() {
            return Ok(());
        }
        let thrown = sys::show(&self.call, prompt, auth_content, mode.as_str(), &self.page.settings.lang);
        if thrown.is_undefined() { Ok(()) } else { Err(Failure::internal(prompt_failure(&thrown))) }
    }
}

const fn name(effect: Effect) -> &'static str {
    match effect {
        Effect::Create => "create",
        Effect::Get => "get",
        Effect::Verify => "verify",
        Effect::TellPage => "tellPage",
        Effect::AskForClick => "askForClick",
        Effect::AskAvailability | Effect::Done => "askAvailability",
    }
}

fn text(target: &JsValue, name: &str) -> String {
    sys::text(&sys::get(target, name))
}

fn bytes(target: &JsValue, name: &str) -> Vec<u8> {
    sys::bytes(&sys::get(target, name))
}

fn prompt_failure(event: &JsValue) -> String {
    concat(&["prompt: ", &line(&text(event, "name"), &text(event, "message"))])
}

fn read(event: &JsValue) -> Event {
    match text(event, "event").as_str() {
        "answered" => Event::Answered(Box::new(answer(event))),
        "said" => Event::Said(sys::get(event, "said").as_bool()),
        "unavailable" => Event::Unavailable,
        "timeout" => Event::failed(Reason::Timeout, String::new()),
        "cancelled" => Event::failed(Reason::Cancelled, String::new()),
        "prompt" => Event::failed(Reason::Internal, prompt_failure(event)),
        kind => {
            let elapsed = sys::number(&sys::get(event, "elapsed"));
            let refusal = explain(&text(event, "name"), &text(event, "message"), elapsed);
            match kind {
                "refused" => Event::Refused(refusal),
                "enrolment-refused" => Event::failed(Reason::EnrolmentRefused, refusal.detail),
                _ => Event::failed(Reason::Internal, refusal.detail),
            }
        }
    }
}

fn answer(event: &JsValue) -> Answer {
    Answer {
        id: text(event, "id"),
        raw_id: bytes(event, "rawId"),
        client_data: ClientData::from_object(&sys::get(event, "clientData")),
        client_data_json: text(event, "clientDataJSON"),
        authenticator_data: bytes(event, "authenticatorData"),
        authenticator_data_base64url: text(event, "authenticatorDataBase64url"),
        expected_rp_id_hash: bytes(event, "rpIdHash"),
        public_key: text(event, "publicKey"),
        algorithm: sys::number(&sys::get(event, "publicKeyAlgorithm")),
        signature: bytes(event, "signature"),
        signature_base64: text(event, "signatureBase64"),
    }
}
