//! Each step of WebAuthn Level 3, §7.2, broken alone. What was spoiled is signed after that, so that only one thing is wrong.
#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used)]

mod common;

use common::*;
use pollster::block_on;
use wx_soter_verifier::assertion::{self, AuthenticationResponse, Counter, Expected};
use wx_soter_verifier::native::Native;
use wx_soter_verifier::policy::{Backup, CounterPolicy, Extensions, UserVerification};
use wx_soter_verifier::{CredentialRecord, Error, Policy, User};

#[track_caller]
fn refused(spoiled: &Asserting, policy: &Policy, error: Error, step: &str) {
    assert_eq!(spoiled.verify(policy).map(|_| ()), Err(error));
    assert_eq!(error.authentication_step(), Some(step));
}

#[track_caller]
fn response_refused(response: &AuthenticationResponse, error: Error, step: &str) {
    assert_eq!(authenticate(response, &record(), &policy()).map(|_| ()), Err(error));
    assert_eq!(error.authentication_step(), Some(step));
}

fn expecting(response: &AuthenticationResponse, expected: &Expected<'_>) -> Result<(), Error> {
    block_on(assertion::verify(response, &record(), expected, &policy(), &Native)).map(|_| ())
}

#[test]
fn a_good_assertion_is_accepted() {
    let assertion = Asserting::default().verify(&policy()).unwrap();
    assert!(assertion.user_verified);
    assert_eq!(assertion.counter, Counter::Increased);
}

#[test]
fn step_3_the_response() {
    let good = Asserting::default().response();
    let id = base64url(CREDENTIAL_ID);
    let json = format!(
        r#"{{"id":"{id}","rawId":"{id}","type":"public-key","clientExtensionResults":{{}},
            "response":{{"clientDataJSON":"{}","authenticatorData":"{}","signature":"{}","userHandle":"{}"}}}}"#,
        base64url(&good.client_data_json),
        base64url(&good.authenticator_data),
        base64url(&good.signature),
        base64url(USER),
    );
    assert_eq!(AuthenticationResponse::from_json(&json), Ok(good));
    let with = |from: &str, to: &str| AuthenticationResponse::from_json(&json.replace(from, to)).map(|_| ());
    let null = json.replace(&format!("\"{}\"}}}}", base64url(USER)), "null}}");
    assert_eq!(AuthenticationResponse::from_json(&null).unwrap().user_handle, None);
    assert_eq!(with("public-key", "password"), Err(Error::CredentialTypeUnknown));
    assert_eq!(
        with(&format!("\"rawId\":\"{id}\""), "\"rawId\":\"AA\""),
        Err(Error::CredentialIdInconsistent)
    );
    assert_eq!(with("\"signature\"", "\"attestationObject\""), Err(Error::ResponseMalformed));
    assert_eq!(with("{\"id\"", "{\"id\":\"AA\",\"id\""), Err(Error::ResponseMalformed));
    assert_eq!(AuthenticationResponse::from_json(&" ".repeat(70_000)), Err(Error::ResponseTooLarge));
    assert_eq!(Error::ResponseTooLarge.authentication_step(), Some("3"));
}

#[test]
fn step_5_allowed_credentials() {
    let good = Asserting::default().response();
    assert_eq!(expecting(&good, &Expected { allowed: &[b"x", CREDENTIAL_ID], ..ASSERTION }), Ok(()));
    assert_eq!(
        expecting(&good, &Expected { allowed: &[b"x"], ..ASSERTION }),
        Err(Error::CredentialNotAllowed)
    );
    assert_eq!(Error::CredentialNotAllowed.authentication_step(), Some("5"));
}

#[test]
fn step_6_the_user() {
    let good = Asserting::default().response();
    let another = AuthenticationResponse { id: b"another".to_vec(), ..good.clone() };
    response_refused(&another, Error::CredentialUnknown, "6");
    let of_another = AuthenticationResponse { user_handle: Some(b"another".to_vec()), ..good.clone() };
    response_refused(&of_another, Error::UserHandleMismatch, "6");
    let of_nobody = AuthenticationResponse { user_handle: None, ..good.clone() };
    let by_handle = Expected { user: User::ByUserHandle(USER), ..ASSERTION };
    assert_eq!(expecting(&of_nobody, &ASSERTION), Ok(()));
    assert_eq!(expecting(&of_nobody, &by_handle), Err(Error::UserHandleMissing));
    assert_eq!(expecting(&of_another, &by_handle), Err(Error::UserHandleMismatch));
    assert_eq!(expecting(&good, &by_handle), Ok(()));
    // An empty handle names nobody.
    let of_none = AuthenticationResponse { user_handle: Some(Vec::new()), ..good.clone() };
    assert_eq!(expecting(&of_none, &ASSERTION), Ok(()));
    assert_eq!(expecting(&of_none, &by_handle), Err(Error::UserHandleMissing));
    let by_none = Expected { user: User::ByUserHandle(b""), ..ASSERTION };
    assert_eq!(expecting(&of_none, &by_none), Err(Error::UserHandleMissing));
    let unknown_handle = Expected { user: User::Identified(None), ..ASSERTION };
    assert_eq!(expecting(&of_another, &unknown_handle), Ok(()));
}

#[test]
fn step_8_utf8() {
    let bad = signed(b"{\"type\":\"\xff\"}".to_vec(), Asserting::default().response().authenticator_data);
    response_refused(&bad, Error::ClientDataNotUtf8, "8");
    let large = signed(vec![b' '; 20_000], bad.authenticator_data);
    response_refused(&large, Error::ClientDataTooLarge, "8");
    let good = Asserting::default().response();
    let marked = signed([&b"\xef\xbb\xbf"[..], &good.client_data_json].concat(), good.authenticator_data);
    assert!(authenticate(&marked, &record(), &policy()).is_ok());
}

#[test]
fn step_9_json() {
    refused(&Asserting { more: "]", ..Default::default() }, &policy(), Error::ClientDataMalformed, "9");
    let twice = Asserting { more: r#","origin":"https://example.org""#, ..Default::default() };
    refused(&twice, &policy(), Error::ClientDataMalformed, "9");
}

#[test]
fn step_10_type() {
    for kind in ["webauthn.create", "payment.get", "webauthn.get ", ""] {
        refused(&Asserting { kind, ..Default::default() }, &policy(), Error::TypeMismatch, "10");
    }
}

#[test]
fn step_11_challenge() {
    let bad = Asserting { challenge: b"another".to_vec(), ..Default::default() };
    refused(&bad, &policy(), Error::ChallengeMismatch, "11");
    let empty = Asserting { challenge: Vec::new(), ..Default::default() }.response();
    assert_eq!(expecting(&empty, &Expected { challenge: b"", ..ASSERTION }), Err(Error::ChallengeMismatch));
}

#[test]
fn step_12_origin() {
    let bad = Asserting { origin: "https://evil.example", ..Default::default() };
    refused(&bad, &policy(), Error::OriginNotAllowed, "12");
}

#[test]
fn step_13_cross_origin() {
    let framed = Asserting { more: r#","crossOrigin":true"#, ..Default::default() };
    refused(&framed, &policy(), Error::CrossOriginNotAllowed, "13");
    assert!(framed.verify(&in_iframes()).is_ok());
    let not_framed = Asserting { more: r#","crossOrigin":false"#, ..Default::default() };
    assert!(not_framed.verify(&policy()).is_ok());
}

#[test]
fn step_14_top_origin() {
    let framed = Asserting { more: r#","topOrigin":"https://example.com""#, ..Default::default() };
    refused(&framed, &policy(), Error::TopOriginNotExpected, "14.1");
    assert!(framed.verify(&in_iframes()).is_ok());
    let elsewhere =
        Asserting { more: r#","crossOrigin":true,"topOrigin":"https://evil.example""#, ..Default::default() };
    refused(&elsewhere, &in_iframes(), Error::TopOriginNotAllowed, "14.2");
}

#[test]
fn step_15_rp_id() {
    refused(&Asserting { rp_id: "example.com", ..Default::default() }, &policy(), Error::RpIdMismatch, "15");
    let trailing = Asserting { rest: vec![0], ..Default::default() };
    refused(&trailing, &policy(), Error::AuthenticatorDataMalformed, "15");
}

#[test]
fn step_16_user_present() {
    refused(&Asserting { flags: 0x04, ..Default::default() }, &policy(), Error::UserNotPresent, "16");
}

#[test]
fn step_17_user_verified() {
    let unverified = Asserting { flags: 0x01, ..Default::default() };
    refused(&unverified, &policy(), Error::UserNotVerified, "17");
    let optional = Policy { user_verification: UserVerification::Optional, ..policy() };
    assert!(!unverified.verify(&optional).unwrap().user_verified);
}

#[test]
fn step_18_backup_flags() {
    refused(
        &Asserting { flags: 0x15, ..Default::default() },
        &policy(),
        Error::BackupFlagsInconsistent,
        "18",
    );
}

#[test]
fn step_19_backup() {
    let eligible = Asserting { flags: 0x0d, ..Default::default() };
    refused(&eligible, &policy(), Error::BackupEligibilityChanged, "19");
    let eligible_record = CredentialRecord { backup_eligible: true, ..record() };
    let with = |flags, policy: &Policy| {
        authenticate(&Asserting { flags, ..Default::default() }.response(), &eligible_record, policy)
            .map(|_| ())
    };
    assert_eq!(with(0x05, &policy()), Err(Error::BackupEligibilityChanged));
    assert_eq!(with(0x0d, &policy()), Ok(()));
    let device_bound = Policy { backup: Backup::RefuseEligible, ..policy() };
    assert_eq!(with(0x0d, &device_bound), Err(Error::BackupEligibleNotAllowed));
    let not_backed_up = Policy { backup: Backup::RefuseBackedUp, ..policy() };
    assert_eq!(with(0x0d, &not_backed_up), Ok(()));
    assert_eq!(with(0x1d, &not_backed_up), Err(Error::BackedUpNotAllowed));
    assert_eq!(Error::BackedUpNotAllowed.authentication_step(), Some("19.3"));
}

#[test]
fn steps_20_and_21_signature() {
    let good = Asserting::default().response();
    let other_hash = AuthenticationResponse {
        client_data_json: Asserting { more: r#","other":1"#, ..Default::default() }
            .response()
            .client_data_json,
        ..good.clone()
    };
    response_refused(&other_hash, Error::SignatureInvalid, "21");
    for signature in [vec![], vec![0; 2000], good.signature[..good.signature.len() - 1].to_vec()] {
        response_refused(
            &AuthenticationResponse { signature, ..good.clone() },
            Error::SignatureInvalid,
            "21",
        );
    }
    let damaged = CredentialRecord { public_key: vec![], ..record() };
    assert_eq!(authenticate(&good, &damaged, &policy()).map(|_| ()), Err(Error::PublicKeyMalformed));
    let mut off_the_curve = record();
    *off_the_curve.public_key.last_mut().unwrap() ^= 1;
    assert_eq!(authenticate(&good, &off_the_curve, &policy()).map(|_| ()), Err(Error::SignatureInvalid));
}

#[test]
fn step_22_counter() {
    let report = Policy { counter: CounterPolicy::Report, ..policy() };
    // The record says 4.
    for sign_count in [0, 3, 4] {
        let stale = Asserting { sign_count, ..Default::default() };
        refused(&stale, &policy(), Error::SignCountNotIncreased, "22");
        let reported = stale.verify(&report).unwrap();
        assert_eq!(reported.counter, Counter::NotIncreased { recorded: 4, received: sign_count });
        assert_eq!(reported.record.sign_count, 4);
    }
    let without = CredentialRecord { sign_count: 0, ..record() };
    let zero = Asserting { sign_count: 0, ..Default::default() }.response();
    assert_eq!(authenticate(&zero, &without, &policy()).unwrap().counter, Counter::NotKept);
}

#[test]
fn step_23_extensions() {
    let extended = Asserting { flags: 0x85, rest: b"\xa1\x61e\xf5".to_vec(), ..Default::default() };
    assert_eq!(extended.verify(&policy()).unwrap().extensions, ["e"]);
    let none = Policy { extensions: Extensions::Only(vec![]), ..policy() };
    refused(&extended, &none, Error::ExtensionNotAllowed, "23");
}

#[test]
fn step_24_the_record() {
    let eligible = CredentialRecord { backup_eligible: true, uv_initialized: false, ..record() };
    let backed_up = Asserting { flags: 0x1d, sign_count: 9, ..Default::default() }.response();
    let updated = authenticate(&backed_up, &eligible, &policy()).unwrap().record;
    assert_eq!(updated, CredentialRecord { sign_count: 9, backup_state: true, ..eligible });
}
