//! The backend of the demo's page, as one would be written for WeChat: it knows whose session it is, holds the access
//! token, and has `soter-server` check what the page sends. The page gets neither the token nor the openid.
//!
//! | request | effect |
//! | --- | --- |
//! | `GET /api/about.json` | the origin whose results are checked here; a folder without this backend has a file there that says none |
//! | `POST /api/challenge` | `{challenge, expires_in}`, for `wx.startSoterAuthentication` |
//! | `POST /api/keys` | `{registration}`, what `onKeyCreated` got: the verdict on the new key |
//! | `DELETE /api/keys` | forgets all keys of the session |
//! | `POST /api/verify` | `{resultJSON, resultJSONSignature}`: the verdict on a result |

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::extract::{DefaultBodyLimit, FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use base16ct::lower::encode_string;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use ureq::Agent;

use crate::soter_server::{SoterServer, random};

/// The cookie's name. Cookies know no ports, so it had better not be one that other pages on this machine use.
const COOKIE: &str = "wx-soter-demo";

/// More than any result or registration has.
const MAX_BODY: usize = 256 * 1024;

/// What all requests share.
pub struct Backend {
    server: SoterServer,
    origin: String,
    agent: Agent,
}

impl Backend {
    /// The backend of the pages of one origin.
    pub fn new(server: SoterServer, origin: String) -> Self {
        let timeout = Some(std::time::Duration::from_secs(15));
        Self { server, origin, agent: Agent::config_builder().timeout_global(timeout).build().into() }
    }

    /// The addresses that it answers.
    pub fn routes(self) -> Router {
        Router::new()
            .route("/api/about.json", get(about))
            .route("/api/challenge", post(challenge))
            .route("/api/keys", post(register).delete(forget))
            .route("/api/verify", post(verify))
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .with_state(Arc::new(self))
    }

    fn ask(&self, call: &str, body: &Value) -> Result<Value> {
        let mut answer =
            self.agent.post(self.server.address(call)).send(body.to_string()).map_err(without_address)?;
        let text = answer.body_mut().read_to_string().map_err(without_address)?;
        serde_json::from_str(&text).context("soter-server answered no JSON")
    }
}

/// An error of the client may name the address, which has the access token in it.
fn without_address(error: ureq::Error) -> anyhow::Error {
    match error {
        ureq::Error::StatusCode(code) => anyhow::anyhow!("soter-server answered {code}"),
        ureq::Error::Timeout(_) => anyhow::anyhow!("soter-server takes too long"),
        _ => anyhow::anyhow!("soter-server cannot be reached"),
    }
}

/// Whose session it is. Without one it begins one.
struct Session {
    openid: String,
    cookies: CookieJar,
}

impl<S: Send + Sync> FromRequestParts<S> for Session {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let mut cookies = CookieJar::from_headers(&parts.headers);
        let is_one = |value: &str| value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        let known = cookies.get(COOKIE).map(|cookie| cookie.value().to_owned()).filter(|value| is_one(value));
        let session = match known {
            Some(session) => session,
            None => {
                let session = random()?;
                cookies = cookies.add(cookie(session.clone()));
                session
            }
        };
        // By its hash, nobody who reads the database can take a session over; and there is nothing to remember.
        Ok(Self { openid: encode_string(&Sha256::digest(session)), cookies })
    }
}

/// It lives as long as browsers allow, since the keys do too. Not `Secure`, because Safari would not send that to
/// http://localhost; on any other site it has to be.
fn cookie(session: String) -> Cookie<'static> {
    Cookie::build((COOKIE, session)).http_only(true).same_site(SameSite::Strict).path("/").permanent().build()
}

/// What went wrong is told on the terminal; the page learns that no verdict could be had.
struct Failure;

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        eprintln!("error: {error:#}");
        Self
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        StatusCode::BAD_GATEWAY.into_response()
    }
}

type Shared = State<Arc<Backend>>;
type Answer = Result<(CookieJar, Json<Value>), Failure>;

async fn about(State(backend): Shared) -> Json<Value> {
    Json(json!({ "origin": backend.origin }))
}

async fn challenge(State(backend): Shared, session: Session) -> Answer {
    pass_on(backend, "get_challenge", session, json!({})).await
}

/// What `onKeyCreated` got.
#[derive(Deserialize)]
struct NewKey {
    registration: Value,
}

async fn register(State(backend): Shared, session: Session, Json(key): Json<NewKey>) -> Answer {
    pass_on(backend, "register_key", session, json!({ "registration": key.registration })).await
}

async fn forget(State(backend): Shared, session: Session) -> Answer {
    pass_on(backend, "remove_key", session, json!({ "all": true })).await
}

/// What the call gave to the page.
#[derive(Deserialize)]
struct Signed {
    #[serde(rename = "resultJSON")]
    json: String,
    #[serde(rename = "resultJSONSignature")]
    signature: String,
}

async fn verify(State(backend): Shared, session: Session, Json(result): Json<Signed>) -> Answer {
    let body = json!({ "json_string": result.json, "json_signature": result.signature });
    pass_on(backend, "verify_signature", session, body).await
}

async fn pass_on(backend: Arc<Backend>, call: &'static str, session: Session, mut body: Value) -> Answer {
    if let Some(fields) = body.as_object_mut() {
        fields.insert("openid".into(), session.openid.into());
    }
    let asked = tokio::task::spawn_blocking(move || backend.ask(call, &body));
    let answer = asked.await.context("the request broke down").and_then(|answer| answer)?;
    Ok((session.cookies, Json(answer)))
}
