//! Every way through a ceremony, on a device that really signs.

use super::run as run_call;
use crate::api::Api;
use crate::browser_error::Meaning;
use crate::client_data::ClientData;
use crate::environment::System;
use crate::failure::{Failure, Reason};
use crate::mode::AuthMode;
use crate::options::Options;
use crate::result::Success;
use crate::scripted_device::{Next, ScriptedDevice, Tamper, refusal};
use crate::settings::{Authenticators, Settings};
use pollster::block_on;

const REFUSED: fn() -> Next = || Next::Refuse(refusal(Meaning::Unexplained, "NotAllowedError: no"));

fn start(device: &ScriptedDevice, settings: &Settings, options: &Options) -> Result<Success, Failure> {
    block_on(run_call(device, settings, Api::Start, options))
}

fn run(device: &ScriptedDevice, challenge: Option<&str>) -> Result<Success, Failure> {
    let options = Options { challenge: challenge.unwrap_or_default().to_owned(), ..Options::default() };
    let outcome = start(device, &Settings::default(), &options);
    assert!(!device.open.get(), "the turn is given back");
    outcome
}

fn reason(outcome: Result<Success, Failure>) -> Reason {
    outcome.unwrap_err().reason()
}

fn stored(device: &ScriptedDevice) -> Option<u32> {
    device.store.borrow().get("wx-soter:example.org:").map(|key| key.refusals)
}

fn enrolled() -> ScriptedDevice {
    let device = ScriptedDevice::default();
    run(&device, None).unwrap();
    device.log();
    device
}

#[test]
fn a_first_use_without_challenge_only_creates() {
    let device = ScriptedDevice::default();
    let started = run(&device, None).unwrap();
    assert_eq!(started, Success { auth_mode: "fingerPrint", ..Success::default() });
    assert_eq!(device.log(), ["show  fingerPrint", "create", "key created"]);
    assert_eq!(stored(&device), Some(0));
}

#[test]
fn a_first_use_with_challenge_creates_and_signs() {
    let device = ScriptedDevice::default();
    let started = run(&device, Some("hello")).unwrap();
    assert_eq!(device.log(), ["show  fingerPrint", "create", "key created", "get"]);
    let result: serde_json::Value = serde_json::from_str(&started.result_json).unwrap();
    assert_eq!((&result["raw"], &result["counter"]), (&"hello".into(), &2.into()));
    assert!(!started.result_json_signature.is_empty());
}

#[test]
fn a_later_use_only_signs() {
    let device = enrolled();
    assert!(!run(&device, Some("hello")).unwrap().result_json.is_empty());
    assert_eq!(run(&device, None).unwrap().result_json, "");
    assert_eq!(device.log(), ["show  fingerPrint", "get", "show  fingerPrint", "get"]);
}

#[test]
fn an_answer_that_does_not_hold_is_never_a_success() {
    let rows: [(Tamper, &str); 9] = [
        (|a| a.id = "CQ".into(), "another key answered"),
        (|a| a.client_data = ClientData::default(), "clientDataJSON cannot be read"),
        (|a| a.client_data.kind = "webauthn.create".into(), "clientDataJSON has another type"),
        (|a| a.client_data.challenge = "aGVsbG9".into(), "clientDataJSON has another challenge"),
        (|a| a.client_data.origin = "https://evil.example".into(), "clientDataJSON has another origin"),
        (|a| a.authenticator_data.truncate(36), "authenticatorData cannot be read"),
        (|a| a.authenticator_data[0] ^= 1, "authenticatorData is for another RP id"),
        (|a| a.expected_rp_id_hash.clear(), "authenticatorData is for another RP id"),
        (|a| a.signature[8] ^= 1, "the signature does not hold"),
    ];
    for (tamper, detail) in rows {
        let device = enrolled();
        device.tamper_assertion.set(Some(tamper));
        let failure = run(&device, Some("hello")).unwrap_err();
        assert_eq!((failure.reason(), failure.detail()), (Reason::NotVerified, Some(detail)));
    }
}

const INCOMPLETE: &str = "the new key has no usable public key: the key manager's answer is incomplete. Turn that key \
    manager off for this page, or use another, then reload the page and try again";

/// Spoils an answer where nothing is left to mend it by.
fn spoil_attestation(answer: &mut crate::device::Answer, spoil: Tamper) {
    answer.attestation_object.clear();
    spoil(answer);
}

#[test]
fn a_new_key_that_does_not_hold_is_never_kept() {
    let rows: [(Tamper, &str); 9] = [
        (|r| r.client_data = ClientData::default(), "clientDataJSON cannot be read"),
        (|r| r.client_data.kind = "webauthn.get".into(), "clientDataJSON has another type"),
        (|r| r.client_data.challenge.push('A'), "clientDataJSON has another challenge"),
        (|r| r.client_data.origin.push('.'), "clientDataJSON has another origin"),
        (
            |r| spoil_attestation(r, |r| r.authenticator_data[0] ^= 1),
            "authenticatorData is for another RP id",
        ),
        (|r| r.raw_id = vec![9], "another key answered"),
        (|r| r.raw_id.clear(), "another key answered"),
        (|r| spoil_attestation(r, |r| r.public_key.clear()), INCOMPLETE),
        (|r| spoil_attestation(r, |r| r.algorithm = -8), INCOMPLETE),
    ];
    for (tamper, detail) in rows {
        let device = ScriptedDevice::default();
        device.tamper_registration.set(Some(tamper));
        let failure = run(&device, None).unwrap_err();
        assert_eq!((failure.reason(), failure.detail()), (Reason::NotVerified, Some(detail)));
        assert_eq!(device.log(), ["show  fingerPrint", "create"], "the page is not told");
        assert_eq!(stored(&device), None);
    }
}

#[test]
fn a_person_who_was_not_verified_or_not_there_is_never_a_success() {
    for flags in [0x00, 0x01, 0x04] {
        let fresh = ScriptedDevice::default();
        fresh.flags.set(flags);
        assert_eq!(reason(run(&fresh, None)), Reason::NotVerified, "create, {flags:#x}");
        let device = enrolled();
        device.flags.set(flags);
        assert_eq!(reason(run(&device, None)), Reason::NotVerified, "get, {flags:#x}");
        assert_eq!(stored(&device), Some(0), "that is no sign of a deleted key");
    }
}

#[test]
fn a_deleted_key_heals_itself_after_two_refusals() {
    let device = enrolled();
    device.keys.borrow_mut().clear();
    assert_eq!(reason(run(&device, Some("c"))), Reason::NotAllowed);
    assert_eq!(reason(run(&device, Some("c"))), Reason::NotAllowed);
    assert_eq!(stored(&device), Some(2));
    device.log();
    run(&device, Some("c")).unwrap();
    assert_eq!(device.log(), ["show  fingerPrint", "create excluding", "key created", "get"]);
    assert_eq!(stored(&device), Some(0));
}

#[test]
fn a_key_that_is_still_there_is_used_after_two_refusals() {
    let device = enrolled().script([REFUSED(), REFUSED()]);
    assert_eq!(reason(run(&device, None)), Reason::NotAllowed);
    assert_eq!(reason(run(&device, None)), Reason::NotAllowed);
    device.log();
    run(&device, None).unwrap();
    assert_eq!(device.log(), ["show  fingerPrint", "create excluding", "get"]);
    assert_eq!(stored(&device), Some(0), "the count starts again");
}

#[test]
fn a_key_in_doubt_is_asked_where_none_may_be_made() {
    let mut device = enrolled().script([REFUSED(), REFUSED()]);
    run(&device, None).unwrap_err();
    run(&device, None).unwrap_err();
    device.log();
    device.environment.may_create = false;
    run(&device, None).unwrap();
    assert_eq!(device.log(), ["show  fingerPrint", "get"]);
    assert_eq!(stored(&device), Some(0), "the count starts again");
}

#[test]
fn a_key_in_doubt_is_asked_where_the_browser_lets_none_be_made() {
    let in_doubt = |meaning| {
        let forbidden = Next::Refuse(refusal(meaning, "NotAllowedError: not allowed"));
        let device = enrolled().script([REFUSED(), REFUSED(), forbidden]);
        run(&device, None).unwrap_err();
        run(&device, None).unwrap_err();
        device.log();
        device
    };
    for meaning in [Meaning::Fails(Reason::BlockedByPolicy), Meaning::Forbidden] {
        let device = in_doubt(meaning);
        run(&device, None).unwrap();
        assert_eq!(device.log(), ["show  fingerPrint", "create excluding", "get"]);
        assert_eq!(stored(&device), Some(0));
    }
    let device = in_doubt(Meaning::Fails(Reason::NotFocused));
    assert_eq!(
        reason(run(&device, None)),
        Reason::NotFocused,
        "others look at the focus after they have asked"
    );
}

#[test]
fn a_key_of_which_a_wrong_public_key_is_remembered_is_replaced_in_the_end() {
    let device = enrolled();
    let spoil = |key: &mut crate::key::Key| key.public_key = "AQID".into();
    device.store.borrow_mut().values_mut().for_each(spoil);
    for asked in [vec!["get"], vec!["get"], vec!["create excluding", "get"]] {
        device.log();
        assert_eq!(reason(run(&device, Some("c"))), Reason::NotVerified);
        assert_eq!(device.log().split_off(1), asked);
    }
    run(&device, Some("c")).unwrap();
    assert_eq!(device.log(), ["show  fingerPrint", "create", "key created", "get"]);
    run(&device, Some("c")).unwrap();
}

#[test]
fn only_refusals_in_a_row_count() {
    let device = enrolled().script([REFUSED(), Next::Answer, REFUSED()]);
    run(&device, None).unwrap_err();
    run(&device, None).unwrap();
    run(&device, None).unwrap_err();
    assert_eq!(stored(&device), Some(1));
}

#[test]
fn every_key_has_a_handle_of_its_own() {
    let device = enrolled();
    let handle = || device.store.borrow()["wx-soter:example.org:"].user_handle.clone();
    let before = handle();
    assert_eq!(before.len(), 43);
    device.keys.borrow_mut().clear();
    for _ in 0..3 {
        let _ = run(&device, None);
    }
    assert_eq!(handle().len(), 43);
    assert_ne!(handle(), before);
}

#[test]
fn a_key_that_the_page_refuses_is_not_kept() {
    let device = ScriptedDevice::default();
    device.page_refuses_keys.set(Some("HTTP 500"));
    let failure = run(&device, Some("c")).unwrap_err();
    assert_eq!((failure.reason(), failure.detail()), (Reason::EnrolmentRefused, Some("HTTP 500")));
    assert_eq!(device.log(), ["show  fingerPrint", "create", "key created"]);
    assert_eq!(stored(&device), None);
}

#[test]
fn a_second_start_is_busy_and_the_first_keeps_its_turn() {
    let device = ScriptedDevice::default();
    device.open.set(true);
    let outcome = start(&device, &Settings::default(), &Options::default());
    assert_eq!(reason(outcome), Reason::Busy);
    assert!(device.open.get());
    assert!(device.log().is_empty());
}

#[test]
fn a_ceremony_that_never_ends_times_out() {
    for mut device in [ScriptedDevice::default(), enrolled()] {
        device = device.script([Next::Hang]);
        device.deadline_passes.set(true);
        assert_eq!(reason(run(&device, None)), Reason::Timeout);
        device.deadline_passes.set(false);
        run(&device, None).unwrap();
    }
}

#[test]
fn the_prompts_cancel_ends_the_ceremony() {
    let device = ScriptedDevice::default().script([Next::Hang]);
    device.dismissed_at_once.set(true);
    assert_eq!(reason(run(&device, None)), Reason::Cancelled);
}

#[test]
fn a_throwing_prompt_fails_the_call() {
    let device = ScriptedDevice::default();
    device.prompt_throws.set(true);
    assert_eq!(reason(run(&device, None)), Reason::Internal);
}

#[test]
fn a_click_that_the_browser_wants_is_asked_for_once() {
    let wants_click = || Next::Refuse(refusal(Meaning::NeedsActivation, "NotAllowedError: click"));
    let device = enrolled().script([wants_click()]);
    device.clicks.set(true);
    run(&device, None).unwrap();
    assert_eq!(device.log(), ["show  fingerPrint", "get", "get"]);

    let device = enrolled().script([wants_click()]);
    assert_eq!(reason(run(&device, None)), Reason::NotAllowed, "no button to click");

    let device = enrolled().script([wants_click(), wants_click()]);
    device.clicks.set(true);
    assert_eq!(reason(run(&device, None)), Reason::NotAllowed, "not a third time");
}

#[test]
fn making_a_key_and_signing_with_it_may_want_a_click_each() {
    let wants_click = || Next::Refuse(refusal(Meaning::NeedsActivation, "NotAllowedError: click"));
    let device = ScriptedDevice::default().script([wants_click(), Next::Answer, wants_click()]);
    device.clicks.set(true);
    run(&device, Some("c")).unwrap();
    assert_eq!(device.log(), ["show  fingerPrint", "create", "create", "key created", "get", "get"]);
}

#[test]
fn an_absent_authenticator_is_named() {
    let rows =
        [(System::Windows, Reason::NoFingerPrintEnrolled), (System::Other, Reason::NoPlatformAuthenticator)];
    for (system, expected) in rows {
        for next in [Next::Hang, REFUSED()] {
            let refused = matches!(next, Next::Refuse(_));
            let mut device = ScriptedDevice::default().script([next]);
            device.environment.system = system;
            device.available.set(Some(false));
            let failure = run(&device, None).unwrap_err();
            assert_eq!(failure.reason(), expected);
            assert_eq!(failure.detail(), refused.then_some("NotAllowedError: no"), "the browser's own words");
        }
    }
}

#[test]
fn an_authenticator_found_absent_meanwhile_is_not_explained_by_an_older_refusal() {
    let wants_click = || Next::Refuse(refusal(Meaning::NeedsActivation, "NotAllowedError: click"));
    let device = ScriptedDevice::default().script([wants_click(), Next::Hang]);
    device.clicks.set(true);
    device.available.set(Some(false));
    let failure = run(&device, None).unwrap_err();
    assert_eq!((failure.reason(), failure.detail()), (Reason::NoFingerPrintEnrolled, None));
}

#[test]
fn a_device_that_does_not_tell_is_tried() {
    let device = ScriptedDevice::default();
    device.available.set(None);
    run(&device, None).unwrap();
}

#[test]
fn any_authenticator_needs_no_platform_authenticator() {
    let device = ScriptedDevice::default().script([REFUSED()]);
    device.available.set(Some(false));
    let settings = Settings { authenticators: Authenticators::Any, ..Settings::default() };
    let outcome = start(&device, &settings, &Options::default());
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
        let device = enrolled().script([Next::Refuse(refusal(meaning, ""))]);
        assert_eq!(reason(run(&device, None)), expected);
        assert_eq!(stored(&device), Some(0));
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
        let device = enrolled().script([Next::Refuse(refusal(meaning, ""))]);
        run(&device, None).unwrap_err();
        assert_eq!(stored(&device), Some(1), "{meaning:?}");
    }
    let device = enrolled();
    device.tamper_assertion.set(Some(|answer| answer.id = "CQ".into()));
    run(&device, None).unwrap_err();
    assert_eq!(stored(&device), Some(1), "another key answered");
}

#[test]
fn whoever_is_willing_succeeds_within_two_starts() {
    for of_get in UNEXPLAINED {
        for of_probe in UNEXPLAINED {
            let refuse = |meaning| Next::Refuse(refusal(meaning, ""));
            // The key is there, and the person cancels twice. Then the probe tells nothing.
            let device = enrolled().script([refuse(of_get), refuse(of_get), refuse(of_probe)]);
            let starts: Vec<_> = (0..4).map(|_| run(&device, Some("c")).is_ok()).collect();
            let is_found = of_probe == Meaning::AlreadyThere;
            assert_eq!(starts, [false, false, is_found, true], "there: {of_get:?}, {of_probe:?}");
            assert_eq!(device.keys.borrow().len(), 1, "no other key was made");

            // The key is gone, and the probe tells nothing.
            let device = enrolled().script([refuse(of_get), refuse(of_get), refuse(of_probe)]);
            device.keys.borrow_mut().clear();
            if is_found {
                continue;
            }
            let starts: Vec<_> = (0..4).map(|_| run(&device, Some("c")).is_ok()).collect();
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
        let device = enrolled().script(script);
        device.keys.borrow_mut().clear();
        let starts: Vec<_> = (0..6).map(|_| run(&device, Some("c")).is_ok()).collect();
        // What takes all the time of a call leaves none for another key.
        let at = if of_get == Meaning::Fails(Reason::Timeout) { 5 } else { 4 };
        assert_eq!(starts.iter().position(|is_ok| *is_ok), Some(at), "{of_get:?}");
    }
}

#[test]
fn checks_that_fail_tell_nothing_of_the_key() {
    let device = enrolled();
    device.availability_hangs.set(true);
    device.deadline_passes.set(true);
    for api in [Api::CheckSupport, Api::CheckEnrolled, Api::CheckSupport] {
        let failed = block_on(run_call(&device, &Settings::default(), api, &Options::default()));
        assert_eq!(reason(failed), Reason::Timeout);
    }
    assert_eq!(stored(&device), Some(0));
}

#[test]
fn a_click_that_the_page_lets_nobody_make_tells_nothing_of_the_key() {
    let wants_click = || Next::Refuse(refusal(Meaning::NeedsActivation, "NotAllowedError: click"));
    let device = enrolled().script([wants_click()]);
    assert_eq!(reason(run(&device, None)), Reason::NotAllowed);
    assert_eq!(stored(&device), Some(0));
}

#[test]
fn who_cancels_what_never_ends_is_not_asked_for_ever() {
    let device = enrolled().script([Next::Hang, Next::Hang]);
    device.keys.borrow_mut().clear();
    device.dismissed_at_once.set(true);
    for _ in 0..2 {
        assert_eq!(reason(run(&device, None)), Reason::Cancelled);
    }
    run(&device, None).unwrap();
}

#[test]
fn accessors_that_disagree_with_the_attestation_object_do_not_count() {
    let rows: [Tamper; 3] =
        [|r| r.public_key = "AQID".into(), |r| r.algorithm = -257, |r| r.authenticator_data[36] ^= 1];
    for tamper in rows {
        let device = ScriptedDevice::default();
        device.tamper_registration.set(Some(tamper));
        run(&device, Some("c")).unwrap();
    }
}

#[test]
fn a_new_key_without_user_verification_can_be_tried_again() {
    let device = ScriptedDevice::default();
    device.flags.set(0x01);
    assert_eq!(reason(run(&device, None)), Reason::NotVerified);
    assert_eq!(device.unusable_keys.get(), 0);
}

#[test]
fn no_key_is_made_at_each_start_where_none_ever_signs() {
    let device = ScriptedDevice::default();
    device.tamper_assertion.set(Some(|answer| answer.signature[8] ^= 1));
    for _ in 0..60 {
        run(&device, Some("c")).unwrap_err();
    }
    let made = device.keys.borrow().len();
    assert!(made <= 5, "{made} keys in 60 starts");
}

#[test]
fn an_answer_without_accessors_is_read_from_its_attestation_object() {
    let rows: [Tamper; 4] = [
        |r| r.public_key.clear(),
        |r| r.algorithm = 0,
        |r| r.authenticator_data.clear(),
        |r| {
            r.public_key.clear();
            r.algorithm = 0;
            r.authenticator_data.clear();
        },
    ];
    for tamper in rows {
        let device = ScriptedDevice::default();
        device.tamper_registration.set(Some(tamper));
        assert!(!run(&device, Some("c")).unwrap().result_json.is_empty());
        run(&device, Some("c")).unwrap();
        assert_eq!(device.keys.borrow().len(), 1);
    }
}

#[test]
fn a_key_manager_whose_keys_are_of_no_use_is_asked_for_no_other() {
    let mut device = ScriptedDevice::default();
    device.tamper_registration.set(Some(|r| {
        r.public_key.clear();
        r.attestation_object.clear();
    }));
    let failure = run(&device, Some("c")).unwrap_err();
    assert_eq!(failure.reason(), Reason::NotVerified);
    assert!(failure.detail().unwrap().contains("the key manager's answer is incomplete"));
    assert_eq!(device.unusable_keys.get(), 1);
    device.log();
    device.environment.makes_unusable_keys = true;
    let failure = run(&device, Some("c")).unwrap_err();
    assert!(failure.detail().unwrap().contains("try again"));
    assert_eq!(device.log(), ["show  fingerPrint"], "nothing is made");
    // A key that is there from before can still be asked.
    let mut device = enrolled();
    device.environment.makes_unusable_keys = true;
    run(&device, Some("c")).unwrap();
}

#[test]
fn each_rp_id_and_user_has_a_key_of_its_own() {
    let device = ScriptedDevice::default();
    for (rp_id, user) in [("example.org", "ann"), ("example.org", "bob"), ("org", "ann")] {
        let mut settings = Settings { rp_id: rp_id.into(), ..Settings::default() };
        settings.user_id = user.into();
        start(&device, &settings, &Options::default()).unwrap();
    }
    assert_eq!(device.keys.borrow().len(), 3);
    let store = device.store.borrow();
    let handles: std::collections::HashSet<_> = store.values().map(|key| &key.user_handle).collect();
    assert_eq!(handles.len(), 3, "whose key it is goes into no handle");
}

#[test]
fn what_is_in_the_way_is_named_before_anything_is_shown() {
    let mut device = ScriptedDevice::default();
    device.environment.webauthn = false;
    assert_eq!(reason(run(&device, None)), Reason::NoWebauthn);
    device.environment.webauthn = true;
    let options = Options { modes: Some(vec![AuthMode::Speech]), ..Options::default() };
    let outcome = start(&device, &Settings::default(), &options);
    assert_eq!(reason(outcome), Reason::ModeNotSupported);
    assert!(device.log().is_empty());
}
