//! What calls answer with: the objects that callbacks get, and the result that is signed.

use crate::api::Api;
use crate::device::Assertion;
use crate::failure::Failure;
use crate::json::Json;
use crate::key::Key;
use crate::mode::AuthMode;
use crate::text::concat;

/// What a call that succeeded found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Success {
    /// The person was verified.
    Started(Started),
    /// The supported modes; empty only for WeChat's dialect.
    Supported(Vec<AuthMode>),
    /// Whether a user-verifying authenticator is set up.
    Enrolled(bool),
}

/// The answer of `startSoterAuthentication`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Started {
    /// The mode that was asked for.
    pub auth_mode: &'static str,
    /// Empty without a challenge.
    pub result_json: String,
    /// Base64; empty without a challenge.
    pub result_json_signature: String,
}

/// The value of `resultJSON`: the members that WeChat's has on iOS, in its order, and what a server needs to check
/// the signature. Binary members are base64url.
#[must_use]
pub fn result_json(challenge: &str, key: &Key, assertion: &Assertion, sign_count: u32) -> Json {
    Json::Object(vec![
        ("raw", challenge.into()),
        ("counter", Json::Number(sign_count)),
        ("uid", key.user_handle.as_str().into()),
        ("cpu_id", key.id.as_str().into()),
        (
            "webauthn",
            Json::Object(vec![
                ("id", key.id.as_str().into()),
                ("clientDataJSON", assertion.client_data_json.as_str().into()),
                ("authenticatorData", assertion.authenticator_data_base64url.as_str().into()),
            ]),
        ),
    ])
}

/// The object that `success` or `fail`, and then `complete`, gets. A failure carries the fields of a success too,
/// empty, since programs send them on from `complete` without looking.
#[must_use]
pub fn answer(api: Api, outcome: Result<Success, Failure>) -> Json {
    let (err_msg, err_code) = match &outcome {
        Ok(_) => (concat(&[api.name(), ":ok"]), 0),
        Err(failure) => (failure.err_msg(api), failure.reason().code()),
    };
    let mut members = vec![("errMsg", Json::Text(err_msg)), ("errCode", Json::Number(err_code))];
    let success = outcome.unwrap_or_else(|failure| {
        members.push(("reason", failure.reason().as_str().into()));
        if let Some(detail) = failure.detail() {
            members.push(("detail", detail.into()));
        }
        match api {
            Api::Start => Success::Started(Started::default()),
            Api::CheckSupport => Success::Supported(Vec::new()),
            Api::CheckEnrolled => Success::Enrolled(false),
        }
    });
    match success {
        Success::Started(started) => {
            members.push(("authMode", started.auth_mode.into()));
            members.push(("resultJSON", Json::Text(started.result_json)));
            members.push(("resultJSONSignature", Json::Text(started.result_json_signature)));
        }
        Success::Supported(modes) => {
            members.push(("supportMode", Json::Texts(modes.into_iter().map(AuthMode::as_str).collect())));
        }
        Success::Enrolled(is_enrolled) => members.push(("isEnrolled", Json::Flag(is_enrolled))),
    }
    Json::Object(members)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Started, Success, answer, result_json};
    use crate::api::Api;
    use crate::device::Assertion;
    use crate::failure::{Failure, Reason};
    use crate::key::Key;
    use crate::mode::AuthMode;
    use crate::signature::Algorithm;
    use serde_json::json;

    fn object(api: Api, outcome: Result<Success, Failure>) -> serde_json::Value {
        serde_json::to_value(answer(api, outcome)).unwrap()
    }

    #[test]
    fn successes_have_wechats_fields() {
        let started =
            Started { auth_mode: "facial", result_json: "{}".into(), result_json_signature: "AA==".into() };
        assert_eq!(
            object(Api::Start, Ok(Success::Started(started))),
            json!({ "errMsg": "startSoterAuthentication:ok", "errCode": 0, "authMode": "facial", "resultJSON": "{}", "resultJSONSignature": "AA==" })
        );
        assert_eq!(
            object(Api::CheckSupport, Ok(Success::Supported(vec![AuthMode::FingerPrint]))),
            json!({ "errMsg": "checkIsSupportSoterAuthentication:ok", "errCode": 0, "supportMode": ["fingerPrint"] })
        );
        assert_eq!(
            object(Api::CheckEnrolled, Ok(Success::Enrolled(true))),
            json!({ "errMsg": "checkIsSoterEnrolledInDevice:ok", "errCode": 0, "isEnrolled": true })
        );
    }

    #[test]
    fn failures_carry_the_fields_of_success_empty() {
        let failure = || Failure::with_detail(Reason::NoWebauthn, "why");
        assert_eq!(
            object(Api::Start, Err(failure())),
            json!({ "errMsg": "startSoterAuthentication:fail not support soter", "errCode": 90001, "reason": "no-webauthn", "detail": "why",
                    "authMode": "", "resultJSON": "", "resultJSONSignature": "" })
        );
        assert_eq!(
            object(Api::CheckSupport, Err(failure())),
            json!({ "errMsg": "checkIsSupportSoterAuthentication:fail not support", "errCode": 90001, "reason": "no-webauthn", "detail": "why", "supportMode": [] })
        );
        assert_eq!(
            object(Api::CheckEnrolled, Err(Failure::new(Reason::NoWebauthn))),
            json!({ "errMsg": "checkIsSoterEnrolledInDevice:fail not support", "errCode": 90001, "reason": "no-webauthn", "isEnrolled": false })
        );
    }

    #[test]
    fn result_json_has_the_form_of_ios_and_webauthns_parts() {
        let assertion = Assertion {
            client_data_json: "e30".into(),
            authenticator_data_base64url: "__8".into(),
            ..Assertion::default()
        };
        let key = Key {
            id: "AQID".into(),
            algorithm: Algorithm::Es256,
            public_key: String::new(),
            user_handle: "YW5u".into(),
            refusals: 0,
        };
        let json = serde_json::to_string(&result_json("say \"hi\"", &key, &assertion, 7)).unwrap();
        assert_eq!(
            json,
            r#"{"raw":"say \"hi\"","counter":7,"uid":"YW5u","cpu_id":"AQID","webauthn":{"id":"AQID","clientDataJSON":"e30","authenticatorData":"__8"}}"#
        );
    }
}
