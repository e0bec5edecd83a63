//! Asking WeChat, over HTTP.

use super::failure::Failure;
use crate::secret::Secret;
use anyhow::Context;
use async_trait::async_trait;
use axum::body::Bytes;
use axum::http::{Request as HttpRequest, StatusCode, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::error::Error;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// An answer may have this many bytes. WeChat's have some hundreds.
const MAX_ANSWER: usize = 16 * 1024;

/// No host takes longer to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// So long an idle connection is kept: shorter than load balancers keep theirs, which close it under a request.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// The calls that are made. Both want POST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// For an access token.
    StableToken,
    /// For a verdict.
    VerifySignature,
}

impl Call {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::StableToken, Self::VerifySignature];

    /// For the log and the metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::StableToken => "stable_token",
            Self::VerifySignature => "verify_signature",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::StableToken => "/cgi-bin/stable_token",
            Self::VerifySignature => "/cgi-bin/soter/verify_signature",
        }
    }
}

/// A request. There is no `Debug`: the body has the app's secret in it.
#[derive(Clone)]
pub struct Request<'a> {
    /// What is called.
    pub call: Call,
    /// The access token, for the query: WeChat takes it nowhere else.
    pub access_token: Option<&'a Secret>,
    /// JSON.
    pub body: Bytes,
    /// When there has to be an answer.
    pub deadline: Instant,
}

/// WeChat.
#[async_trait]
pub trait WeChat: Send + Sync {
    /// Asks it, once. What comes back is the body of an answer with HTTP 200.
    ///
    /// # Errors
    ///
    /// [`Failure::Timeout`], [`Failure::Unreachable`], [`Failure::Malformed`].
    async fn post(&self, request: Request<'_>) -> Result<Bytes, Failure>;
}

/// WeChat over HTTP. It follows no redirection, and uses no proxy.
pub struct HttpClient {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    origin: String,
}

impl HttpClient {
    /// For an origin that was [checked](super::origin::check). A host that does not accept a connection within half of `time_limit` is
    /// not waited for.
    ///
    /// # Errors
    ///
    /// TLS is not to be had.
    pub fn new(origin: &str, time_limit: Duration) -> anyhow::Result<Self> {
        let mut http = HttpConnector::new();
        // It is what the connector for https goes on with.
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(CONNECT_TIMEOUT.min(time_limit / 2)));
        // As with PostgreSQL the roots are built in: there may be no file of them.
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .context("no TLS for --upstream")?
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build(connector);
        Ok(Self { client, origin: origin.to_owned() })
    }

    async fn exchange(&self, request: Request<'_>) -> Result<Bytes, Failure> {
        let mut address = format!("{}{}", self.origin, request.call.path());
        if let Some(token) = request.access_token {
            address.push_str("?access_token=");
            address.extend(utf8_percent_encode(token.expose(), NON_ALPHANUMERIC));
        }
        let request = HttpRequest::post(address)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::from(request.body))
            .map_err(|_| Failure::Unreachable("the address cannot be written".to_owned()))?;
        let response =
            self.client.request(request).await.map_err(|error| Failure::Unreachable(causes(&error)))?;
        if response.status() != StatusCode::OK {
            return Err(Failure::Malformed(format!("HTTP {}", response.status().as_u16()).into()));
        }
        match Limited::new(response.into_body(), MAX_ANSWER).collect().await {
            Ok(body) => Ok(body.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => Err(Failure::Malformed("too long".into())),
            Err(error) => Err(Failure::Unreachable(causes(&*error))),
        }
    }
}

#[async_trait]
impl WeChat for HttpClient {
    async fn post(&self, request: Request<'_>) -> Result<Bytes, Failure> {
        timeout_at(request.deadline, self.exchange(request)).await.unwrap_or(Err(Failure::Timeout))
    }
}

/// An error and what it came from. The client's errors have no address in them, in which the access token would be.
fn causes(error: &(dyn Error + 'static)) -> String {
    let all = std::iter::successors(Some(error), |error: &&(dyn Error + 'static)| Error::source(*error));
    all.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
