//! A browser as the device of one call.

use super::sys;
use crate::browser_error::{Refusal, explain};
use crate::client_data::ClientData;
use crate::device::{Answer, Device, Effect, Event, Prompt, Request};
use crate::failure::{Failure, Reason};
use crate::mode::AuthMode;
use crate::settings::Authenticators;
use crate::snapshot::Snapshot;
use crate::text::{concat, each_with};
use std::future::poll_fn;
use std::task::Poll;
use wasm_bindgen::JsValue;

/// What is read of an event.
const PATHS: &str = "event said error.name error.message elapsed id rawId clientData.type clientData.challenge \
    clientData.origin clientDataJSON authenticatorData authenticatorDataBase64url attestationObject rpIdHash publicKey \
    publicKeyAlgorithm signature signatureBase64";

/// A browser, for one call of a page.
pub struct Browser {
    /// The page's settings, checked.
    pub settings: JsValue,
    /// The call's own side in JavaScript.
    pub call: sys::Call,
}

impl Browser {
    /// Waits for the event that JavaScript was asked for: a snapshot of it. Once for each `Call.expect`, since reading does not
    /// take it away.
    pub async fn event(&self) -> String {
        poll_fn(|_| match self.call.event() {
            // A call that was abandoned goes no further: something here is broken.
            Some(event) if !self.call.signal().is_some_and(|signal| signal.aborted()) => Poll::Ready(event),
            _ => Poll::Pending,
        })
        .await
    }
}

impl Device for Browser {
    async fn perform(&self, effect: Effect, request: &Request<'_>) -> Event {
        let platform = request.authenticators == Authenticators::Platform;
        // Base64url and names: none holds a NUL.
        let texts = [
            request.user_handle,
            request.challenge,
            &request.key.id,
            request.key.algorithm.name(),
            &request.key.public_key,
            request.authenticator_data,
        ];
        sys::perform(
            &self.call,
            name(effect),
            &self.settings,
            request.rp_id,
            &each_with(&texts, "\0"),
            request.signature,
            platform,
            platform && request.knows_attachment,
            request.timeout_ms,
            PATHS,
        );
        read(&Snapshot::read(&self.event().await))
    }
}

impl Prompt for Browser {
    fn show(&self, auth_content: &str, mode: AuthMode) -> Result<(), Failure> {
        let thrown = sys::show(&self.call, PATHS, &self.settings, auth_content, mode.as_str());
        if thrown.is_empty() {
            Ok(())
        } else {
            Err(Failure::internal(&prompt_failure(&Snapshot::read(&thrown))))
        }
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

fn error(event: &Snapshot<'_>) -> Refusal {
    let elapsed = event.get("elapsed").number().unwrap_or(i32::MAX);
    explain(event.get("error.name").text(), event.get("error.message").text(), elapsed)
}

fn prompt_failure(event: &Snapshot<'_>) -> String {
    concat(&["prompt: ", &error(event).detail])
}

/// What `effects.js` calls its events.
const EVENTS: [&str; 8] =
    ["answered", "said", "unavailable", "refused", "timeout", "cancelled", "enrolment-refused", "prompt"];

/// Reads an event in the form that `effects.js` has for it.
pub fn read(event: &Snapshot<'_>) -> Event {
    let name = event.get("event").text();
    match EVENTS.iter().position(|event| *event == name) {
        Some(0) => Event::Answered(Box::new(answer(event))),
        Some(1) => Event::Said(event.get("said").flag()),
        Some(2) => Event::Unavailable,
        Some(3) => Event::Refused(error(event)),
        Some(4) => Event::failed(Reason::Timeout, String::new()),
        Some(5) => Event::failed(Reason::Cancelled, String::new()),
        Some(6) => Event::failed(Reason::EnrolmentRefused, error(event).detail),
        Some(7) => Event::failed(Reason::Internal, prompt_failure(event)),
        _ => Event::failed(Reason::Internal, error(event).detail),
    }
}

fn answer(event: &Snapshot<'_>) -> Answer {
    Answer {
        id: event.text("id"),
        raw_id: event.bytes("rawId"),
        client_data: ClientData::read(event),
        client_data_json: event.text("clientDataJSON"),
        authenticator_data: event.bytes("authenticatorData"),
        authenticator_data_base64url: event.text("authenticatorDataBase64url"),
        expected_rp_id_hash: event.bytes("rpIdHash"),
        attestation_object: event.bytes("attestationObject"),
        public_key: event.text("publicKey"),
        algorithm: event.get("publicKeyAlgorithm").number().unwrap_or_default(),
        signature: event.bytes("signature"),
        signature_base64: event.text("signatureBase64"),
    }
}
