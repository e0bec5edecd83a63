//! Whether an answer is one that the OpenAPI document describes.

use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(soter_server::openapi::DOCUMENT).unwrap());

pub fn check(path: &str, method: &str, answer: &Value) {
    static VALIDATORS: LazyLock<Mutex<HashMap<String, Validator>>> = LazyLock::new(Mutex::default);
    let mut validators = VALIDATORS.lock().unwrap();
    let validator = validators.entry(format!("{method} {path}")).or_insert_with(|| validator(path, method));
    if let Err(error) = validator.validate(answer) {
        panic!("{path} answers what is not described: {error}: {answer}");
    }
}

fn validator(path: &str, method: &str) -> Validator {
    let content = &DOCUMENT["paths"][path][method]["responses"]["200"]["content"]["application/json"];
    let mut schema = content["schema"].clone();
    assert!(schema.is_object(), "{path} is not described");
    schema["components"] = json!({ "schemas": DOCUMENT["components"]["schemas"] });
    jsonschema::validator_for(&schema).unwrap()
}
