//! Responses of requests that were processed: `{"errcode":0,"errmsg":"ok","is_ok":true}`. Where `is_ok` is false, `reason` says
//! why, which WeChat's service does not. Where WeChat is asked about results of its own, `by` says whose verdict it is.

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

impl Verdict {
    const fn reason(self) -> Option<Reason> {
        match self {
            Self::Ok => None,
            Self::No(reason) => Some(reason),
        }
    }
}

/// Who checks a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judge {
    /// The service itself: the result is one of the web.
    WebAuthn,
    /// WeChat: the result is one of a mini program.
    WeChat,
}

impl Judge {
    /// As it is in responses and in the audit.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WebAuthn => "webauthn",
            Self::WeChat => "wechat",
        }
    }
}

/// A verdict on a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Whether it holds.
    pub verdict: Verdict,
    /// Who checks such results, where there are two who do.
    pub by: Option<Judge>,
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
    /// The key was removed before. A new key of a device always has another id.
    CredentialRemoved,
    /// The openid has keys, and none of them made a result for the registration.
    ExistingKeyRequired,
    /// The openid has keys, and gets no further ones.
    FurtherKeyNotAllowed,
    /// The result is one of a mini program, and there is no `--upstream` for the app.
    UpstreamNotSet,
    /// WeChat says that the result does not hold.
    RefusedByWeChat,
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
            Self::CredentialRemoved => "credential-removed",
            Self::ExistingKeyRequired => "existing-key-required",
            Self::FurtherKeyNotAllowed => "further-key-not-allowed",
            // It names the setting.
            Self::UpstreamNotSet => "soter-upstream-not-set",
            Self::RefusedByWeChat => "refused-by-wechat",
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

/// Whether a key is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    /// It is.
    Ok {
        /// Its id, base64url.
        cpu_id: String,
    },
    /// It is not, because of the registration or of what the openid has.
    No(Reason),
    /// It is not, because of the result by an existing key.
    NoByResult(Reason),
}

#[derive(Serialize)]
struct Body {
    errcode: i32,
    errmsg: &'static str,
    is_ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'static str>,
    /// What the reason is about, where a call has two things that have reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
}

impl Body {
    fn new(reason: Option<Reason>) -> Self {
        let reason = reason.map(Reason::code);
        Self {
            errcode: 0,
            errmsg: "ok",
            is_ok: reason.is_none(),
            cpu_id: None,
            reason,
            by: None,
            field: None,
        }
    }
}

impl IntoResponse for Body {
    fn into_response(self) -> Response {
        let outcome = Outcome::of(self.reason);
        let mut response = Json(self).into_response();
        response.extensions_mut().insert(outcome);
        response
    }
}

impl IntoResponse for Verdict {
    fn into_response(self) -> Response {
        Body::new(self.reason()).into_response()
    }
}

impl IntoResponse for Judged {
    fn into_response(self) -> Response {
        Body { by: self.by.map(Judge::name), ..Body::new(self.verdict.reason()) }.into_response()
    }
}

impl IntoResponse for Registered {
    fn into_response(self) -> Response {
        let body = match self {
            Self::Ok { cpu_id } => Body { cpu_id: Some(cpu_id), ..Body::new(None) },
            Self::No(reason) => Body::new(Some(reason)),
            Self::NoByResult(reason) => Body { field: Some("json_string"), ..Body::new(Some(reason)) },
        };
        body.into_response()
    }
}
