//! Errors of requests, in WeChat's form: `{"errcode":40001,"errmsg":"invalid credential"}`. The numbers and words are those
//! of WeChat's table of return codes, so that a backend's own handling of them goes on working; WeChat responds with HTTP 200
//! to all of them, and so does the service.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Why a request failed. (A result that does not hold is no failure: `is_ok` is false.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The service or its database failed, or took too long. Trying again may help.
    #[error("system error")]
    System,
    /// The database failed; to the caller it is the same.
    #[error("system error")]
    Database,
    /// WeChat was asked about a result, and said neither yes nor no. Nothing is spent.
    #[error("system error: no verdict of WeChat")]
    NoVerdictOfWeChat,
    /// The access token is none of the configured ones.
    #[error("invalid credential, access_token is invalid or not latest")]
    InvalidCredential,
    /// Not `client_credential`.
    #[error("invalid grant_type")]
    InvalidGrantType,
    /// `openid` has no registered key, or is no openid: over 128 bytes, or with control characters.
    #[error("invalid openid")]
    InvalidOpenid,
    /// `appid` is none of the configured ones.
    #[error("invalid appid")]
    InvalidAppid,
    /// The secret is not that of the `appid`.
    #[error("invalid appsecret")]
    InvalidSecret,
    /// There is no such call.
    #[error("invalid url")]
    InvalidUrl,
    /// A field is missing, null, or an empty text.
    #[error("{} missing", .0.name())]
    Missing(Field),
    /// The access token has expired.
    #[error("access_token expired")]
    TokenExpired,
    /// The call wants GET.
    #[error("require GET method")]
    GetRequired,
    /// The call wants POST.
    #[error("require POST method")]
    PostRequired,
    /// The body is empty.
    #[error("empty post data")]
    EmptyBody,
    /// The body did not come to its end: the client is slow, or gone.
    #[error("post data incomplete")]
    IncompleteBody,
    /// The body is larger than [`crate::body::MAX_SIZE`].
    #[error("content size out of limit")]
    TooLarge,
    /// WeChat takes no more calls of the app today.
    #[error("reach max api daily quota limit")]
    WeChatQuota,
    /// Too many calls with one access token; or WeChat says so of the app.
    #[error("api minute-quota reach limit, must slower, retry next minute")]
    TooManyCalls,
    /// Too many calls for one openid.
    #[error("too many calls for this openid, must slower, retry in a second")]
    TooManyCallsForOpenid,
    /// The openid has as many open challenges as it may have.
    #[error("too many open challenges for this openid, use one or retry when they are expired")]
    TooManyChallenges,
    /// There is room on the disk for results alone.
    #[error("no room for new challenges, retry later")]
    NoRoom,
    /// The body is no JSON object of the call's form.
    #[error("data format error")]
    Malformed,
}

/// The fields that a call may miss. WeChat has numbers for the first four; the others are the service's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `access_token`
    AccessToken,
    /// `appid`
    Appid,
    /// `secret`
    Secret,
    /// `openid`
    Openid,
    /// `json_string`
    JsonString,
    /// `json_signature`
    JsonSignature,
    /// `registration`
    Registration,
    /// `cpu_id`
    CpuId,
}

impl Field {
    const fn name(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::Appid => "appid",
            Self::Secret => "appsecret",
            Self::Openid => "openid",
            Self::JsonString => "json_string",
            Self::JsonSignature => "json_signature",
            Self::Registration => "registration",
            Self::CpuId => "cpu_id",
        }
    }

    const fn code(self) -> i32 {
        match self {
            Self::AccessToken => 41001,
            Self::Appid => 41002,
            Self::Secret => 41004,
            Self::Openid => 41009,
            Self::JsonString => 41901,
            Self::JsonSignature => 41902,
            Self::Registration => 41903,
            Self::CpuId => 41904,
        }
    }
}

impl Error {
    /// WeChat's number.
    #[must_use]
    pub const fn code(self) -> i32 {
        match self {
            Self::System | Self::Database | Self::NoVerdictOfWeChat => -1,
            Self::InvalidCredential => 40001,
            Self::InvalidGrantType => 40002,
            Self::InvalidOpenid => 40003,
            Self::InvalidAppid => 40013,
            Self::InvalidSecret => 40125,
            Self::InvalidUrl => 40066,
            Self::Missing(field) => field.code(),
            Self::TokenExpired => 42001,
            Self::GetRequired => 43001,
            Self::PostRequired => 43002,
            Self::EmptyBody => 44002,
            Self::IncompleteBody => 44901,
            Self::TooLarge => 45002,
            Self::WeChatQuota => 45009,
            Self::TooManyCalls => 45011,
            Self::TooManyCallsForOpenid => 45901,
            Self::TooManyChallenges => 45902,
            Self::NoRoom => 45903,
            Self::Malformed => 47001,
        }
    }
}

/// Details go to the log, not to the caller.
impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        metrics::counter!("soter_database_errors_total").increment(1);
        tracing::error!(%error, "the database failed");
        Self::Database
    }
}

impl From<getrandom::Error> for Error {
    fn from(error: getrandom::Error) -> Self {
        tracing::error!(%error, "no random numbers");
        Self::System
    }
}

/// On a response: whether the service is ready may have changed.
#[derive(Clone, Copy, Debug)]
pub struct DatabaseFailed;

#[derive(Serialize)]
struct Body {
    errcode: i32,
    errmsg: String,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = Json(Body { errcode: self.code(), errmsg: self.to_string() }).into_response();
        // For the log and the metrics.
        response.extensions_mut().insert(crate::observation::Outcome::Error(self.code()));
        if self == Self::Database {
            response.extensions_mut().insert(DatabaseFailed);
        }
        response
    }
}
