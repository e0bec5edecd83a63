//! A whole result, whose text is the input: accepted is only what the tests' authenticator signed, whatever else changed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pollster::block_on;
use std::sync::LazyLock;
use wx_soter_verifier::SoterResult;
use wx_soter_verifier::assertion::AuthenticationResponse;
use wx_soter_verifier::native::Native;
use wx_soter_verifier_fuzz::common::{ASSERTION, Asserting, Credulous, policy, record};
use wx_soter_verifier_fuzz::samples::result_parts;

static GOOD: LazyLock<AuthenticationResponse> = LazyLock::new(|| Asserting::default().response());

fuzz_target!(|input: &[u8]| {
    let Some((json, signature)) = result_parts(input) else {
        return;
    };
    let Ok(result) = SoterResult::parse(json, signature) else {
        return;
    };
    if block_on(result.verify(&record(), &ASSERTION, &policy(), &Native)).is_ok() {
        assert_eq!(result.response.client_data_json, GOOD.client_data_json);
        assert_eq!(result.response.authenticator_data, GOOD.authenticator_data);
        assert_eq!(result.raw.as_bytes(), ASSERTION.challenge);
        assert_eq!(result.counter, 5);
    }
    // With every signature believed, what the signature does not cover is still held to what it does.
    if let Ok(assertion) = block_on(result.verify(&record(), &ASSERTION, &policy(), &Credulous)) {
        assert_eq!(result.raw.as_bytes(), ASSERTION.challenge);
        assert_eq!(result.counter, assertion.record.sign_count);
        assert!(assertion.user_verified);
    }
});
