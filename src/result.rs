//! What calls answer with: the objects that callbacks get, and the result that is signed.

use crate::api::Api;
use crate::device::Answer;
use crate::failure::Failure;
use crate::json::{Json, Members};
use crate::key::Key;
use crate::mode::AuthMode;
use crate::text::concat;

/// What a call that succeeded found; the fields of the other calls are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Success {
    /// The mode that was asked for.
    pub auth_mode: &'static str,
    /// Empty without a challenge.
    pub result_json: String,
    /// Base64; empty without a challenge.
    pub result_json_signature: String,
    /// The supported modes; empty only for WeChat's dialect.
    pub support_mode: Vec<AuthMode>,
    /// Whether a user-verifying authenticator is set up.
    pub is_enrolled: bool,
    /// The RP id and the id of the key that was forgotten; both empty where none was remembered.
    pub forgotten: (String, String),
}

/// The value of `resultJSON`: the members that WeChat's has on iOS, in its order, and what a server needs to check
/// the signature. Binary members are base64url.
#[must_use]
pub fn result_json(challenge: &str, key: &Key, answer: &Answer, sign_count: u32) -> Json {
    let mut webauthn = Members::default();
    webauthn.add_text("id", &key.id);
    webauthn.add_text("clientDataJSON", &answer.client_data_json);
    webauthn.add_text("authenticatorData", &answer.authenticator_data_base64url);
    let mut result = Members::default();
    result.add_text("raw", challenge);
    result.add("counter", Json::Number(sign_count));
    result.add_text("uid", &key.user_handle);
    result.add_text("cpu_id", &key.id);
    result.add("webauthn", Json::Object(webauthn));
    Json::Object(result)
}

/// The object that `success` or `fail`, and then `complete`, gets. A failure carries the fields of a success too,
/// empty, since programs send them on from `complete` without looking.
#[must_use]
pub fn answer(api: Api, outcome: Result<Success, Failure>) -> Json {
    let mut members = Members::default();
    let success = match outcome {
        Ok(success) => {
            members.add_text("errMsg", &concat(&[api.name(), ":ok"]));
            members.add("errCode", Json::Number(0));
            success
        }
        Err(failure) => {
            members.add_text("errMsg", &failure.err_msg(api));
            members.add("errCode", Json::Number(failure.reason().code()));
            members.add_text("reason", failure.reason().as_str());
            if let Some(detail) = failure.detail() {
                members.add_text("detail", detail);
            }
            Success::default()
        }
    };
    match api {
        Api::Start => {
            members.add_text("authMode", success.auth_mode);
            members.add_text("resultJSON", &success.result_json);
            members.add_text("resultJSONSignature", &success.result_json_signature);
        }
        Api::CheckSupport => members.add("supportMode", Json::Modes(success.support_mode)),
        Api::CheckEnrolled => members.add("isEnrolled", Json::Flag(success.is_enrolled)),
        Api::ForgetKey => {
            members.add_text("rpId", &success.forgotten.0);
            members.add_text("credentialId", &success.forgotten.1);
        }
    }
    Json::Object(members)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Success, answer, result_json};
    use crate::api::Api;
    use crate::device::Answer;
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
        let started = Success {
            auth_mode: "facial",
            result_json: "{}".into(),
            result_json_signature: "AA==".into(),
            ..Success::default()
        };
        let supported = Success { support_mode: vec![AuthMode::FingerPrint], ..Success::default() };
        let enrolled = Success { is_enrolled: true, ..Success::default() };
        assert_eq!(
            object(Api::Start, Ok(started)),
            json!({ "errMsg": "startSoterAuthentication:ok", "errCode": 0, "authMode": "facial", "resultJSON": "{}", "resultJSONSignature": "AA==" })
        );
        assert_eq!(
            object(Api::CheckSupport, Ok(supported)),
            json!({ "errMsg": "checkIsSupportSoterAuthentication:ok", "errCode": 0, "supportMode": ["fingerPrint"] })
        );
        assert_eq!(
            object(Api::CheckEnrolled, Ok(enrolled)),
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
        let answered = Answer {
            client_data_json: "e30".into(),
            authenticator_data_base64url: "__8".into(),
            ..Answer::default()
        };
        let key = Key {
            id: "AQID".into(),
            algorithm: Algorithm::Es256,
            public_key: String::new(),
            user_handle: "YW5u".into(),
            ..Key::default()
        };
        let json = serde_json::to_string(&result_json("say \"hi\"", &key, &answered, 7)).unwrap();
        assert_eq!(
            json,
            r#"{"raw":"say \"hi\"","counter":7,"uid":"YW5u","cpu_id":"AQID","webauthn":{"id":"AQID","clientDataJSON":"e30","authenticatorData":"__8"}}"#
        );
    }
}
