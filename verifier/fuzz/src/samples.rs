//! Inputs to start from: the test vectors of WebAuthn Level 3, §16, and what the tests' authenticator signs.

use crate::common::{
    Asserting, CHALLENGE, CREDENTIAL_ID, EMPTY, Registering, USER, base64, base64url, map, packed, sign,
};
use serde_json::{Value, json};
use wx_soter_verifier::assertion::AuthenticationResponse;
use wx_soter_verifier::registration::RegistrationResponse;
use wx_soter_webauthn::cbor::Value as Cbor;
use wx_soter_webauthn::vectors::Vector;

/// What a browser's page adds to the specification's registrations.
pub fn registration(vector: &Vector) -> RegistrationResponse {
    RegistrationResponse {
        transports: vec!["internal".to_owned()],
        client_extensions: vec!["credProps".to_owned()],
        ..vector.attestation_response().into()
    }
}

/// The same of its assertions.
pub fn assertion(vector: &Vector) -> AuthenticationResponse {
    AuthenticationResponse { user_handle: Some(USER.to_vec()), ..vector.assertion_response().into() }
}

/// `RegistrationResponseJSON`
pub fn registration_json(response: &RegistrationResponse) -> String {
    let id = base64url(&response.id);
    let extensions: Value = response.client_extensions.iter().map(|name| (name.clone(), json!({}))).collect();
    json!({
        "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": extensions,
        "response": {
            "clientDataJSON": base64url(&response.client_data_json),
            "attestationObject": base64url(&response.attestation_object),
            "transports": response.transports,
        },
    })
    .to_string()
}

/// `AuthenticationResponseJSON`
pub fn authentication_json(response: &AuthenticationResponse) -> String {
    let id = base64url(&response.id);
    let extensions: Value = response.client_extensions.iter().map(|name| (name.clone(), json!({}))).collect();
    json!({
        "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": extensions,
        "response": {
            "clientDataJSON": base64url(&response.client_data_json),
            "authenticatorData": base64url(&response.authenticator_data),
            "signature": base64url(&response.signature),
            "userHandle": response.user_handle.as_deref().map(base64url),
        },
    })
    .to_string()
}

/// `resultJSON`
pub fn result_json(raw: &str, counter: u32, response: &AuthenticationResponse) -> String {
    let id = base64url(&response.id);
    json!({
        "raw": raw, "counter": counter, "cpu_id": id,
        "uid": response.user_handle.as_deref().map(base64url).unwrap_or_default(),
        "webauthn": {
            "id": id,
            "clientDataJSON": base64url(&response.client_data_json),
            "authenticatorData": base64url(&response.authenticator_data),
        },
    })
    .to_string()
}

/// `resultJSONSignature` on a line, then `resultJSON`: how the targets for results take both from one input.
pub fn result_input(raw: &str, counter: u32, response: &AuthenticationResponse) -> String {
    format!("{}\n{}", base64(&response.signature), result_json(raw, counter, response))
}

/// The two parts of such an input.
pub fn result_parts(input: &[u8]) -> Option<(&str, &str)> {
    let (signature, json) = std::str::from_utf8(input).ok()?.split_once('\n')?;
    Some((json, signature))
}

/// A result that holds.
pub fn good_result() -> String {
    result_input(std::str::from_utf8(CHALLENGE).unwrap(), 5, &Asserting::default().response())
}

/// A registration that holds and proves that whoever made it has the key.
pub fn good_registration() -> RegistrationResponse {
    let good = Registering { format: "packed", ..Default::default() };
    let signature = sign(&good.signed());
    RegistrationResponse { id: CREDENTIAL_ID.to_vec(), ..good.with_statement(&packed(-7, &signature, &[])) }
}

/// The same in two statements, of which one proves it.
pub fn good_compound() -> RegistrationResponse {
    let good = Registering { format: "compound", ..Default::default() };
    let signature = sign(&good.signed());
    let part = |format, statement| map(&[("fmt", Cbor::Text(format)), ("attStmt", statement)]);
    let parts = vec![part("packed", packed(-7, &signature, &[])), part("none", EMPTY)];
    good.with_statement(&Cbor::Array(parts))
}
