//! What calls return: the objects that callbacks get, and the result that is signed.

use crate::api::Api;
use crate::failure::Failure;
use crate::mode::AuthMode;
use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use wx_soter_webauthn::base64;
use wx_soter_webauthn::response::AssertionResponse;
use wx_soter_webauthn::result_json::ResultJson;

/// What a call has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Success {
    /// The person was verified.
    Authenticated {
        /// `authMode`
        mode: AuthMode,
        /// What was signed; `None` where there was no challenge.
        result: Option<SignedResult>,
    },
    /// `supportMode`
    Supported(Vec<AuthMode>),
    /// `isEnrolled`
    Enrolled(bool),
    /// Whether there was a key to forget.
    Forgotten(bool),
}

/// A result with its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedResult {
    /// `resultJSON`
    pub json: String,
    /// `resultJSONSignature`, base64 with padding.
    pub signature: String,
}

impl SignedResult {
    /// The result in the form that WeChat returns on iOS, with one field more.
    #[must_use]
    pub fn new(challenge: &str, user_handle: &[u8], response: &AssertionResponse, sign_count: u32) -> Self {
        let result = ResultJson::new(challenge, sign_count, user_handle, response);
        Self { json: result.to_json(), signature: base64::encode(&response.signature) }
    }
}

/// The object that callbacks and promise get.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The call.
    pub api: Api,
    /// What became of it.
    pub result: Result<Success, Failure>,
}

impl Serialize for Outcome {
    /// As WeChat's, with the fields of a success in a failure too, empty.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Outcome", 7)?;
        match &self.result {
            Ok(_) => {
                object.serialize_field("errMsg", &[self.api.name(), ":ok"].concat())?;
                object.serialize_field("errCode", &0)?;
            }
            Err(failure) => {
                object.serialize_field("errMsg", &failure.err_msg(self.api))?;
                object.serialize_field("errCode", &failure.reason().code())?;
                object.serialize_field("reason", failure.reason().as_str())?;
                if let Some(detail) = failure.detail() {
                    object.serialize_field("detail", detail)?;
                }
            }
        }
        match (self.api, self.result.as_ref().ok()) {
            (Api::Start, success) => {
                let (mode, result) = match success {
                    Some(Success::Authenticated { mode, result }) => (mode.as_str(), result.as_ref()),
                    _ => ("", None),
                };
                object.serialize_field("authMode", mode)?;
                object.serialize_field("resultJSON", result.map_or("", |result| &result.json))?;
                object
                    .serialize_field("resultJSONSignature", result.map_or("", |result| &result.signature))?;
            }
            (Api::CheckSupport, Some(Success::Supported(modes))) => {
                let names: Vec<_> = modes.iter().map(|mode| mode.as_str()).collect();
                object.serialize_field("supportMode", &names)?;
            }
            (Api::CheckSupport, _) => object.serialize_field("supportMode", &[""; 0])?,
            (Api::CheckEnrolled, success) => {
                object.serialize_field("isEnrolled", &matches!(success, Some(Success::Enrolled(true))))?;
            }
            (Api::ForgetKey, success) => {
                object
                    .serialize_field("wasRemembered", &matches!(success, Some(Success::Forgotten(true))))?;
            }
        }
        object.end()
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Outcome, SignedResult, Success};
    use crate::api::Api;
    use crate::failure::{Failure, Reason};
    use crate::mode::AuthMode;
    use serde_json::json;
    use wx_soter_webauthn::response::AssertionResponse;

    fn object(api: Api, result: Result<Success, Failure>) -> serde_json::Value {
        serde_json::to_value(Outcome { api, result }).unwrap()
    }

    #[test]
    fn successes_have_wechats_fields() {
        let result = Some(SignedResult { json: "{}".into(), signature: "AA==".into() });
        let started = Success::Authenticated { mode: AuthMode::Facial, result };
        assert_eq!(
            object(Api::Start, Ok(started)),
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
        let response = AssertionResponse {
            id: vec![1, 2, 3],
            client_data_json: b"{}".to_vec(),
            authenticator_data: vec![255, 255],
            signature: vec![0],
            user_handle: None,
        };
        let result = SignedResult::new("say \"hi\"", b"ann", &response, 7);
        assert_eq!(
            result.json,
            r#"{"raw":"say \"hi\"","counter":7,"uid":"YW5u","cpu_id":"AQID","webauthn":{"id":"AQID","clientDataJSON":"e30","authenticatorData":"__8"}}"#
        );
        assert_eq!(result.signature, "AA==");
    }
}
