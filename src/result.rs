//! What calls answer with: the objects that callbacks get, and the result that is signed.

use crate::api::Api;
use crate::authenticator_data::AuthenticatorData;
use crate::base64url;
use crate::device::Assertion;
use crate::failure::Failure;
use crate::key::Key;
use crate::mode::AuthMode;
use serde::Serialize;

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// The mode that was asked for.
    pub auth_mode: AuthMode,
    /// Empty without a challenge.
    pub result_json: String,
    /// Base64; empty without a challenge.
    pub result_json_signature: String,
}

/// The value of `resultJSON`: the members that WeChat's has on iOS, in its order, and what a server needs to check
/// the signature. Binary members are base64url.
#[derive(Debug, Serialize)]
pub struct ResultJson<'a> {
    raw: &'a str,
    counter: u32,
    uid: String,
    cpu_id: String,
    webauthn: SignedParts,
}

#[derive(Debug, Serialize)]
struct SignedParts {
    id: String,
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    #[serde(rename = "authenticatorData")]
    authenticator_data: String,
}

impl<'a> ResultJson<'a> {
    /// From a checked assertion.
    #[must_use]
    pub fn new(challenge: &'a str, key: &Key, assertion: &Assertion, data: &AuthenticatorData) -> Self {
        let id = base64url::encode(&key.id);
        Self {
            raw: challenge,
            counter: data.sign_count,
            uid: base64url::encode(&key.user_handle),
            cpu_id: id.clone(),
            webauthn: SignedParts {
                id,
                client_data_json: base64url::encode(&assertion.client_data_json),
                authenticator_data: base64url::encode(&assertion.authenticator_data),
            },
        }
    }
}

/// The object that `success` or `fail`, and then `complete`, gets.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    err_msg: String,
    err_code: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_mode: Option<&'static str>,
    #[serde(rename = "resultJSON", skip_serializing_if = "Option::is_none")]
    result_json: Option<String>,
    #[serde(rename = "resultJSONSignature", skip_serializing_if = "Option::is_none")]
    result_json_signature: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_mode: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_enrolled: Option<bool>,
}

impl Answer {
    /// The object for what came of a call. A failure carries the fields of a success too, empty, since programs send
    /// them on from `complete` without looking.
    #[must_use]
    pub fn new(api: Api, outcome: Result<Success, Failure>) -> Self {
        let mut answer = Self {
            err_msg: [api.name(), ":ok"].concat(),
            err_code: 0,
            reason: None,
            detail: None,
            auth_mode: None,
            result_json: None,
            result_json_signature: None,
            support_mode: None,
            is_enrolled: None,
        };
        match outcome {
            Ok(Success::Started(started)) => {
                answer.auth_mode = Some(started.auth_mode.as_str());
                answer.result_json = Some(started.result_json);
                answer.result_json_signature = Some(started.result_json_signature);
            }
            Ok(Success::Supported(modes)) => {
                answer.support_mode = Some(modes.into_iter().map(AuthMode::as_str).collect());
            }
            Ok(Success::Enrolled(is_enrolled)) => answer.is_enrolled = Some(is_enrolled),
            Err(failure) => answer.fail(api, &failure),
        }
        answer
    }

    fn fail(&mut self, api: Api, failure: &Failure) {
        self.err_msg = failure.err_msg(api);
        self.err_code = failure.reason().code();
        self.reason = Some(failure.reason().as_str());
        self.detail = failure.detail().map(str::to_owned);
        match api {
            Api::Start => {
                self.auth_mode = Some("");
                self.result_json = Some(String::new());
                self.result_json_signature = Some(String::new());
            }
            Api::CheckSupport => self.support_mode = Some(Vec::new()),
            Api::CheckEnrolled => self.is_enrolled = Some(false),
        }
    }

    /// The `errMsg`.
    #[must_use]
    pub fn err_msg(&self) -> &str {
        &self.err_msg
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Answer, ResultJson, Started, Success};
    use crate::api::Api;
    use crate::authenticator_data::AuthenticatorData;
    use crate::device::Assertion;
    use crate::failure::{Failure, Reason};
    use crate::key::Key;
    use crate::mode::AuthMode;
    use crate::vectors;
    use serde_json::json;

    fn answer(api: Api, outcome: Result<Success, Failure>) -> serde_json::Value {
        serde_json::to_value(Answer::new(api, outcome)).unwrap()
    }

    #[test]
    fn successes_have_wechats_fields() {
        let started = Started {
            auth_mode: AuthMode::Facial,
            result_json: "{}".into(),
            result_json_signature: "AA==".into(),
        };
        assert_eq!(
            answer(Api::Start, Ok(Success::Started(started))),
            json!({ "errMsg": "startSoterAuthentication:ok", "errCode": 0, "authMode": "facial", "resultJSON": "{}", "resultJSONSignature": "AA==" })
        );
        assert_eq!(
            answer(
                Api::CheckSupport,
                Ok(Success::Supported(vec![AuthMode::FingerPrint]))
            ),
            json!({ "errMsg": "checkIsSupportSoterAuthentication:ok", "errCode": 0, "supportMode": ["fingerPrint"] })
        );
        assert_eq!(
            answer(Api::CheckEnrolled, Ok(Success::Enrolled(true))),
            json!({ "errMsg": "checkIsSoterEnrolledInDevice:ok", "errCode": 0, "isEnrolled": true })
        );
    }

    #[test]
    fn failures_carry_the_fields_of_success_empty() {
        let failure = || Failure::with_detail(Reason::NoWebauthn, "why");
        assert_eq!(
            answer(Api::Start, Err(failure())),
            json!({ "errMsg": "startSoterAuthentication:fail not support soter", "errCode": 90001, "reason": "no-webauthn", "detail": "why",
                    "authMode": "", "resultJSON": "", "resultJSONSignature": "" })
        );
        assert_eq!(
            answer(Api::CheckSupport, Err(failure())),
            json!({ "errMsg": "checkIsSupportSoterAuthentication:fail not support", "errCode": 90001, "reason": "no-webauthn", "detail": "why", "supportMode": [] })
        );
        assert_eq!(
            answer(Api::CheckEnrolled, Err(Failure::new(Reason::NoWebauthn))),
            json!({ "errMsg": "checkIsSoterEnrolledInDevice:fail not support", "errCode": 90001, "reason": "no-webauthn", "isEnrolled": false })
        );
    }

    #[test]
    fn result_json_has_the_form_of_ios_and_webauthns_parts() {
        let vector = &vectors::ALL[0];
        let assertion = Assertion {
            id: vec![1, 2, 3],
            client_data_json: b"{}".to_vec(),
            authenticator_data: vec![0xff; 2],
            signature: vec![],
        };
        let key = Key {
            id: vec![1, 2, 3],
            algorithm: vector.algorithm,
            public_key: vec![],
            user_handle: b"ann".to_vec(),
            refusals: 0,
        };
        let mut data = AuthenticatorData::parse(&vector.assertion_authenticator_data()).unwrap();
        data.sign_count = 7;
        let json = serde_json::to_string(&ResultJson::new("say \"hi\"", &key, &assertion, &data)).unwrap();
        assert_eq!(
            json,
            r#"{"raw":"say \"hi\"","counter":7,"uid":"YW5u","cpu_id":"AQID","webauthn":{"id":"AQID","clientDataJSON":"e30","authenticatorData":"__8"}}"#
        );
    }
}
