//! Why there is no verdict of WeChat's.

use crate::error::Error;
use std::borrow::Cow;

/// The numbers of WeChat's that the metrics tell apart, and what they mean to whoever runs the service.
const KNOWN: [(i64, &str, &str); 13] = [
    (-1, "-1", "WeChat is busy"),
    (40001, "40001", "the access token or the secret is wrong"),
    (40003, "40003", "the openid is none of this app"),
    (40013, "40013", "there is no such APPID: look at --upstream-app"),
    (40014, "40014", "the access token is wrong"),
    (40125, "40125", "the secret is wrong: look at --upstream-app"),
    (40164, "40164", "the address of this machine is not in the app's list of IP addresses at WeChat"),
    (40243, "40243", "the secret is frozen at WeChat"),
    (42001, "42001", "the access token has expired"),
    (45009, "45009", "the app's quota of calls is used up"),
    (45011, "45011", "the app calls too often"),
    (48001, "48001", "the app has no right to this call"),
    (50002, "50002", "the app is blocked at WeChat"),
];

/// Why. None of it has a secret, an access token or an openid in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No answer came in the time that there was.
    #[error("no answer in time")]
    Timeout,
    /// As many results wait for WeChat as may; it was not asked.
    #[error("too many results wait for WeChat already")]
    Busy,
    /// There was no connection, or it broke.
    #[error("no connection: {0}")]
    Unreachable(String),
    /// What came is nothing that WeChat would say.
    #[error("the answer is not WeChat's: {0}")]
    Malformed(Cow<'static, str>),
    /// WeChat said an `errcode` other than 0. Its `errmsg` is not repeated: who knows what is in it.
    #[error("errcode {0}: {meaning}", meaning = meaning(*.0))]
    Refused(i64),
}

impl Failure {
    /// For the metrics: one of few.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Busy => "busy",
            Self::Unreachable(_) => "unreachable",
            Self::Malformed(_) => "malformed",
            Self::Refused(code) => {
                KNOWN.iter().find(|known| known.0 == *code).map_or("other-errcode", |known| known.1)
            }
        }
    }

    /// All names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ["timeout", "busy", "unreachable", "malformed", "other-errcode"]
            .into_iter()
            .chain(KNOWN.iter().map(|known| known.1))
    }

    /// Whether another access token may help: this one is wrong, or has expired.
    #[must_use]
    pub const fn is_token_error(&self) -> bool {
        matches!(self, Self::Refused(40001 | 40014 | 42001))
    }
}

fn meaning(code: i64) -> &'static str {
    KNOWN.iter().find(|known| known.0 == code).map_or("see WeChat's list of return codes", |known| known.2)
}

/// What the caller can do something about has WeChat's number. A wrong access token of the service's own would have it fetch another
/// of its tokens in vain.
impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(40003) => Self::InvalidOpenid,
            Failure::Refused(45009) => Self::WeChatQuota,
            Failure::Refused(45011) => Self::TooManyCalls,
            Failure::Refused(_)
            | Failure::Timeout
            | Failure::Busy
            | Failure::Unreachable(_)
            | Failure::Malformed(_) => Self::NoVerdictOfWeChat,
        }
    }
}
