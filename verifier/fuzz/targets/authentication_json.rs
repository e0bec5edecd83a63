//! `AuthenticationResponseJSON`: what is read can be written, and is then read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wx_soter_verifier::assertion::{AuthenticationResponse, MAX_JSON_SIZE};
use wx_soter_verifier_fuzz::samples::authentication_json;

fuzz_target!(|input: &str| {
    if let Ok(response) = AuthenticationResponse::from_json(input) {
        assert!(input.len() <= MAX_JSON_SIZE);
        assert!(response.client_data_json.len() + response.authenticator_data.len() < input.len());
        assert_eq!(AuthenticationResponse::from_json(&authentication_json(&response)), Ok(response));
    }
});
