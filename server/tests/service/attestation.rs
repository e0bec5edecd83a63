//! Which attestations new keys may have.

use crate::common;

use common::parts::certificate::Template;
use common::parts::{Registering, base64, credential, packed, sign};
use common::{Database, Server, no, on_both};
use serde_json::{Value, json};
use std::fs;
use std::process::Command;
use wx_soter_webauthn::json::RegistrationResponseJson;
use wx_soter_webauthn::response::AttestationResponse;

on_both! {
    any_is_good_unless_set,
    none_has_no_certificates,
    trusted_leads_to_a_root_that_is_set,
}

fn pem(certificate: &[u8]) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", base64(certificate))
}

enum Attested {
    No,
    BySelf,
    By(Vec<u8>),
}

/// Registers a key of that id for alice.
async fn register(server: &Server, id: &str, attested: &Attested) -> Value {
    let challenge = server.challenge("alice").await;
    let registering = Registering {
        challenge: challenge.into_bytes(),
        credential_id: id.as_bytes().to_vec(),
        format: if matches!(attested, Attested::No) { "none" } else { "packed" },
        ..Registering::default()
    };
    let signature = sign(&registering.signed());
    let response = match attested {
        Attested::No => registering.response(),
        Attested::BySelf => registering.with_statement(&packed(-7, &signature, &[])),
        Attested::By(certificate) => registering.with_statement(&packed(-7, &signature, &[certificate])),
    };
    let response = AttestationResponse {
        id: response.id,
        client_data_json: response.client_data_json,
        attestation_object: response.attestation_object,
        transports: response.transports,
        authenticator_attachment: None,
    };
    let registration = serde_json::to_value(RegistrationResponseJson::try_from(response).unwrap()).unwrap();
    server.post("register_key", &json!({ "openid": "alice", "registration": registration })).await
}

/// A certificate by the authority, of the key by which all test devices sign.
fn issued() -> Vec<u8> {
    Template::packed(&credential().public_key()).issued()
}

async fn any_is_good_unless_set(database: Database) {
    let server = Server::start(&database).await;
    for (id, attested) in [("1", Attested::No), ("2", Attested::BySelf), ("3", Attested::By(issued()))] {
        assert_eq!(register(&server, id, &attested).await["is_ok"], true, "{id}");
    }
}

async fn none_has_no_certificates(database: Database) {
    let server = Server::with(&database, &["--attestation", "none"]).await;
    assert_eq!(register(&server, "1", &Attested::No).await["is_ok"], true);
    assert_eq!(register(&server, "2", &Attested::BySelf).await["is_ok"], true);
    let refused = register(&server, "3", &Attested::By(issued())).await;
    assert_eq!(refused, no("certified-attestation-not-allowed"));
}

async fn trusted_leads_to_a_root_that_is_set(database: Database) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roots.pem");
    let other = Template { public_key: credential().public_key().to_spki(), ..Template::root() };
    let roots = [other.signed_by(&credential()), Template::root().issued()];
    fs::write(&file, roots.map(|root| pem(&root)).concat()).unwrap();
    let options = ["--attestation", "trusted", "--attestation-roots", file.to_str().unwrap()];
    let server = Server::with(&database, &options).await;
    assert_eq!(register(&server, "1", &Attested::No).await, no("attestation-missing"));
    assert_eq!(register(&server, "2", &Attested::BySelf).await, no("self-attestation-not-allowed"));
    let own = Template::packed(&credential().public_key());
    let own = Template { issuer: own.subject.clone(), ..own }.signed_by(&credential());
    assert_eq!(register(&server, "3", &Attested::By(own)).await, no("attestation-untrusted"));
    assert_eq!(register(&server, "4", &Attested::By(issued())).await["is_ok"], true);
    // Now, and not when the service started.
    server.clock.forward(40 * 365 * 24 * 60 * 60);
    assert_eq!(register(&server, "5", &Attested::By(issued())).await, no("attestation-untrusted"));
}

#[test]
fn a_file_of_roots_that_is_wrong_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roots.pem");
    let refusal = |options: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_soter-server"));
        let output = program.env_clear().arg("check").args(options).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{error}");
        error
    };
    assert!(refusal(&["--attestation", "trusted"]).contains("set --attestation-roots"));
    let trusted = ["--attestation", "trusted", "--attestation-roots", file.to_str().unwrap()];
    assert!(refusal(&trusted).contains("cannot read"));
    for (text, told) in [
        ("no certificate".to_owned(), "has no certificate in PEM"),
        (pem(b"no certificate"), "certificate 1 of"),
        (pem(&Template::root().issued()) + &pem(b"no certificate"), "certificate 2 of"),
    ] {
        fs::write(&file, text).unwrap();
        let error = refusal(&trusted);
        assert!(error.contains(told), "{error}");
    }
    fs::write(&file, pem(&Template::root().issued())).unwrap();
    assert!(refusal(&trusted[2..]).contains("is for --attestation trusted"));
}
