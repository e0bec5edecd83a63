//! Known answers: the signatures of WebAuthn Level 3, §16, checked by the browser's WebCrypto through our own code.

use sha2::{Digest as _, Sha256};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use wx_soter::browser::Browser;
use wx_soter::signature_verifier::SignatureVerifier as _;
use wx_soter_webauthn::vectors::Vector;
use wx_soter_webauthn::{
    Algorithm, AttestationObject, AuthenticatorData, PublicKey, ecdsa_signature, vectors,
};

fn public_key(vector: &Vector) -> Vec<u8> {
    let object = AttestationObject::parse(&vector.registration.attestation_object).unwrap();
    let data = AuthenticatorData::parse(object.authenticator_data).unwrap();
    PublicKey::from_cose(data.new_credential().unwrap().public_key).unwrap().to_spki()
}

#[wasm_bindgen_test]
async fn the_specifications_signatures_hold_and_changed_ones_do_not() {
    let browser = Browser::new(JsValue::UNDEFINED, None);
    let mut algorithms = Vec::new();
    for vector in vectors::of_client() {
        let algorithm = vector.algorithm().unwrap();
        algorithms.push(algorithm);
        let assertion = &vector.assertion;
        let signature = match algorithm {
            Algorithm::Es256 => ecdsa_signature::from_der(&assertion.signature).unwrap().to_vec(),
            _ => assertion.signature.clone(),
        };
        let message =
            [assertion.authenticator_data.as_slice(), &Sha256::digest(&assertion.client_data_json)].concat();
        let key = browser.import(algorithm, &public_key(&vector)).await.unwrap();
        let spoilt = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            bytes[36] ^= 1;
            bytes
        };
        assert!(browser.verify(&key, &signature, &message).await, "{}", vector.name);
        assert!(!browser.verify(&key, &spoilt(&signature), &message).await, "{}", vector.name);
        assert!(!browser.verify(&key, &signature, &spoilt(&message)).await, "{}", vector.name);
        assert!(browser.import(algorithm, b"no key").await.is_none());
    }
    assert!(algorithms.contains(&Algorithm::Es256) && algorithms.contains(&Algorithm::Rs256));
}
