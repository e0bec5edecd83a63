//! WeChat's two calls, on a port of this machine, and phones whose results it knows. It answers as WeChat's documentation says, unless a
//! test has it answer otherwise.

use super::parts;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

pub const APPID: &str = "wx0123456789abcdef";
pub const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// How it answers `verify_signature`.
#[derive(Clone, Debug)]
pub enum Behaviour {
    /// As WeChat does.
    Usual,
    /// With this, whatever comes.
    Says(u16, String),
    /// With a redirection to somebody who says yes.
    Redirects,
    /// With as many bytes, of which the last are a yes.
    Long(usize),
    /// Not at all: the connection stays open.
    Silent,
    /// Not at all: the connection is closed within the answer.
    HangsUp,
}

struct Inner {
    token: Mutex<u32>,
    behaviour: Mutex<Behaviour>,
    token_behaviour: Mutex<Behaviour>,
    token_lifetime: AtomicU32,
    asked_for_tokens: AtomicUsize,
    /// What came to `verify_signature`: the token, and the body.
    asked: Mutex<Vec<(String, Value)>>,
    others: AtomicUsize,
}

/// A running one.
pub struct WeChat {
    pub origin: String,
    inner: Arc<Inner>,
    /// Of its own, so that no connection outlives it.
    runtime: Option<Runtime>,
}

impl WeChat {
    pub async fn start() -> Self {
        let inner = Arc::new(Inner {
            token: Mutex::new(1),
            behaviour: Mutex::new(Behaviour::Usual),
            token_behaviour: Mutex::new(Behaviour::Usual),
            token_lifetime: AtomicU32::new(7200),
            asked_for_tokens: AtomicUsize::new(0),
            asked: Mutex::default(),
            others: AtomicUsize::new(0),
        });
        let routes = Router::new()
            .route("/cgi-bin/stable_token", post(stable_token))
            .route("/cgi-bin/soter/verify_signature", post(verify_signature))
            .fallback(other)
            .with_state(inner.clone());
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.spawn(TcpListener::bind("127.0.0.1:0")).await.unwrap().unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { origin, inner, runtime: Some(runtime) }
    }

    /// The options of a service that asks it.
    pub fn options(&self) -> Vec<String> {
        let app = format!("{APPID}:{SECRET}");
        ["--upstream", &self.origin, "--upstream-app", &app, "--default-app", APPID].map(String::from).into()
    }

    pub fn answers(&self, behaviour: Behaviour) {
        *self.inner.behaviour.lock().unwrap() = behaviour;
    }

    pub fn gives_tokens(&self, behaviour: Behaviour) {
        *self.inner.token_behaviour.lock().unwrap() = behaviour;
    }

    /// Says this to the next `verify_signature`s, with HTTP 200.
    pub fn says(&self, answer: impl ToString) {
        self.answers(Behaviour::Says(200, answer.to_string()));
    }

    /// From now on there is another token, and the one before is good for nothing.
    pub fn renew_token(&self) {
        *self.inner.token.lock().unwrap() += 1;
    }

    pub fn token(&self) -> String {
        self.inner.token()
    }

    pub fn set_token_lifetime(&self, seconds: u32) {
        self.inner.token_lifetime.store(seconds, Ordering::SeqCst);
    }

    /// What it was asked: how often for a token, and how often for a verdict.
    pub fn asked(&self) -> [usize; 2] {
        assert_eq!(self.inner.others.load(Ordering::SeqCst), 0, "it was asked something else");
        [self.inner.asked_for_tokens.load(Ordering::SeqCst), self.inner.asked.lock().unwrap().len()]
    }

    /// The token and the body of the last question for a verdict.
    pub fn last(&self) -> (String, Value) {
        self.inner.asked.lock().unwrap().last().unwrap().clone()
    }
}

impl Drop for WeChat {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Inner {
    fn token(&self) -> String {
        // With what a query has to have escaped.
        format!("68_token+{}/=&x", self.token.lock().unwrap())
    }
}

async fn other(State(inner): State<Arc<Inner>>) -> Response {
    inner.others.fetch_add(1, Ordering::SeqCst);
    yes()
}

fn yes() -> Response {
    Json(json!({ "errcode": 0, "errmsg": "ok", "is_ok": true })).into_response()
}

fn error(code: i32, message: &str) -> Response {
    Json(json!({ "errcode": code, "errmsg": format!("{message} rid: 65f0-1-2") })).into_response()
}

async fn stable_token(State(inner): State<Arc<Inner>>, body: Bytes) -> Response {
    inner.asked_for_tokens.fetch_add(1, Ordering::SeqCst);
    let behaviour = inner.token_behaviour.lock().unwrap().clone();
    if let Some(response) = behave(behaviour).await {
        return response;
    }
    let body: Value = serde_json::from_slice(&body).unwrap();
    // `force_refresh` would end the token of everybody else.
    assert!(body.get("force_refresh").is_none_or(|force| force == false), "{body}");
    if body["grant_type"] != "client_credential" {
        return error(40002, "invalid grant_type");
    }
    if body["appid"] != APPID {
        return error(40013, "invalid appid");
    }
    if body["secret"] != SECRET {
        return error(40125, "invalid appsecret");
    }
    let expires_in = inner.token_lifetime.load(Ordering::SeqCst);
    Json(json!({ "access_token": inner.token(), "expires_in": expires_in })).into_response()
}

async fn verify_signature(
    State(inner): State<Arc<Inner>>,
    Query(query): Query<HashMap<String, String>>,
    body: Bytes,
) -> Response {
    let token = query.get("access_token").cloned().unwrap_or_default();
    let body: Value = serde_json::from_slice(&body).unwrap();
    inner.asked.lock().unwrap().push((token.clone(), body.clone()));
    let behaviour = inner.behaviour.lock().unwrap().clone();
    if let Some(response) = behave(behaviour).await {
        return response;
    }
    if token != inner.token() {
        return error(40001, "invalid credential, access_token is invalid or not latest");
    }
    let (Some(openid), Some(json), Some(signature)) =
        (body["openid"].as_str(), body["json_string"].as_str(), body["json_signature"].as_str())
    else {
        return error(47001, "data format error");
    };
    if openid.starts_with("nobody") {
        return error(40003, "invalid openid");
    }
    let is_ok = sign(openid, json) == signature;
    Json(json!({ "errcode": 0, "errmsg": "ok", "is_ok": is_ok })).into_response()
}

async fn behave(behaviour: Behaviour) -> Option<Response> {
    match behaviour {
        Behaviour::Usual => None,
        Behaviour::Says(status, text) => Some((StatusCode::from_u16(status).unwrap(), text).into_response()),
        Behaviour::Redirects => {
            Some((StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/elsewhere")]).into_response())
        }
        Behaviour::Long(size) => {
            let end = r#"{"errcode":0,"errmsg":"ok","is_ok":true}"#;
            Some((" ".repeat(size.saturating_sub(end.len())) + end).into_response())
        }
        Behaviour::Silent => {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            Some(yes())
        }
        Behaviour::HangsUp => {
            let text = r#"{"errcode":0,"errmsg":"ok","is_ok":true}"#;
            // More is promised than comes.
            let body = axum::body::Body::new(Broken(Some(text.into())));
            Some(body.into_response())
        }
    }
}

/// A body that breaks off.
struct Broken(Option<Bytes>);

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
        std::task::Poll::Ready(Some(match self.0.take() {
            Some(text) => Ok(http_body::Frame::data(text)),
            None => Err(std::io::ErrorKind::ConnectionReset.into()),
        }))
    }
}

/// What a phone's key would sign, each person's with another: the very bytes of `resultJSON`.
fn sign(openid: &str, json: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(openid.as_bytes()).unwrap();
    mac.update(json.as_bytes());
    parts::base64(&mac.finalize().into_bytes())
}

/// A result of a mini program: `json_string` and `json_signature`.
#[derive(Clone, Debug)]
pub struct PhoneResult {
    pub json: String,
    pub signature: String,
}

impl PhoneResult {
    /// As an iPhone makes it: with the members that a result of the web has, too.
    pub fn of_iphone(openid: &str, challenge: &str) -> Self {
        let raw = Value::from(challenge);
        let uid = "59078fa8c1f27a2b59078fa8c1f27a2b";
        let cpu_id = "F5D3F2DF-0000-4000-8000-0123456789AB";
        let json = format!(r#"{{"raw":{raw},"counter":94,"uid":"{uid}","cpu_id":"{cpu_id}"}}"#);
        Self { signature: sign(openid, &json), json }
    }

    /// As an Android phone makes it. The spaces are signed, too.
    pub fn of_android(openid: &str, challenge: &str) -> Self {
        let raw = Value::from(challenge);
        let rest = r#""tee_n":"t-base-\u0074ee","tee_v":"10010","fp_n":"FPC","fp_v":"6516","cpu_id":"0900","uid":"10115""#;
        let json = format!(r#" {{"raw":{raw}, "fid":"2313170","counter":246,{rest}}}"#);
        Self { signature: sign(openid, &json), json }
    }

    pub fn body(&self, openid: &str) -> Value {
        json!({ "openid": openid, "json_string": self.json, "json_signature": self.signature })
    }
}
