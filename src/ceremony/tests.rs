//! Every way through a ceremony, on a platform that really signs.

use crate::api::Api;
use crate::browser_error::Meaning;
use crate::call::run as run_call;
use crate::environment::System;
use crate::failure::{Failure, Reason};
use crate::mode::AuthMode;
use crate::options::Options;
use crate::result::{SignedResult, Success};
use crate::scripted_platform::{Next, ScriptedPlatform, Tamper, refusal};
use crate::settings::{Authenticators, Settings};
use pollster::block_on;
use wx_soter_webauthn::response::{AssertionResponse, AttestationResponse};
use wx_soter_webauthn::{AttestationObject, ClientData};

const REFUSED: fn() -> Next = || Next::Refuse(refusal(Meaning::Unexplained, "NotAllowedError: no"));

fn start(platform: &ScriptedPlatform, settings: &Settings, options: &Options) -> Result<Success, Failure> {
    block_on(run_call(platform, settings, Api::Start, options, 60_000))
}

fn run(platform: &ScriptedPlatform, challenge: Option<&str>) -> Result<Success, Failure> {
    let options = Options { challenge: challenge.unwrap_or_default().to_owned(), ..Options::default() };
    let outcome = start(platform, &Settings::default(), &options);
    assert!(!platform.is_locked.get(), "the turn is given back");
    outcome
}

fn signed(success: Success) -> Option<SignedResult> {
    match success {
        Success::Authenticated { result, .. } => result,
        _ => None,
    }
}

/// Changes what client data says, whoever signed it.
fn change(json: &mut Vec<u8>, change: impl FnOnce(&mut ClientData)) {
    let mut client_data = ClientData::from_json(json).unwrap();
    change(&mut client_data);
    *json = client_data.to_json().into_bytes();
}

/// Where the authenticator data begin in an attestation object that has little else.
fn spoil_authenticator_data(object: &mut [u8], at: usize, bits: u8) {
    let data = AttestationObject::parse(object).unwrap().authenticator_data.to_vec();
    let begin = object.windows(data.len()).position(|window| window == data).unwrap();
    object[begin + at] ^= bits;
}

fn reason(outcome: Result<Success, Failure>) -> Reason {
    outcome.unwrap_err().reason()
}

fn stored(platform: &ScriptedPlatform) -> Option<u32> {
    platform.store.borrow().get("wx-soter:example.org:").map(|key| key.refusals)
}

fn enrolled() -> ScriptedPlatform {
    let platform = ScriptedPlatform::default();
    run(&platform, None).unwrap();
    platform.log();
    platform
}

#[test]
fn a_first_use_without_challenge_only_creates() {
    let platform = ScriptedPlatform::default();
    let started = run(&platform, None).unwrap();
    assert_eq!(started, Success::Authenticated { mode: AuthMode::FingerPrint, result: None });
    assert_eq!(platform.log(), ["show  fingerPrint", "create", "key created"]);
    assert_eq!(stored(&platform), Some(0));
}

#[test]
fn a_first_use_with_challenge_creates_and_signs() {
    let platform = ScriptedPlatform::default();
    let started = run(&platform, Some("hello")).unwrap();
    assert_eq!(platform.log(), ["show  fingerPrint", "create", "key created", "get"]);
    let signed = signed(started).unwrap();
    let result: serde_json::Value = serde_json::from_str(&signed.json).unwrap();
    assert_eq!((&result["raw"], &result["counter"]), (&"hello".into(), &2.into()));
    assert!(!signed.signature.is_empty());
}

#[test]
fn a_later_use_only_signs() {
    let platform = enrolled();
    assert!(signed(run(&platform, Some("hello")).unwrap()).is_some());
    assert_eq!(signed(run(&platform, None).unwrap()), None);
    assert_eq!(platform.log(), ["show  fingerPrint", "get", "show  fingerPrint", "get"]);
}

#[test]
fn an_answer_that_does_not_hold_is_never_a_success() {
    let rows: [(Tamper<AssertionResponse>, &str); 8] = [
        (|a| a.id = vec![9], "another key answered"),
        (|a| a.client_data_json.clear(), "clientDataJSON cannot be read"),
        (
            |a| change(&mut a.client_data_json, |data| data.kind = "webauthn.create".into()),
            "clientDataJSON has another type",
        ),
        (
            |a| change(&mut a.client_data_json, |data| data.challenge = "aGVsbG9".into()),
            "clientDataJSON has another challenge",
        ),
        (
            |a| change(&mut a.client_data_json, |data| data.origin = "https://evil.example".into()),
            "clientDataJSON has another origin",
        ),
        (|a| a.authenticator_data.truncate(36), "authenticatorData cannot be read"),
        (|a| a.authenticator_data[0] ^= 1, "authenticatorData is for another RP id"),
        (|a| a.signature[8] ^= 1, "the signature does not hold"),
    ];
    for (tamper, detail) in rows {
        let platform = enrolled();
        platform.tamper_assertion.set(Some(tamper));
        let failure = run(&platform, Some("hello")).unwrap_err();
        assert_eq!((failure.reason(), failure.detail()), (Reason::NotVerified, Some(detail)));
    }
}

const INCOMPLETE: &str = "the new key has no usable public key: the key manager's answer is incomplete. Turn that key \
    manager off for this page, or use another, then reload the page and try again";

#[test]
fn a_new_key_that_does_not_hold_is_never_kept() {
    let rows: [(Tamper<AttestationResponse>, &str); 9] = [
        (|r| r.client_data_json.clear(), "clientDataJSON cannot be read"),
        (
            |r| change(&mut r.client_data_json, |data| data.kind = "webauthn.get".into()),
            "clientDataJSON has another type",
        ),
        (
            |r| change(&mut r.client_data_json, |data| data.challenge.push('A')),
            "clientDataJSON has another challenge",
        ),
        (
            |r| change(&mut r.client_data_json, |data| data.origin.push('.')),
            "clientDataJSON has another origin",
        ),
        (
            |r| spoil_authenticator_data(&mut r.attestation_object, 0, 1),
            "authenticatorData is for another RP id",
        ),
        (|r| r.id = vec![9], "another key answered"),
        (|r| r.id.clear(), "another key answered"),
        (|r| r.attestation_object.clear(), INCOMPLETE),
        // The number of the algorithm, behind the key id and the first pair of the COSE key.
        (|r| spoil_authenticator_data(&mut r.attestation_object, 75, 1), INCOMPLETE),
    ];
    for (tamper, detail) in rows {
        let platform = ScriptedPlatform::default();
        platform.tamper_registration.set(Some(tamper));
        let failure = run(&platform, None).unwrap_err();
        assert_eq!((failure.reason(), failure.detail()), (Reason::NotVerified, Some(detail)));
        assert_eq!(platform.log(), ["show  fingerPrint", "create"], "the page is not told");
        assert_eq!(stored(&platform), None);
    }
}

#[test]
fn a_person_who_was_not_verified_or_not_there_is_never_a_success() {
    for flags in [0x00, 0x01, 0x04] {
        let fresh = ScriptedPlatform::default();
        fresh.flags.set(flags);
        assert_eq!(reason(run(&fresh, None)), Reason::NotVerified, "create, {flags:#x}");
        let platform = enrolled();
        platform.flags.set(flags);
        assert_eq!(reason(run(&platform, None)), Reason::NotVerified, "get, {flags:#x}");
        assert_eq!(stored(&platform), Some(0), "that is no sign of a deleted key");
    }
}

#[test]
fn a_deleted_key_heals_itself_after_two_refusals() {
    let platform = enrolled();
    platform.keys.borrow_mut().clear();
    assert_eq!(reason(run(&platform, Some("c"))), Reason::NotAllowed);
    assert_eq!(reason(run(&platform, Some("c"))), Reason::NotAllowed);
    assert_eq!(stored(&platform), Some(2));
    platform.log();
    run(&platform, Some("c")).unwrap();
    assert_eq!(platform.log(), ["show  fingerPrint", "create excluding", "key created", "get"]);
    assert_eq!(stored(&platform), Some(0));
}

#[test]
fn a_key_that_is_still_there_is_used_after_two_refusals() {
    let platform = enrolled().script([REFUSED(), REFUSED()]);
    assert_eq!(reason(run(&platform, None)), Reason::NotAllowed);
    assert_eq!(reason(run(&platform, None)), Reason::NotAllowed);
    platform.log();
    run(&platform, None).unwrap();
    assert_eq!(platform.log(), ["show  fingerPrint", "create excluding", "get"]);
    assert_eq!(stored(&platform), Some(0), "the count starts again");
}

#[test]
fn a_key_in_doubt_is_asked_where_none_may_be_made() {
    let mut platform = enrolled().script([REFUSED(), REFUSED()]);
    run(&platform, None).unwrap_err();
    run(&platform, None).unwrap_err();
    platform.log();
    platform.environment.may_create = false;
    run(&platform, None).unwrap();
    assert_eq!(platform.log(), ["show  fingerPrint", "get"]);
    assert_eq!(stored(&platform), Some(0), "the count starts again");
}

#[test]
fn a_key_in_doubt_is_asked_where_the_browser_lets_none_be_made() {
    let in_doubt = |meaning| {
        let forbidden = Next::Refuse(refusal(meaning, "NotAllowedError: not allowed"));
        let platform = enrolled().script([REFUSED(), REFUSED(), forbidden]);
        run(&platform, None).unwrap_err();
        run(&platform, None).unwrap_err();
        platform.log();
        platform
    };
    for meaning in [Meaning::Fails(Reason::BlockedByPolicy), Meaning::Forbidden] {
        let platform = in_doubt(meaning);
        run(&platform, None).unwrap();
        assert_eq!(platform.log(), ["show  fingerPrint", "create excluding", "get"]);
        assert_eq!(stored(&platform), Some(0));
    }
    let platform = in_doubt(Meaning::Fails(Reason::NotFocused));
    assert_eq!(
        reason(run(&platform, None)),
        Reason::NotFocused,
        "others look at the focus after they have asked"
    );
}

#[test]
fn a_key_of_which_a_wrong_public_key_is_remembered_is_replaced_in_the_end() {
    let platform = enrolled();
    let spoil = |key: &mut crate::key::Key| key.public_key = vec![1, 2, 3];
    platform.store.borrow_mut().values_mut().for_each(spoil);
    for asked in [vec!["get"], vec!["get"], vec!["create excluding", "get"]] {
        platform.log();
        assert_eq!(reason(run(&platform, Some("c"))), Reason::NotVerified);
        assert_eq!(platform.log().split_off(1), asked);
    }
    run(&platform, Some("c")).unwrap();
    assert_eq!(platform.log(), ["show  fingerPrint", "create", "key created", "get"]);
    run(&platform, Some("c")).unwrap();
}

#[test]
fn only_refusals_in_a_row_count() {
    let platform = enrolled().script([REFUSED(), Next::Answer, REFUSED()]);
    run(&platform, None).unwrap_err();
    run(&platform, None).unwrap();
    run(&platform, None).unwrap_err();
    assert_eq!(stored(&platform), Some(1));
}

#[test]
fn every_key_has_a_handle_of_its_own() {
    let platform = enrolled();
    let handle = || platform.store.borrow()["wx-soter:example.org:"].user_handle.clone();
    let before = handle();
    assert_eq!(before.len(), 32);
    platform.keys.borrow_mut().clear();
    for _ in 0..3 {
        let _ = run(&platform, None);
    }
    assert_eq!(handle().len(), 32);
    assert_ne!(handle(), before);
}

#[test]
fn a_key_that_the_page_refuses_is_not_kept() {
    let platform = ScriptedPlatform::default();
    platform.page_refuses_keys.set(Some("HTTP 500"));
    let failure = run(&platform, Some("c")).unwrap_err();
    assert_eq!((failure.reason(), failure.detail()), (Reason::EnrolmentRefused, Some("HTTP 500")));
    assert_eq!(platform.log(), ["show  fingerPrint", "create", "key created"]);
    assert_eq!(stored(&platform), None);
    assert_eq!(*platform.signalled.borrow(), [[1; 16]], "the platform is told that nobody knows it");
}

#[test]
fn a_second_start_is_busy_and_the_first_keeps_its_turn() {
    let platform = ScriptedPlatform::default();
    platform.is_locked.set(true);
    let outcome = start(&platform, &Settings::default(), &Options::default());
    assert_eq!(reason(outcome), Reason::Busy);
    assert!(platform.is_locked.get());
    assert!(platform.log().is_empty());
}

#[test]
fn a_ceremony_that_never_ends_times_out() {
    for mut platform in [ScriptedPlatform::default(), enrolled()] {
        platform = platform.script([Next::Hang]);
        platform.deadline_passes.set(true);
        assert_eq!(reason(run(&platform, None)), Reason::Timeout);
        platform.deadline_passes.set(false);
        run(&platform, None).unwrap();
    }
}

#[test]
fn the_prompts_cancel_ends_the_ceremony() {
    let platform = ScriptedPlatform::default().script([Next::Hang]);
    platform.cancels.set(true);
    assert_eq!(reason(run(&platform, None)), Reason::Cancelled);
}

#[test]
fn a_throwing_prompt_fails_the_call() {
    let platform = ScriptedPlatform::default();
    platform.prompt_throws.set(true);
    assert_eq!(reason(run(&platform, None)), Reason::Internal);
}

#[test]
fn a_click_that_the_browser_wants_is_asked_for_once() {
    let wants_click = || Next::Refuse(refusal(Meaning::NeedsActivation, "NotAllowedError: click"));
    let platform = enrolled().script([wants_click()]);
    platform.clicks.set(true);
    run(&platform, None).unwrap();
    assert_eq!(platform.log(), ["show  fingerPrint", "get", "get"]);

    let platform = enrolled().script([wants_click()]);
    assert_eq!(reason(run(&platform, None)), Reason::NotAllowed, "no button to click");

    let platform = enrolled().script([wants_click(), wants_click()]);
    platform.clicks.set(true);
    assert_eq!(reason(run(&platform, None)), Reason::NotAllowed, "not a third time");
}

#[test]
fn making_a_key_and_signing_with_it_may_want_a_click_each() {
    let wants_click = || Next::Refuse(refusal(Meaning::NeedsActivation, "NotAllowedError: click"));
    let platform = ScriptedPlatform::default().script([wants_click(), Next::Answer, wants_click()]);
    platform.clicks.set(true);
    run(&platform, Some("c")).unwrap();
    assert_eq!(platform.log(), ["show  fingerPrint", "create", "create", "key created", "get", "get"]);
}

#[test]
fn an_absent_authenticator_is_named() {
    let rows =
        [(System::Windows, Reason::NoFingerPrintEnrolled), (System::Other, Reason::NoPlatformAuthenticator)];
    for (system, expected) in rows {
        for next in [Next::Hang, REFUSED()] {
            let refused = matches!(next, Next::Refuse(_));
            let mut platform = ScriptedPlatform::default().script([next]);
            platform.environment.system = system;
            platform.available.set(Some(false));
            let failure = run(&platform, None).unwrap_err();
            assert_eq!(failure.reason(), expected);
            let silent = Failure::new(expected);
            let words = if refused { Some("NotAllowedError: no") } else { silent.detail() };
            assert_eq!(failure.detail(), words, "the browser's own words, or advice");
        }
    }
}

#[test]
fn an_authenticator_found_absent_meanwhile_is_not_explained_by_an_older_refusal() {
    let wants_click = || Next::Refuse(refusal(Meaning::NeedsActivation, "NotAllowedError: click"));
    let platform = ScriptedPlatform::default().script([wants_click(), Next::Hang]);
    platform.clicks.set(true);
    platform.available.set(Some(false));
    let failure = run(&platform, None).unwrap_err();
    assert_eq!((failure.reason(), failure.detail()), (Reason::NoFingerPrintEnrolled, None));
}

#[test]
fn a_device_that_does_not_tell_is_tried() {
    let platform = ScriptedPlatform::default();
    platform.available.set(None);
    run(&platform, None).unwrap();
}

#[test]
fn any_authenticator_needs_no_platform_authenticator() {
    let platform = ScriptedPlatform::default().script([REFUSED()]);
    platform.available.set(Some(false));
    let settings = Settings { authenticators: Authenticators::Any, ..Settings::default() };
    let outcome = start(&platform, &settings, &Options::default());
    assert_eq!(reason(outcome), Reason::NotAllowed);
}

#[test]
fn refusals_that_say_why_do_not_count_against_the_key() {
    let rows = [
        (Meaning::Fails(Reason::NotFocused), Reason::NotFocused),
        (Meaning::Forbidden, Reason::NotFocused),
        (Meaning::Fails(Reason::Busy), Reason::Busy),
        (Meaning::Fails(Reason::BlockedByPolicy), Reason::BlockedByPolicy),
    ];
    for (meaning, expected) in rows {
        let platform = enrolled().script([Next::Refuse(refusal(meaning, ""))]);
        assert_eq!(reason(run(&platform, None)), expected);
        assert_eq!(stored(&platform), Some(0));
    }
}

/// All refusals that a missing key may be behind.
const UNEXPLAINED: [Meaning; 6] = [
    Meaning::Unexplained,
    Meaning::Declined,
    Meaning::Broken,
    Meaning::AlreadyThere,
    Meaning::NotSetUp,
    Meaning::Fails(Reason::Timeout),
];

#[test]
fn refusals_that_a_missing_key_may_be_behind_count_against_the_key() {
    for meaning in UNEXPLAINED {
        let platform = enrolled().script([Next::Refuse(refusal(meaning, ""))]);
        run(&platform, None).unwrap_err();
        assert_eq!(stored(&platform), Some(1), "{meaning:?}");
    }
    let platform = enrolled();
    platform.tamper_assertion.set(Some(|answer| answer.id = vec![9]));
    run(&platform, None).unwrap_err();
    assert_eq!(stored(&platform), Some(1), "another key answered");
}

#[test]
fn whoever_is_willing_succeeds_within_two_starts() {
    for of_get in UNEXPLAINED {
        for of_probe in UNEXPLAINED {
            let refuse = |meaning| Next::Refuse(refusal(meaning, ""));
            // The key is there, and the person cancels twice. Then the probe tells nothing.
            let platform = enrolled().script([refuse(of_get), refuse(of_get), refuse(of_probe)]);
            let starts: Vec<_> = (0..4).map(|_| run(&platform, Some("c")).is_ok()).collect();
            let is_found = of_probe == Meaning::AlreadyThere;
            assert_eq!(starts, [false, false, is_found, true], "there: {of_get:?}, {of_probe:?}");
            assert_eq!(platform.keys.borrow().len(), 1, "no other key was made");

            // The key is gone, and the probe tells nothing.
            let platform = enrolled().script([refuse(of_get), refuse(of_get), refuse(of_probe)]);
            platform.keys.borrow_mut().clear();
            if is_found {
                continue;
            }
            let starts: Vec<_> = (0..4).map(|_| run(&platform, Some("c")).is_ok()).collect();
            assert_eq!(starts, [false, false, false, true], "gone: {of_get:?}, {of_probe:?}");
        }
    }
}

#[test]
fn a_key_that_is_said_to_be_there_and_never_signs_is_replaced_at_the_fifth_start() {
    for of_get in UNEXPLAINED {
        let refuse = |meaning| Next::Refuse(refusal(meaning, ""));
        let there = || refuse(Meaning::AlreadyThere);
        // Start by start: refused, refused, there and refused, refused, refused and replaced.
        let script = [of_get, of_get]
            .map(refuse)
            .into_iter()
            .chain([there()])
            .chain([of_get, of_get, of_get].map(refuse));
        let platform = enrolled().script(script);
        platform.keys.borrow_mut().clear();
        let starts: Vec<_> = (0..6).map(|_| run(&platform, Some("c")).is_ok()).collect();
        // What takes all the time of a call leaves none for another key.
        let at = if of_get == Meaning::Fails(Reason::Timeout) { 5 } else { 4 };
        assert_eq!(starts.iter().position(|is_ok| *is_ok), Some(at), "{of_get:?}");
    }
}

#[test]
fn checks_that_fail_tell_nothing_of_the_key() {
    let platform = enrolled();
    platform.availability_hangs.set(true);
    platform.deadline_passes.set(true);
    for api in [Api::CheckSupport, Api::CheckEnrolled, Api::CheckSupport] {
        let failed = block_on(run_call(&platform, &Settings::default(), api, &Options::default(), 60_000));
        assert_eq!(reason(failed), Reason::Timeout);
    }
    assert_eq!(stored(&platform), Some(0));
}

#[test]
fn a_click_that_the_page_lets_nobody_make_tells_nothing_of_the_key() {
    let wants_click = || Next::Refuse(refusal(Meaning::NeedsActivation, "NotAllowedError: click"));
    let platform = enrolled().script([wants_click()]);
    assert_eq!(reason(run(&platform, None)), Reason::NotAllowed);
    assert_eq!(stored(&platform), Some(0));
}

#[test]
fn who_cancels_what_never_ends_is_not_asked_for_ever() {
    let platform = enrolled().script([Next::Hang, Next::Hang]);
    platform.keys.borrow_mut().clear();
    platform.cancels.set(true);
    for _ in 0..2 {
        assert_eq!(reason(run(&platform, None)), Reason::Cancelled);
    }
    run(&platform, None).unwrap();
}

#[test]
fn a_new_key_without_user_verification_can_be_tried_again() {
    let platform = ScriptedPlatform::default();
    platform.flags.set(0x01);
    assert_eq!(reason(run(&platform, None)), Reason::NotVerified);
    assert_eq!(platform.unusable_keys.get(), 0);
}

#[test]
fn no_key_is_made_at_each_start_where_none_ever_signs() {
    let platform = ScriptedPlatform::default();
    platform.tamper_assertion.set(Some(|answer| answer.signature[8] ^= 1));
    for _ in 0..60 {
        run(&platform, Some("c")).unwrap_err();
    }
    let made = platform.keys.borrow().len();
    assert!(made <= 5, "{made} keys in 60 starts");
}

#[test]
fn a_key_manager_whose_keys_are_of_no_use_is_asked_for_no_other() {
    let mut platform = ScriptedPlatform::default();
    platform.tamper_registration.set(Some(|r| r.attestation_object.clear()));
    let failure = run(&platform, Some("c")).unwrap_err();
    assert_eq!(failure.reason(), Reason::NotVerified);
    assert!(failure.detail().unwrap().contains("the key manager's answer is incomplete"));
    assert_eq!(platform.unusable_keys.get(), 1);
    platform.log();
    platform.environment.makes_unusable_keys = true;
    let failure = run(&platform, Some("c")).unwrap_err();
    assert!(failure.detail().unwrap().contains("try again"));
    assert_eq!(platform.log(), ["show  fingerPrint"], "nothing is made");
    // A key that is there from before can still be asked.
    let mut platform = enrolled();
    platform.environment.makes_unusable_keys = true;
    run(&platform, Some("c")).unwrap();
}

#[test]
fn each_rp_id_and_user_has_a_key_of_its_own() {
    let platform = ScriptedPlatform::default();
    for (rp_id, user) in [("example.org", "ann"), ("example.org", "bob"), ("org", "ann")] {
        let mut settings = Settings { rp_id: rp_id.into(), ..Settings::default() };
        settings.user_id = user.into();
        start(&platform, &settings, &Options::default()).unwrap();
    }
    assert_eq!(platform.keys.borrow().len(), 3);
    let store = platform.store.borrow();
    let handles: std::collections::HashSet<_> = store.values().map(|key| &key.user_handle).collect();
    assert_eq!(handles.len(), 3, "whose key it is goes into no handle");
}

#[test]
fn what_is_in_the_way_is_named_before_anything_is_shown() {
    let mut platform = ScriptedPlatform::default();
    platform.environment.webauthn = false;
    assert_eq!(reason(run(&platform, None)), Reason::NoWebauthn);
    platform.environment.webauthn = true;
    let options = Options { modes: Some(vec![AuthMode::Speech]), ..Options::default() };
    let outcome = start(&platform, &Settings::default(), &options);
    assert_eq!(reason(outcome), Reason::ModeNotSupported);
    assert!(platform.log().is_empty());
}
