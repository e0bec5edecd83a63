//! WebDriver requests on their way to the real driver.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Method, Response, StatusCode, Uri};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::guardian::Guardian;
use crate::real_driver::RealDriver;
use crate::session::Session;

/// What all requests share.
pub struct Wrapper {
    real: RealDriver,
    guardian: Guardian,
    port: u16,
    /// Held for the whole of each request, so that the runner never reads a page while another tab is in front.
    session: Mutex<Option<Session>>,
}

impl Wrapper {
    /// A driver without a session.
    pub fn new(real: RealDriver, guardian: Guardian, port: u16) -> Self {
        Self { real, guardian, port, session: Mutex::new(None) }
    }

    /// The real driver.
    pub fn real(&self) -> &RealDriver {
        &self.real
    }

    /// The session, kept from all others meanwhile.
    pub fn session(&self) -> MutexGuard<'_, Option<Session>> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forward(&self, method: &Method, path: &str, body: Bytes) -> Result<Response<Bytes>> {
        let mut session = self.session();
        let steps: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (method.as_str(), steps.as_slice()) {
            ("POST", ["session"]) => {
                let answer = self.real.send(method, path, body)?;
                if let Some(id) = session_in(answer.body()) {
                    self.guardian.tell_session(&id)?;
                    *session = Some(Session::begin(&self.real, id)?);
                }
                Ok(answer)
            }
            ("POST", ["session", _, "url"]) => {
                self.real.send(method, path, with_url_for_webauthn(&body, self.port)?)
            }
            ("DELETE", ["session", _] | ["session", _, "window"]) => {
                if let Some(mut session) = session.take()
                    && let Err(error) = session.close_tab(&self.real)
                {
                    eprintln!("webauthn-driver: the second tab of session {} stays: {error:#}", session.id());
                }
                self.real.send(method, path, body)
            }
            _ => self.real.send(method, path, body),
        }
    }
}

/// Passes one request on.
pub async fn answer(
    State(wrapper): State<Arc<Wrapper>>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> axum::response::Response {
    let forwarded = tokio::task::spawn_blocking(move || wrapper.forward(&method, uri.path(), body)).await;
    match forwarded.context("the request broke down").and_then(|answer| answer) {
        Ok(answer) => answer.map(axum::body::Body::from),
        Err(error) => {
            let value =
                json!({ "error": "unknown error", "message": format!("{error:#}"), "stacktrace": "" });
            (StatusCode::INTERNAL_SERVER_ERROR, axum::Json(json!({ "value": value }))).into_response()
        }
    }
}

/// The id in the answer to a new session: at the top in the old protocol, in `value` in the standard's.
fn session_in(body: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let id = answer.pointer("/value/sessionId").or_else(|| answer.get("sessionId"))?;
    Some(id.as_str()?.to_owned())
}

fn with_url_for_webauthn(body: &[u8], port: u16) -> Result<Bytes> {
    let mut parameters: Value = serde_json::from_slice(body).context("no JSON was sent")?;
    let url = parameters.get("url").and_then(Value::as_str).context("no url was sent")?;
    let url = for_webauthn(url, port);
    if let Some(place) = parameters.get_mut("url") {
        *place = url.into();
    }
    Ok(Bytes::from(parameters.to_string()))
}

fn for_webauthn(url: &str, port: u16) -> String {
    let Some(rest) = url.strip_prefix("http://127.0.0.1") else {
        return url.to_owned();
    };
    let (address, fragment) = match rest.split_once('#') {
        Some((address, fragment)) => (address, format!("#{fragment}")),
        None => (rest, String::new()),
    };
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("http://localhost{address}{joint}wx-soter-driver={port}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::{for_webauthn, session_in};

    #[test]
    fn the_runners_page_moves_to_a_host_that_webauthn_takes() {
        assert_eq!(
            for_webauthn("http://127.0.0.1:81/#wbg_style=none", 82),
            "http://localhost:81/?wx-soter-driver=82#wbg_style=none"
        );
        assert_eq!(for_webauthn("http://127.0.0.1:81/?a", 82), "http://localhost:81/?a&wx-soter-driver=82");
        assert_eq!(for_webauthn("about:blank", 82), "about:blank");
    }

    #[test]
    fn a_session_is_found_in_both_protocols() {
        assert_eq!(session_in(br#"{"value":{"sessionId":"a"}}"#).as_deref(), Some("a"));
        assert_eq!(session_in(br#"{"sessionId":"b","status":0,"value":{}}"#).as_deref(), Some("b"));
        assert_eq!(session_in(br#"{"value":{"error":"session not created"}}"#), None);
    }
}
