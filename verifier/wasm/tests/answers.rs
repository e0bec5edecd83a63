//! What a verification says when it has to ask, and what becomes of each answer.
#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used)]

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};
use wx_soter_verifier_wasm::verification;

fn vector(name: &str) -> Value {
    let files = [
        include_str!("../../../tests/vectors/webauthn-level-3.json"),
        include_str!("../../../tests/vectors/webauthn-level-3-server.json"),
    ];
    let vectors =
        files.map(|file| serde_json::from_str::<Value>(file).unwrap()["vectors"].as_array().unwrap().clone());
    vectors.concat().into_iter().find(|vector| vector["name"] == name).unwrap()
}

fn hex(json: &Value) -> Vec<u8> {
    let text = json.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn base64url(json: &Value) -> String {
    Base64UrlUnpadded::encode_string(&hex(json))
}

fn response(vector: &Value, ceremony: &str, members: &[&str]) -> String {
    let id = base64url(&vector["credentialId"]);
    let members = members.iter().map(|name| ((*name).to_owned(), base64url(&vector[ceremony][*name]).into()));
    let response = Value::Object(members.collect());
    json!({ "id": id, "rawId": id, "type": "public-key", "response": response }).to_string()
}

fn expected(challenge: &Value) -> Value {
    json!({
        "challenge": hex(challenge), "rpId": "example.org", "origins": ["https://example.org"], "topOrigins": [],
        "userVerification": "optional", "backup": "allow",
    })
}

fn register(vector: &Value, answers: &[u8]) -> Value {
    let options = json!({
        "expected": expected(&vector["registration"]["challenge"]),
        "attestation": { "none": true, "self": true, "certificates": true, "unknownFormats": false },
    });
    let response = response(vector, "registration", &["clientDataJSON", "attestationObject"]);
    serde_json::from_str(&verification::registration(&response, &options.to_string(), answers)).unwrap()
}

fn authenticate(vector: &Value, key: &Value, answers: &[u8]) -> Value {
    let options = json!({
        "expected": expected(&vector["assertion"]["challenge"]),
        "keys": [key], "counter": 0, "uid": [], "onCounter": "refuse",
    });
    let response = response(vector, "assertion", &["clientDataJSON", "authenticatorData", "signature"]);
    serde_json::from_str(&verification::assertion(&response, &options.to_string(), answers)).unwrap()
}

#[test]
fn only_a_yes_is_a_yes() {
    for (name, kind) in [("packed-self-es256", "EC"), ("packed-rs256", "RSA"), ("packed-eddsa", "OKP")] {
        let vector = vector(name);
        let asked = register(&vector, &[]);
        // An attestation by certificate is of the certificate's key, which is always of P-256 there.
        assert_eq!(asked["asked"]["jwk"]["kty"], "EC");
        assert_eq!(register(&vector, &[]), asked);
        let key = register(&vector, &[1])["verified"]["key"].clone();
        for no in [0, 2, 255] {
            assert_eq!(register(&vector, &[no])["refused"]["reason"], "attestation-signature-invalid");
            assert_eq!(authenticate(&vector, &key, &[no])["refused"]["reason"], "signature-invalid");
        }
        assert_eq!(authenticate(&vector, &key, &[])["asked"]["jwk"]["kty"], kind);
        assert_eq!(authenticate(&vector, &key, &[1])["verified"]["counterState"], "not-kept");
    }
}

#[test]
fn an_answer_that_was_not_asked_for_changes_nothing() {
    let vector = vector("none-es256");
    let verified = register(&vector, &[]);
    assert_eq!(verified["verified"]["attestation"], json!({ "type": "none", "certificates": [] }));
    assert_eq!(register(&vector, &[0]), verified);
    let key = &verified["verified"]["key"];
    assert_eq!(authenticate(&vector, key, &[0, 1])["refused"]["reason"], "signature-invalid");
}

#[test]
fn options_that_are_not_whole_hold_nothing() {
    let vector = vector("none-es256");
    let key = register(&vector, &[])["verified"]["key"].clone();
    for member in key.as_object().unwrap().keys() {
        let mut lost = key.clone();
        lost.as_object_mut().unwrap().remove(member);
        assert_eq!(authenticate(&vector, &lost, &[1]), json!("optionsMalformed"), "{member}");
    }
    for options in ["", "null", "{}", "[]", "{\"expected\":{}}"] {
        assert_eq!(verification::registration("{}", options, &[1]), "\"optionsMalformed\"");
        assert_eq!(verification::assertion("{}", options, &[1]), "\"optionsMalformed\"");
        assert_eq!(verification::result("{}", "", options, &[1]), "\"optionsMalformed\"");
    }
}
