//! What WeChat answers. Whatever has not the form of a yes is none.

use super::failure::Failure;
use crate::secret::Secret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// What WeChat says of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// `is_ok` is true.
    Yes,
    /// `is_ok` is false; WeChat does not say why.
    No,
}

impl Answer {
    /// For the metrics.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Yes => "ok",
            Self::No => "no",
        }
    }
}

/// An access token, and for how long WeChat takes it.
#[derive(Clone, Debug)]
pub struct FreshToken {
    /// The token.
    pub token: Secret,
    /// A second at least.
    pub expires_in: Duration,
}

/// WeChat's tokens have some 136 characters, and are to have at most 512.
const MAX_TOKEN_SIZE: usize = 512;

/// No token is good for longer, whatever is said of it.
const MAX_LIFETIME: Duration = Duration::from_secs(7200);

#[derive(Deserialize)]
struct VerdictJson {
    errcode: Option<i64>,
    is_ok: Option<bool>,
}

#[derive(Deserialize)]
struct TokenJson {
    errcode: Option<i64>,
    access_token: Option<String>,
    expires_in: Option<i64>,
}

/// Reads the answer of `verify_signature`: `{"errcode":0,"errmsg":"ok","is_ok":true}`.
///
/// # Errors
///
/// [`Failure::Refused`], [`Failure::Malformed`].
pub fn verdict(body: &[u8]) -> Result<Answer, Failure> {
    let VerdictJson { errcode, is_ok } = object(body)?;
    match (errcode, is_ok) {
        (Some(code), _) if code != 0 => Err(Failure::Refused(code)),
        (Some(_), Some(true)) => Ok(Answer::Yes),
        // WeChat's own example of a no has nothing else in it.
        (_, Some(false)) => Ok(Answer::No),
        (None, Some(true)) => Err(Failure::Malformed("is_ok without errcode".into())),
        (_, None) => Err(Failure::Malformed("no is_ok".into())),
    }
}

/// Reads the answer of `stable_token`: `{"access_token":"…","expires_in":7200}`.
///
/// # Errors
///
/// [`Failure::Refused`], [`Failure::Malformed`].
pub fn token(body: &[u8]) -> Result<FreshToken, Failure> {
    let TokenJson { errcode, access_token, expires_in } = object(body)?;
    if let Some(code) = errcode.filter(|code| *code != 0) {
        return Err(Failure::Refused(code));
    }
    let is_token = |token: &String| {
        (1..=MAX_TOKEN_SIZE).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let token = access_token.filter(is_token).ok_or(Failure::Malformed("no access_token".into()))?;
    let expires_in =
        expires_in.and_then(|seconds| u64::try_from(seconds).ok()).filter(|seconds| *seconds > 0);
    let expires_in = Duration::from_secs(expires_in.ok_or(Failure::Malformed("no expires_in".into()))?);
    Ok(FreshToken { token: Secret::new(token), expires_in: expires_in.min(MAX_LIFETIME) })
}

/// Members that are read must not be there twice.
fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    // Serde would take an array for a struct.
    let is_object = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    let read = is_object.then(|| serde_json::from_slice(body).ok()).flatten();
    read.ok_or(Failure::Malformed("no JSON of the call's form".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_the_form_of_a_yes_is_one() {
        for yes in [
            r#"{"errcode":0,"errmsg":"ok","is_ok":true}"#,
            r#" {"is_ok":true,"errmsg":"ok","errcode":0,"root":false} "#,
        ] {
            assert_eq!(verdict(yes.as_bytes()), Ok(Answer::Yes), "{yes}");
        }
        for no in [r#"{"errcode":0,"errmsg":"ok","is_ok":false}"#, r#"{"is_ok":false}"#] {
            assert_eq!(verdict(no.as_bytes()), Ok(Answer::No), "{no}");
        }
        for (refused, code) in [
            (r#"{"errcode":40001,"errmsg":"invalid credential"}"#, 40001),
            (r#"{"errcode":-1,"errmsg":"system error","is_ok":true}"#, -1),
            (r#"{"errcode":1,"is_ok":false}"#, 1),
        ] {
            assert_eq!(verdict(refused.as_bytes()), Err(Failure::Refused(code)), "{refused}");
        }
        for rubbish in [
            "",
            "ok",
            "true",
            "null",
            "[]",
            "[0,true]",
            "{}",
            r#"{"errcode":0,"errmsg":"ok"}"#,
            r#"{"is_ok":true}"#,
            r#"{"errcode":null,"is_ok":true}"#,
            r#"{"errcode":"0","is_ok":true}"#,
            r#"{"errcode":0,"is_ok":"true"}"#,
            r#"{"errcode":0,"is_ok":1}"#,
            r#"{"errcode":0,"is_ok":null}"#,
            r#"{"errcode":0,"is_ok":false,"is_ok":true}"#,
            r#"{"errcode":40001,"errcode":0,"is_ok":true}"#,
            r#"{"errcode":0,"is_ok":true}x"#,
            r#"{"errcode":0,"is_ok":true"#,
            "<html>{\"errcode\":0,\"is_ok\":true}</html>",
        ] {
            assert!(matches!(verdict(rubbish.as_bytes()), Err(Failure::Malformed(_))), "{rubbish}");
        }
    }

    #[test]
    fn only_a_token_is_one() {
        let fresh = token(br#"{"access_token":"68_abc-DEF","expires_in":7199}"#);
        assert!(matches!(
            fresh,
            Ok(FreshToken { token, expires_in }) if token.expose() == "68_abc-DEF" && expires_in.as_secs() == 7199
        ));
        let lasting = token(br#"{"access_token":"x","expires_in":9000000}"#);
        assert!(matches!(lasting, Ok(FreshToken { expires_in, .. }) if expires_in == MAX_LIFETIME));
        let refused =
            token(br#"{"errcode":40125,"errmsg":"invalid appsecret","access_token":"x","expires_in":1}"#);
        assert_eq!(refused.err(), Some(Failure::Refused(40125)));
        let long = format!(r#"{{"access_token":"{}","expires_in":7200}}"#, "x".repeat(MAX_TOKEN_SIZE + 1));
        for rubbish in [
            "{}",
            r#"{"access_token":"x"}"#,
            r#"{"access_token":"","expires_in":7200}"#,
            r#"{"access_token":"x y","expires_in":7200}"#,
            r#"{"access_token":"x\ny","expires_in":7200}"#,
            r#"{"access_token":"x","expires_in":0}"#,
            r#"{"access_token":"x","expires_in":-7200}"#,
            r#"{"access_token":"x","expires_in":"7200"}"#,
            r#"["x",7200]"#,
            &long,
        ] {
            assert!(matches!(token(rubbish.as_bytes()), Err(Failure::Malformed(_))), "{rubbish}");
        }
    }
}
