//! The ways to verify one assertion whose speed is compared. Each begins with what a server has: the parts of the
//! response, and the stored key.

use crate::common::{
    ASSERTION, Asserting, CHALLENGE, CREDENTIAL_ID, USER, base64, base64url, policy, record, signed_bytes,
};
use crate::signers::Signer;
use crate::webauthn_rs;
use pollster::block_on;
use serde_json::{Value, json};
use webauthn_rs_core::proto::PublicKeyCredential;
use wx_soter_verifier::assertion::{self, AuthenticationResponse};
use wx_soter_verifier::cose_key::PublicKey;
use wx_soter_verifier::native::{AwsLc, Ring};
use wx_soter_verifier::{CredentialRecord, SignatureVerifier, SoterResult};

/// Verifies once.
pub type Verify = Box<dyn FnMut() -> bool>;

/// A way to verify.
pub struct Contestant {
    pub name: &'static str,
    /// Missing where the way does not have the algorithm.
    pub verify: Option<Verify>,
    /// The one that it is measured against.
    pub against: Option<usize>,
}

/// What the bare check takes for granted: the key's bytes as the library wants them, and the message.
macro_rules! bare {
    ($library:ident, $signer:expr, $message:expr, $signature:expr) => {{
        use $library::signature as library;
        let (message, signature) = ($message.clone(), $signature.clone());
        let verify: Verify = match PublicKey::from_cose(&$signer.cose).unwrap() {
            PublicKey::Es256 { x, y } => {
                let key = [&[4][..], &x, &y].concat();
                let key = library::UnparsedPublicKey::new(&library::ECDSA_P256_SHA256_ASN1, key);
                Box::new(move || key.verify(&message, &signature).is_ok())
            }
            PublicKey::Rsa { n, e, .. } => {
                let key = library::RsaPublicKeyComponents { n, e };
                let algorithm = &library::RSA_PKCS1_2048_8192_SHA256;
                Box::new(move || key.verify(algorithm, &message, &signature).is_ok())
            }
            PublicKey::EdDsa { x } => {
                let key = library::UnparsedPublicKey::new(&library::ED25519, x);
                Box::new(move || key.verify(&message, &signature).is_ok())
            }
            other => panic!("no signer has {other:?}"),
        };
        verify
    }};
}
/// All ways in this language, and the question as JSON for others.
pub fn contestants(signer: &Signer) -> (Vec<Contestant>, Value) {
    let record = CredentialRecord { public_key: signer.cose.clone(), ..record() };
    let response = signed(signer);
    let message = signed_bytes(&response.authenticator_data, &response.client_data_json);
    let (json, signature) = result(&response);
    let question = question(&response, &record);
    let bare_ring = bare!(ring, signer, message, response.signature);
    let bare_aws_lc = bare!(aws_lc_rs, signer, message, response.signature);
    let contestant = |name, against, verify| Contestant { name, verify, against };
    let all = vec![
        contestant("the bare signature, ring", None, Some(bare_ring)),
        contestant("`assertion::verify`, ring", Some(0), Some(assertion(&response, &record, Ring))),
        contestant(
            "`SoterResult` from its text, ring",
            Some(0),
            Some(text(&json, &signature, &record, Ring)),
        ),
        contestant("the bare signature, aws-lc-rs", None, Some(bare_aws_lc)),
        contestant("`assertion::verify`, aws-lc-rs", Some(3), Some(assertion(&response, &record, AwsLc))),
        contestant(
            "`SoterResult` from its text, aws-lc-rs",
            Some(3),
            Some(text(&json, &signature, &record, AwsLc)),
        ),
        contestant("`webauthn-rs-core`", None, peer(&question, &record)),
    ];
    (all, question)
}

fn signed(signer: &Signer) -> AuthenticationResponse {
    let response = Asserting::default().response();
    let message = signed_bytes(&response.authenticator_data, &response.client_data_json);
    AuthenticationResponse { signature: (signer.sign)(&message), ..response }
}

fn assertion<V: SignatureVerifier + 'static>(
    response: &AuthenticationResponse,
    record: &CredentialRecord,
    verifier: V,
) -> Verify {
    let (response, record, policy) = (response.clone(), record.clone(), policy());
    Box::new(move || block_on(assertion::verify(&response, &record, &ASSERTION, &policy, &verifier)).is_ok())
}

fn text<V: SignatureVerifier + 'static>(
    json: &str,
    signature: &str,
    record: &CredentialRecord,
    verifier: V,
) -> Verify {
    let (json, signature, record, policy) = (json.to_owned(), signature.to_owned(), record.clone(), policy());
    Box::new(move || {
        let result = SoterResult::parse(&json, &signature);
        result.is_ok_and(|result| block_on(result.verify(&record, &ASSERTION, &policy, &verifier)).is_ok())
    })
}

fn result(response: &AuthenticationResponse) -> (String, String) {
    let id = base64url(CREDENTIAL_ID);
    let json = json!({
        "raw": std::str::from_utf8(CHALLENGE).unwrap(), "counter": 5, "uid": base64url(USER), "cpu_id": id,
        "webauthn": {
            "id": id,
            "clientDataJSON": base64url(&response.client_data_json),
            "authenticatorData": base64url(&response.authenticator_data),
        },
    });
    (json.to_string(), base64(&response.signature))
}

fn peer(question: &Value, record: &CredentialRecord) -> Option<Verify> {
    let response: PublicKeyCredential = serde_json::from_value(question["response"].clone()).unwrap();
    let credential = webauthn_rs::credential(record).ok()?;
    let state = webauthn_rs::authentication_state(&credential, CHALLENGE, true);
    let relying_party = webauthn_rs::relying_party();
    let verify = move || relying_party.authenticate_credential(&response, &state).is_ok();
    verify().then_some(())?;
    Some(Box::new(verify))
}

fn question(response: &AuthenticationResponse, record: &CredentialRecord) -> Value {
    let id = base64url(&response.id);
    json!({
        "response": {
            "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(&response.client_data_json),
                "authenticatorData": base64url(&response.authenticator_data),
                "signature": base64url(&response.signature),
                "userHandle": base64url(USER),
            },
        },
        "challenge": base64url(CHALLENGE),
        "record": {
            "id": base64url(&record.id),
            "publicKey": base64url(&record.public_key),
            "signCount": record.sign_count,
        },
    })
}
