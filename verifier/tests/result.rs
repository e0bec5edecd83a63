//! Results in WeChat's form.
#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used)]

mod common;

use common::*;
use pollster::block_on;
use serde_json::{Value, json};
use wx_soter_verifier::assertion::{Counter, Expected};
use wx_soter_verifier::native::Native;
use wx_soter_verifier::policy::{CounterPolicy, Extensions};
use wx_soter_verifier::{CredentialRecord, Error, SoterResult, User};

const TEXT: &str = "a \"challenge\" \u{1f600}";

/// What a page would send.
fn result(change: impl FnOnce(&mut Value)) -> (String, String) {
    let answer = Asserting { challenge: TEXT.as_bytes().to_vec(), ..Default::default() }.response();
    let id = base64url(CREDENTIAL_ID);
    let mut result = json!({
        "raw": TEXT, "counter": 5, "uid": base64url(USER), "cpu_id": id,
        "webauthn": { "id": id, "clientDataJSON": base64url(&answer.client_data_json),
                      "authenticatorData": base64url(&answer.authenticator_data) },
    });
    change(&mut result);
    (result.to_string(), base64(&answer.signature))
}

fn verify((json, signature): &(String, String), user: User<'_>) -> Result<(), Error> {
    let result = SoterResult::parse(json, signature)?;
    assert_eq!(result.credential_id(), CREDENTIAL_ID);
    let expected = Expected::new(TEXT.as_bytes(), user);
    block_on(result.verify(&record(), &expected, &policy(), &Native)).map(|_| ())
}

const KNOWN: User<'_> = User::Identified(Some(USER));

#[test]
fn a_result_is_verified() {
    assert_eq!(verify(&result(|_| ()), KNOWN), Ok(()));
    assert_eq!(verify(&result(|_| ()), User::ByUserHandle(USER)), Ok(()));
}

#[test]
fn every_edited_member_is_noticed() {
    let edited = |pointer: &str, value: Value| {
        verify(&result(|result| *result.pointer_mut(pointer).unwrap() = value), KNOWN)
    };
    assert_eq!(edited("/raw", json!("another")), Err(Error::ResultChallengeMismatch));
    assert_eq!(edited("/counter", json!(6)), Err(Error::ResultCounterMismatch));
    assert_eq!(edited("/uid", json!("AA")), Err(Error::UserHandleMismatch));
    assert_eq!(edited("/cpu_id", json!("AA")), Err(Error::ResultKeyMismatch));
    assert_eq!(edited("/webauthn/id", json!("AA")), Err(Error::ResultKeyMismatch));
    let other = base64url(&Asserting::default().response().client_data_json);
    assert_eq!(edited("/webauthn/clientDataJSON", json!(other)), Err(Error::ChallengeMismatch));
    let other = base64url(&Asserting { sign_count: 6, ..Default::default() }.response().authenticator_data);
    assert_eq!(edited("/webauthn/authenticatorData", json!(other)), Err(Error::SignatureInvalid));
}

#[test]
fn an_edited_result_is_called_so_even_if_its_counter_has_not_grown() {
    let verify = |change: fn(&mut Value), counter| {
        let (json, signature) = result(change);
        let result = SoterResult::parse(&json, &signature).unwrap();
        let expected = Expected::new(TEXT.as_bytes(), KNOWN);
        let record = CredentialRecord { sign_count: 9, ..record() };
        let policy = altered(policy(), |policy| {
            policy.counter = counter;
            policy.extensions = Extensions::Only(vec![]);
        });
        block_on(result.verify(&record, &expected, &policy, &Native)).map(|assertion| assertion.counter)
    };
    for counter in [CounterPolicy::Refuse, CounterPolicy::Report] {
        let edited = verify(|result| result["counter"] = json!(10), counter);
        assert_eq!(edited, Err(Error::ResultCounterMismatch));
        assert_eq!(verify(|result| result["raw"] = json!("x"), counter), Err(Error::ResultChallengeMismatch));
    }
    assert_eq!(verify(|_| (), CounterPolicy::Refuse), Err(Error::SignCountNotIncreased));
    let stale = Counter::NotIncreased { recorded: 9, received: 5 };
    assert_eq!(verify(|_| (), CounterPolicy::Report), Ok(stale));
}

#[test]
fn what_was_not_signed_is_not_compared() {
    let (json, _) = result(|result| result["counter"] = json!(10));
    assert_eq!(verify(&(json, base64(&sign(b"something else"))), KNOWN), Err(Error::SignatureInvalid));
}

#[test]
fn an_empty_uid_is_no_user_handle() {
    let nobody = result(|result| *result.pointer_mut("/uid").unwrap() = json!(""));
    assert_eq!(verify(&nobody, KNOWN), Ok(()));
    assert_eq!(verify(&nobody, User::ByUserHandle(USER)), Err(Error::UserHandleMissing));
}

#[test]
fn other_forms_are_refused() {
    let malformed = |change: fn(&mut Value)| verify(&result(change), KNOWN) == Err(Error::ResultMalformed);
    assert!(malformed(|result| result["more"] = json!(1)));
    assert!(malformed(|result| result["webauthn"]["more"] = json!(1)));
    assert!(malformed(|result| result["counter"] = json!("5")));
    assert!(malformed(|result| result["counter"] = json!(-1)));
    assert!(malformed(|result| result["counter"] = json!(1.5)));
    assert!(malformed(|result| result["raw"] = json!(null)));
    assert!(malformed(|result| drop(result.as_object_mut().unwrap().remove("uid"))));
    assert!(malformed(|result| *result = json!([])));
    let (json, signature) = result(|_| ());
    let parse = |json: &str, signature: &str| SoterResult::parse(json, signature).map(|_| ());
    let twice = json.replacen('{', "{\"raw\":\"\",", 1);
    assert_eq!(parse(&twice, &signature), Err(Error::ResultMalformed));
    assert_eq!(parse(&format!("{json} x"), &signature), Err(Error::ResultMalformed));
    for bad in ["", "*", "AA", "_w==", "AB=="] {
        assert_eq!(parse(&json, bad), Err(Error::ResultSignatureMalformed), "{bad}");
    }
    assert_eq!(parse(&" ".repeat(70_000), &signature), Err(Error::ResultTooLarge));
    assert_eq!(parse(&json, &"A".repeat(4096)), Err(Error::ResultTooLarge));
}
