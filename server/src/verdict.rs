//! Responses of requests that were processed: `{"errcode":0,"errmsg":"ok","is_ok":true}`. Where `is_ok` is false, `reason` says
//! why, which WeChat's service does not.

use crate::observation::Outcome;
use crate::store::Unspendable;
use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Whether what was sent holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Ok,
    /// It does not.
    No(Reason),
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A step of WebAuthn's, or the result's form.
    Verification(wx_soter_verifier::Error),
    /// The challenge was used before.
    ChallengeUsed,
    /// The challenge was issued too long ago.
    ChallengeExpired,
    /// The challenge was not issued to this openid by get_challenge.
    ChallengeUnknown,
    /// The openid has as many keys as it may have.
    TooManyKeys,
}

impl Reason {
    /// A short text that does not change, for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Verification(error) => error.code(),
            Self::ChallengeUsed => "challenge-used",
            Self::ChallengeExpired => "challenge-expired",
            Self::ChallengeUnknown => "challenge-unknown",
            Self::TooManyKeys => "too-many-keys",
        }
    }
}

impl From<Unspendable> for Reason {
    fn from(unspendable: Unspendable) -> Self {
        match unspendable {
            Unspendable::SpentBefore => Self::ChallengeUsed,
            Unspendable::Expired => Self::ChallengeExpired,
            Unspendable::NotIssued => Self::ChallengeUnknown,
        }
    }
}

impl From<wx_soter_verifier::Error> for Reason {
    fn from(error: wx_soter_verifier::Error) -> Self {
        Self::Verification(error)
    }
}

#[derive(Serialize)]
struct Body {
    errcode: i32,
    errmsg: &'static str,
    is_ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

impl IntoResponse for Verdict {
    fn into_response(self) -> Response {
        let reason = match self {
            Self::Ok => None,
            Self::No(reason) => Some(reason.code()),
        };
        let body = Body { errcode: 0, errmsg: "ok", is_ok: reason.is_none(), reason };
        let mut response = Json(body).into_response();
        response.extensions_mut().insert(Outcome::of(reason));
        response
    }
}
