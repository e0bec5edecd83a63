//! `resultJSON`, the result of `wx.startSoterAuthentication`: the members that WeChat's has on iOS, in its order, and what a
//! server needs to check the signature.

use crate::base64url::{self, Base64UrlBytes};
use crate::error::Error;
use crate::json_string;
use crate::response::AssertionResponse;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The value of `resultJSON`.
///
/// The signature does not cover its text, as it would with SOTER, but only the two parts of [`webauthn`](Self::webauthn).
/// Therefore a verifier compares each other member with those parts, and there are no further ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultJson {
    /// The challenge that the page was given, as text.
    pub raw: String,
    /// The signature counter.
    pub counter: u32,
    /// The user handle; empty where there is none.
    pub uid: Base64UrlBytes,
    /// The credential id.
    pub cpu_id: Base64UrlBytes,
    /// What was signed.
    pub webauthn: WebauthnJson,
}

/// What was signed, and by which key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WebauthnJson {
    /// The credential id.
    pub id: Base64UrlBytes,
    /// `clientDataJSON`
    #[serde(rename = "clientDataJSON")]
    pub client_data_json: Base64UrlBytes,
    /// `authenticatorData`
    pub authenticator_data: Base64UrlBytes,
}

impl ResultJson {
    /// The result of an assertion. Its signature is no part of it, but goes beside it as [base64](crate::base64).
    #[must_use]
    pub fn new(raw: &str, counter: u32, uid: &[u8], response: &AssertionResponse) -> Self {
        Self {
            raw: raw.into(),
            counter,
            uid: Base64UrlBytes(uid.to_vec()),
            cpu_id: Base64UrlBytes(response.id.clone()),
            webauthn: WebauthnJson {
                id: Base64UrlBytes(response.id.clone()),
                client_data_json: Base64UrlBytes(response.client_data_json.clone()),
                authenticator_data: Base64UrlBytes(response.authenticator_data.clone()),
            },
        }
    }

    /// Serializes to JSON without spaces, in the order of the members.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::from(r#"{"raw":"#);
        json_string::push(&mut json, &self.raw);
        let base64url = |bytes: &Base64UrlBytes| base64url::encode(&bytes.0);
        let rest = [
            r#","counter":"#,
            &self.counter.to_string(),
            r#","uid":""#,
            &base64url(&self.uid),
            r#"","cpu_id":""#,
            &base64url(&self.cpu_id),
            r#"","webauthn":{"id":""#,
            &base64url(&self.webauthn.id),
            r#"","clientDataJSON":""#,
            &base64url(&self.webauthn.client_data_json),
            r#"","authenticatorData":""#,
            &base64url(&self.webauthn.authenticator_data),
            r#""}}"#,
        ];
        json.push_str(&rest.concat());
        json
    }

    /// The assertion, with `uid` as its user handle where that is not empty.
    ///
    /// # Errors
    ///
    /// [`Error::ResultKeyMismatch`]: `cpu_id` and `webauthn.id` differ.
    pub fn into_assertion(self, signature: Vec<u8>) -> Result<AssertionResponse, Error> {
        if self.cpu_id != self.webauthn.id {
            return Err(Error::ResultKeyMismatch);
        }
        Ok(AssertionResponse {
            id: self.webauthn.id.0,
            client_data_json: self.webauthn.client_data_json.0,
            authenticator_data: self.webauthn.authenticator_data.0,
            signature,
            user_handle: Some(self.uid.0).filter(|uid| !uid.is_empty()),
        })
    }

    /// Reads the text.
    ///
    /// # Errors
    ///
    /// [`Error::ResultMalformed`]
    #[cfg(feature = "json")]
    pub fn parse(text: &str) -> Result<Self, Error> {
        crate::json_text::object(text).ok_or(Error::ResultMalformed)
    }
}

#[cfg(test)]
mod tests {
    use super::ResultJson;
    use crate::error::Error;
    use crate::response::AssertionResponse;
    use alloc::string::String;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    const TEXT: &str = r#"{"raw":"say \"hi\"","counter":7,"uid":"YW5u","cpu_id":"AQID","webauthn":{"id":"AQID","clientDataJSON":"e30","authenticatorData":"__8"}}"#;

    fn response() -> AssertionResponse {
        AssertionResponse {
            id: [1, 2, 3].to_vec(),
            client_data_json: b"{}".to_vec(),
            authenticator_data: [0xff; 2].to_vec(),
            signature: [9].to_vec(),
            user_handle: Some(b"ann".to_vec()),
        }
    }

    #[test]
    fn it_has_the_form_of_ios_and_webauthns_parts() {
        let json = ResultJson::new("say \"hi\"", 7, b"ann", &response());
        assert_eq!((json.to_json().as_str(), serde_json::to_string(&json).unwrap().as_str()), (TEXT, TEXT));
        assert_eq!(ResultJson::parse(TEXT), Ok(json.clone()));
        assert_eq!(json.into_assertion([9].to_vec()), Ok(response()));
    }

    #[test]
    fn what_has_not_the_form_is_refused() {
        for (good, bad) in [
            ("\"counter\":7", "\"counter\":-1"),
            ("\"counter\":7", "\"counter\":4294967296"),
            ("\"counter\":7", "\"counter\":\"7\""),
            ("\"counter\":7,", ""),
            ("\"uid\"", "\"uid\":\"\",\"uid\""),
            ("\"uid\":\"YW5u\"", "\"uid\":\"YW5u\",\"fid\":0"),
            ("\"e30\"", "\"e30=\""),
            ("\"e30\"", "null"),
            ("}}", ",\"signature\":\"\"}}"),
            ("}}", "}} x"),
        ] {
            assert_eq!(ResultJson::parse(&TEXT.replacen(good, bad, 1)), Err(Error::ResultMalformed), "{bad}");
        }
        let other_key = ResultJson::parse(&TEXT.replacen("AQID", "AQIE", 1)).unwrap();
        assert_eq!(other_key.into_assertion(Vec::new()), Err(Error::ResultKeyMismatch));
    }

    proptest! {
        #[test]
        fn results_come_back(raw: String, counter: u32, uid: Vec<u8>, id: Vec<u8>, data: Vec<u8>) {
            let response = AssertionResponse { id, authenticator_data: data, user_handle: Some(uid.clone()).filter(|uid| !uid.is_empty()), ..response() };
            let json = ResultJson::new(&raw, counter, &uid, &response);
            let read = ResultJson::parse(&json.to_json()).unwrap();
            prop_assert_eq!(&read, &json);
            prop_assert_eq!(read.into_assertion([9].to_vec()), Ok(response));
        }
    }
}
