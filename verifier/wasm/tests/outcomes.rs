//! The outcome of each result of a signature verifier, and of options.
#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used)]

use pollster::block_on;
use serde_json::{Value, json};
use std::cell::RefCell;
use wx_soter_verifier::SignatureVerifier;
use wx_soter_verifier::signature::Signed;
use wx_soter_verifier_wasm::outcome::Outcome;
use wx_soter_verifier_wasm::verification;
use wx_soter_webauthn::json::{AuthenticationResponseJson, RegistrationResponseJson};
use wx_soter_webauthn::vectors::{self, Vector};
use wx_soter_webauthn::{Algorithm, PublicKey, base64url};

/// Always returns the same, and records the algorithms that it was called with.
struct Fixed {
    holds: bool,
    calls: RefCell<Vec<Algorithm>>,
}

impl Fixed {
    fn new(holds: bool) -> Self {
        Self { holds, calls: RefCell::default() }
    }
}

impl SignatureVerifier for Fixed {
    async fn can_use(&self, _: &PublicKey) -> bool {
        true
    }

    async fn holds(&self, signed: Signed<'_>) -> bool {
        self.calls.borrow_mut().push(signed.key.algorithm());
        self.holds
    }
}

fn vector(name: &str) -> Vector {
    vectors::named(name).unwrap()
}

fn expected(challenge: &[u8]) -> Value {
    json!({
        "challenge": challenge, "rpId": "example.org", "origins": ["https://example.org"], "topOrigins": [],
        "userVerification": "optional", "backup": "allow",
    })
}

fn register(vector: &Vector, verifier: &Fixed) -> Value {
    let options = json!({
        "expected": expected(&vector.registration.challenge),
        "attestation": { "none": true, "self": true, "certificates": true, "unknownFormats": false },
    });
    let response = RegistrationResponseJson::try_from(vector.attestation_response()).unwrap();
    let response = serde_json::to_string(&response).unwrap();
    let outcome = block_on(verification::registration(&response, &options.to_string(), verifier));
    serde_json::from_str(&outcome.to_json()).unwrap()
}

fn assertion_options(vector: &Vector, key: &Value) -> Value {
    json!({
        "expected": expected(&vector.assertion.challenge),
        "keys": [key], "counter": 0, "uid": [], "onCounter": "refuse",
    })
}

fn authenticate(vector: &Vector, key: &Value, verifier: &Fixed) -> Value {
    let options = assertion_options(vector, key).to_string();
    let response = AuthenticationResponseJson::from(vector.assertion_response());
    let response = serde_json::to_string(&response).unwrap();
    let outcome = block_on(verification::assertion(&response, &options, verifier));
    serde_json::from_str(&outcome.to_json()).unwrap()
}

#[test]
fn only_a_yes_is_a_yes() {
    for (name, algorithm) in [
        ("packed-self-es256", Algorithm::Es256),
        ("packed-rs256", Algorithm::Rs256),
        ("packed-eddsa", Algorithm::EdDsa),
    ] {
        let vector = vector(name);
        let (yes, no) = (Fixed::new(true), Fixed::new(false));
        let key = register(&vector, &yes)["verified"]["key"].clone();
        // An attestation by certificate is of the certificate's key, which is always of P-256 there.
        assert_eq!(*yes.calls.borrow(), [Algorithm::Es256]);
        assert_eq!(register(&vector, &no)["refused"]["reason"], "attestation-signature-invalid");
        assert_eq!(authenticate(&vector, &key, &no)["refused"]["reason"], "signature-invalid");
        assert_eq!(authenticate(&vector, &key, &yes)["verified"]["counterState"], "not-kept");
        assert_eq!(yes.calls.borrow().last(), Some(&algorithm));
    }
}

#[test]
fn the_verifier_is_not_called_where_nothing_is_signed() {
    let vector = vector("none-es256");
    let no = Fixed::new(false);
    let verified = register(&vector, &no);
    assert_eq!(verified["verified"]["attestation"], json!({ "type": "none", "certificates": [] }));
    assert!(no.calls.borrow().is_empty());
    let key = &verified["verified"]["key"];
    assert_eq!(key["id"], base64url::encode(&vector.credential_id));
    assert_eq!(authenticate(&vector, key, &no)["refused"]["reason"], "signature-invalid");
}

fn is_failed(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed(_))
}

#[test]
fn options_that_are_not_whole_hold_nothing() {
    let vector = vector("none-es256");
    let yes = Fixed::new(true);
    let key = register(&vector, &yes)["verified"]["key"].clone();
    for member in key.as_object().unwrap().keys() {
        let mut lost = key.clone();
        lost.as_object_mut().unwrap().remove(member);
        let options = assertion_options(&vector, &lost).to_string();
        assert!(is_failed(&block_on(verification::assertion("{}", &options, &yes))), "{member}");
    }
    for options in ["", "null", "{}", "[]", "{\"expected\":{}}"] {
        assert!(is_failed(&block_on(verification::registration("{}", options, &yes))));
        assert!(is_failed(&block_on(verification::assertion("{}", options, &yes))));
        assert!(is_failed(&block_on(verification::result("{}", "", options, &yes))));
    }
}
