//! The JSON forms of responses (§5.1): what `toJSON()` gives, and what pages send to servers.

use crate::attestation_object::AttestationObject;
use crate::authenticator_data::AuthenticatorData;
use crate::base64url::Base64UrlBytes;
use crate::cose_key::PublicKey;
use crate::error::Error;
use crate::response::{AssertionResponse, AttestationResponse};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The only type of credential that there is (§5.8.2).
const PUBLIC_KEY: &str = "public-key";

/// `RegistrationResponseJSON`. What only repeats the attestation object is written and not read, and so is the attachment:
/// nobody signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationResponseJson {
    /// The credential id.
    pub id: Base64UrlBytes,
    /// The same.
    pub raw_id: Base64UrlBytes,
    /// `type`, which is `public-key`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The authenticator's response.
    pub response: AttestationResponseJson,
    /// `platform` or `cross-platform`, where the client says so. Not read.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub authenticator_attachment: Option<String>,
    /// The names in `clientExtensionResults`, whose values nobody looks at; written as an empty object.
    #[serde(rename = "clientExtensionResults", default)]
    #[serde(deserialize_with = "member_names", serialize_with = "empty_object")]
    pub client_extensions: Vec<String>,
}

/// `AuthenticatorAttestationResponseJSON`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttestationResponseJson {
    /// `clientDataJSON`
    #[serde(rename = "clientDataJSON")]
    pub client_data_json: Base64UrlBytes,
    /// `attestationObject`
    pub attestation_object: Base64UrlBytes,
    /// The authenticator data of the attestation object. Not read.
    #[serde(skip_deserializing)]
    pub authenticator_data: Base64UrlBytes,
    /// `transports`, which may be missing.
    #[serde(default)]
    pub transports: Vec<String>,
    /// The new key as `SubjectPublicKeyInfo`. Not read.
    #[serde(skip_deserializing)]
    pub public_key: Base64UrlBytes,
    /// The new key's COSE algorithm. Not read.
    #[serde(skip_deserializing)]
    pub public_key_algorithm: i32,
}

impl TryFrom<AttestationResponse> for RegistrationResponseJson {
    type Error = Error;

    /// Fails where the attestation object, the authenticator data or the key in it cannot be read.
    fn try_from(response: AttestationResponse) -> Result<Self, Error> {
        let object = AttestationObject::parse(&response.attestation_object)?;
        let authenticator_data = object.authenticator_data;
        let data = AuthenticatorData::parse(authenticator_data)?;
        let public_key = PublicKey::from_cose(data.new_credential()?.public_key)?;
        Ok(Self {
            response: AttestationResponseJson {
                client_data_json: Base64UrlBytes(response.client_data_json),
                authenticator_data: Base64UrlBytes(authenticator_data.to_vec()),
                attestation_object: Base64UrlBytes(response.attestation_object),
                transports: response.transports,
                public_key: Base64UrlBytes(public_key.to_spki()),
                public_key_algorithm: public_key.algorithm().to_cose(),
            },
            raw_id: Base64UrlBytes(response.id.clone()),
            id: Base64UrlBytes(response.id),
            kind: PUBLIC_KEY.into(),
            authenticator_attachment: response.authenticator_attachment,
            client_extensions: Vec::new(),
        })
    }
}

impl TryFrom<RegistrationResponseJson> for AttestationResponse {
    type Error = Error;

    /// §7.1 step 3: fails where the type is another, or the two ids differ.
    fn try_from(json: RegistrationResponseJson) -> Result<Self, Error> {
        Ok(Self {
            id: id(json.id, &json.raw_id, &json.kind)?,
            client_data_json: json.response.client_data_json.0,
            attestation_object: json.response.attestation_object.0,
            transports: json.response.transports,
            authenticator_attachment: json.authenticator_attachment,
        })
    }
}

/// `AuthenticationResponseJSON`. The attachment is neither read nor written: nobody signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticationResponseJson {
    /// The credential id.
    pub id: Base64UrlBytes,
    /// The same.
    pub raw_id: Base64UrlBytes,
    /// `type`, which is `public-key`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The authenticator's response.
    pub response: AssertionResponseJson,
    /// The names in `clientExtensionResults`, whose values nobody looks at; written as an empty object.
    #[serde(rename = "clientExtensionResults", default)]
    #[serde(deserialize_with = "member_names", serialize_with = "empty_object")]
    pub client_extensions: Vec<String>,
}

/// `AuthenticatorAssertionResponseJSON`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssertionResponseJson {
    /// `clientDataJSON`
    #[serde(rename = "clientDataJSON")]
    pub client_data_json: Base64UrlBytes,
    /// `authenticatorData`
    pub authenticator_data: Base64UrlBytes,
    /// `signature`
    pub signature: Base64UrlBytes,
    /// `userHandle`, which may be missing or null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_handle: Option<Base64UrlBytes>,
}

impl From<AssertionResponse> for AuthenticationResponseJson {
    fn from(response: AssertionResponse) -> Self {
        Self {
            raw_id: Base64UrlBytes(response.id.clone()),
            id: Base64UrlBytes(response.id),
            kind: PUBLIC_KEY.into(),
            response: AssertionResponseJson {
                client_data_json: Base64UrlBytes(response.client_data_json),
                authenticator_data: Base64UrlBytes(response.authenticator_data),
                signature: Base64UrlBytes(response.signature),
                user_handle: response.user_handle.map(Base64UrlBytes),
            },
            client_extensions: Vec::new(),
        }
    }
}

impl TryFrom<AuthenticationResponseJson> for AssertionResponse {
    type Error = Error;

    /// §7.2 step 3: fails where the type is another, or the two ids differ.
    fn try_from(json: AuthenticationResponseJson) -> Result<Self, Error> {
        Ok(Self {
            id: id(json.id, &json.raw_id, &json.kind)?,
            client_data_json: json.response.client_data_json.0,
            authenticator_data: json.response.authenticator_data.0,
            signature: json.response.signature.0,
            user_handle: json.response.user_handle.map(|handle| handle.0),
        })
    }
}

fn id(id: Base64UrlBytes, raw_id: &Base64UrlBytes, kind: &str) -> Result<Vec<u8>, Error> {
    if kind != PUBLIC_KEY {
        return Err(Error::CredentialTypeUnknown);
    }
    if id != *raw_id {
        return Err(Error::CredentialIdInconsistent);
    }
    Ok(id.0)
}

fn member_names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    <BTreeMap<String, IgnoredAny>>::deserialize(deserializer).map(|members| members.into_keys().collect())
}

fn empty_object<S: Serializer>(_: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(core::iter::empty::<(&str, ())>())
}

#[cfg(feature = "json")]
impl RegistrationResponseJson {
    /// Reads the text.
    ///
    /// # Errors
    ///
    /// [`Error::ResponseMalformed`]
    pub fn parse(text: &str) -> Result<Self, Error> {
        crate::json_text::object(text).ok_or(Error::ResponseMalformed)
    }
}

#[cfg(feature = "json")]
impl AuthenticationResponseJson {
    /// Reads the text.
    ///
    /// # Errors
    ///
    /// [`Error::ResponseMalformed`]
    pub fn parse(text: &str) -> Result<Self, Error> {
        crate::json_text::object(text).ok_or(Error::ResponseMalformed)
    }
}

#[cfg(test)]
mod tests {
    use super::{AuthenticationResponseJson, RegistrationResponseJson};
    use crate::error::Error;
    use crate::response::{AssertionResponse, AttestationResponse};
    use crate::vectors::{self, Vector};
    use crate::{PublicKey, base64url};
    use alloc::string::ToString as _;
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn vector() -> Vector {
        vectors::all().swap_remove(0)
    }

    fn registration() -> AttestationResponse {
        AttestationResponse {
            authenticator_attachment: Some("platform".into()),
            transports: vec!["internal".into(), "hybrid".into()],
            ..vector().attestation_response()
        }
    }

    #[test]
    fn a_registration_is_written_with_the_members_in_webauthns_order() {
        let response = registration();
        let url = base64url::encode;
        let (id, spki) = (url(&response.id), url(&vector().public_key.unwrap()));
        let (client_data, object) = (url(&response.client_data_json), url(&response.attestation_object));
        let data = url(&vector().registration.authenticator_data);
        let expected = alloc::format!(
            r#"{{"id":"{id}","rawId":"{id}","type":"public-key","response":{{"clientDataJSON":"{client_data}","attestationObject":"{object}","authenticatorData":"{data}","transports":["internal","hybrid"],"publicKey":"{spki}","publicKeyAlgorithm":-7}},"authenticatorAttachment":"platform","clientExtensionResults":{{}}}}"#
        );
        let json = RegistrationResponseJson::try_from(response.clone()).unwrap();
        assert_eq!(serde_json::to_string(&json).unwrap(), expected);
        let without = AttestationResponse { authenticator_attachment: None, ..response };
        let json = RegistrationResponseJson::try_from(without).unwrap();
        let without = expected.replace(r#""authenticatorAttachment":"platform","#, "");
        assert_eq!(serde_json::to_string(&json).unwrap(), without);
    }

    #[test]
    fn a_registration_comes_back_but_for_the_attachment() {
        for vector in vectors::all().into_iter().filter(|vector| vector.algorithm().is_some()) {
            let response = vector.attestation_response();
            let json = RegistrationResponseJson::try_from(response.clone()).unwrap();
            let json = serde_json::to_string(&json).unwrap();
            let read = RegistrationResponseJson::parse(&json).unwrap();
            assert_eq!(AttestationResponse::try_from(read), Ok(response));
        }
    }

    #[test]
    fn what_is_repeated_or_unknown_is_not_read() {
        let mut json: Value =
            serde_json::to_value(RegistrationResponseJson::try_from(registration()).unwrap()).unwrap();
        json["response"]["authenticatorData"] = json!(7);
        json["response"]["publicKey"] = json!("=");
        json["response"]["publicKeyAlgorithm"] = json!(null);
        json["authenticatorAttachment"] = json!([]);
        json["clientExtensionResults"] = json!({ "credProps": { "rk": true }, "b": null });
        json["other"] = json!({});
        let read = RegistrationResponseJson::parse(&json.to_string()).unwrap();
        assert_eq!(read.client_extensions, ["b", "credProps"]);
        let expected = AttestationResponse { authenticator_attachment: None, ..registration() };
        assert_eq!(AttestationResponse::try_from(read), Ok(expected));
        json["response"].as_object_mut().unwrap().retain(|name, _| !name.starts_with("publicKey"));
        json["response"].as_object_mut().unwrap().remove("transports");
        json.as_object_mut().unwrap().remove("clientExtensionResults");
        assert!(RegistrationResponseJson::parse(&json.to_string()).unwrap().response.transports.is_empty());
    }

    #[test]
    fn what_has_not_the_form_is_refused() {
        let registration = RegistrationResponseJson::try_from(registration()).unwrap();
        let registration = serde_json::to_value(registration).unwrap();
        let assertion = AuthenticationResponseJson::from(vector().assertion_response());
        let assertion = serde_json::to_value(assertion).unwrap();
        for (name, bad) in [
            ("id", json!("AA==")),
            ("rawId", json!(null)),
            ("type", json!(1)),
            ("response", json!([])),
            ("clientExtensionResults", json!(null)),
        ] {
            let mut changed = registration.clone();
            changed[name] = bad.clone();
            let read = RegistrationResponseJson::parse(&changed.to_string());
            assert_eq!(read, Err(Error::ResponseMalformed), "{name}");
            let mut changed = assertion.clone();
            changed[name] = bad;
            let read = AuthenticationResponseJson::parse(&changed.to_string());
            assert_eq!(read, Err(Error::ResponseMalformed), "{name}");
        }
        let twice = registration.to_string().replacen('{', r#"{"id":"AA","#, 1);
        assert_eq!(RegistrationResponseJson::parse(&twice), Err(Error::ResponseMalformed));
    }

    #[test]
    fn type_and_ids_have_to_agree() {
        let json = AuthenticationResponseJson::from(vector().assertion_response());
        let other_type = AuthenticationResponseJson { kind: "password".into(), ..json.clone() };
        assert_eq!(AssertionResponse::try_from(other_type), Err(Error::CredentialTypeUnknown));
        let other_id = AuthenticationResponseJson { raw_id: Default::default(), ..json };
        assert_eq!(AssertionResponse::try_from(other_id), Err(Error::CredentialIdInconsistent));
        let json = RegistrationResponseJson::try_from(registration()).unwrap();
        let other_type = RegistrationResponseJson { kind: "password".into(), ..json.clone() };
        assert_eq!(AttestationResponse::try_from(other_type), Err(Error::CredentialTypeUnknown));
        let other_id = RegistrationResponseJson { raw_id: Default::default(), ..json };
        assert_eq!(AttestationResponse::try_from(other_id), Err(Error::CredentialIdInconsistent));
    }

    #[test]
    fn the_new_key_is_that_of_the_attestation_object() {
        let json = RegistrationResponseJson::try_from(registration()).unwrap();
        let key = PublicKey::from_p256_spki(&json.response.public_key.0).unwrap();
        assert_eq!(i64::from(json.response.public_key_algorithm), i64::from(key.algorithm().to_cose()));
        let broken = AttestationResponse { attestation_object: Vec::new(), ..registration() };
        assert_eq!(RegistrationResponseJson::try_from(broken), Err(Error::AttestationObjectMalformed));
    }

    proptest! {
        #[test]
        fn an_assertion_comes_back(id: Vec<u8>, client_data_json: Vec<u8>, authenticator_data: Vec<u8>, signature: Vec<u8>, user_handle: Option<Vec<u8>>) {
            let response = AssertionResponse { id, client_data_json, authenticator_data, signature, user_handle };
            let json = serde_json::to_string(&AuthenticationResponseJson::from(response.clone())).unwrap();
            let read = AuthenticationResponseJson::parse(&json).unwrap();
            prop_assert_eq!(AssertionResponse::try_from(read), Ok(response));
        }
    }

    #[test]
    fn a_user_handle_may_be_null() {
        let json = AuthenticationResponseJson::from(vector().assertion_response());
        let mut json = serde_json::to_value(json).unwrap();
        json["response"]["userHandle"] = json!(null);
        let read = AuthenticationResponseJson::parse(&json.to_string()).unwrap();
        assert_eq!(read.response.user_handle, None);
    }
}
