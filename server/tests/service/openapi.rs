//! The OpenAPI document says what is there. (Every answer to a call in the other tests is checked against it, too.)

use crate::common;

use common::described::{self, DOCUMENT};
use common::{Database, Server};
use serde_json::Value;
use std::collections::BTreeSet;

#[tokio::test]
async fn every_path_is_there() {
    let database = Database::sqlite();
    let server = Server::start(&database).await;
    let client = reqwest::Client::new();
    for (path, methods) in DOCUMENT["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method = reqwest::Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let response = client.request(method, server.url(path)).send().await.unwrap();
            assert_eq!(response.status(), 200, "{path}");
            let text = response.text().await.unwrap();
            // The metrics and the document have the number, too.
            assert!(!text.starts_with(r#"{"errcode":40066"#), "{path}: {text}");
        }
    }
    let document: Value = reqwest::get(server.url("/openapi.json")).await.unwrap().json().await.unwrap();
    assert_eq!(document, *DOCUMENT);
}

#[test]
fn the_examples_are_described() {
    for (path, methods) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let content = &operation["responses"]["200"]["content"]["application/json"];
            for example in content["examples"].as_object().into_iter().flatten() {
                let example = &example.1["value"];
                // The dots stand for what is too long to show.
                if !example.to_string().contains('…') {
                    described::check(path, method, example);
                }
            }
        }
    }
}

#[test]
fn every_reason_is_described() {
    let described: BTreeSet<_> = DOCUMENT["components"]["schemas"]["Reason"]["enum"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| reason.as_str().unwrap())
        .collect();
    let own = [
        "challenge-used",
        "challenge-expired",
        "challenge-unknown",
        "too-many-keys",
        "credential-removed",
        "existing-key-required",
        "further-key-not-allowed",
        "soter-upstream-not-set",
        "refused-by-wechat",
    ];
    let all: BTreeSet<_> =
        wx_soter_verifier::Error::ALL.iter().map(|error| error.code()).chain(own).collect();
    assert_eq!(described, all);
}
