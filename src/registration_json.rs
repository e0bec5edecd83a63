//! A new key in the standard form that every WebAuthn server reads (WebAuthn Level 3, §5.1, `RegistrationResponseJSON`).

use crate::base64url;
use crate::device::Registration;
use serde::Serialize;

/// What `onKeyCreated` gets. Binary members are base64url.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationJson<'a> {
    id: String,
    raw_id: String,
    r#type: &'static str,
    response: ResponseJson<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticator_attachment: Option<&'a str>,
    client_extension_results: NoExtensions,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ResponseJson<'a> {
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    attestation_object: String,
    authenticator_data: String,
    transports: &'a [String],
    public_key: String,
    public_key_algorithm: i32,
}

#[derive(Debug, Serialize)]
struct NoExtensions {}

impl<'a> From<&'a Registration> for RegistrationJson<'a> {
    fn from(registration: &'a Registration) -> Self {
        let id = base64url::encode(&registration.id);
        Self {
            id: id.clone(),
            raw_id: id,
            r#type: "public-key",
            response: ResponseJson {
                client_data_json: base64url::encode(&registration.client_data_json),
                attestation_object: base64url::encode(&registration.attestation_object),
                authenticator_data: base64url::encode(&registration.authenticator_data),
                transports: &registration.transports,
                public_key: base64url::encode(&registration.public_key),
                public_key_algorithm: registration.algorithm,
            },
            authenticator_attachment: registration.attachment.as_deref(),
            client_extension_results: NoExtensions {},
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::RegistrationJson;
    use crate::device::Registration;
    use serde_json::json;

    #[test]
    fn a_registration_has_the_standard_json() {
        let registration = Registration {
            id: vec![255],
            client_data_json: b"{}".to_vec(),
            attestation_object: vec![1],
            authenticator_data: vec![2],
            public_key: vec![3],
            algorithm: -7,
            transports: vec!["internal".into()],
            attachment: Some("platform".into()),
        };
        assert_eq!(
            serde_json::to_value(RegistrationJson::from(&registration)).unwrap(),
            json!({
                "id": "_w", "rawId": "_w", "type": "public-key", "authenticatorAttachment": "platform", "clientExtensionResults": {},
                "response": { "clientDataJSON": "e30", "attestationObject": "AQ", "authenticatorData": "Ag", "transports": ["internal"],
                              "publicKey": "Aw", "publicKeyAlgorithm": -7 },
            })
        );
    }
}
