//! `RegistrationResponseJSON`: what is read can be written, and is then read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wx_soter_verifier::registration::{MAX_JSON_SIZE, RegistrationResponse};
use wx_soter_verifier_fuzz::samples::registration_json;

fuzz_target!(|input: &str| {
    if let Ok(response) = RegistrationResponse::from_json(input) {
        assert!(input.len() <= MAX_JSON_SIZE);
        assert!(response.client_data_json.len() + response.attestation_object.len() < input.len());
        assert_eq!(RegistrationResponse::from_json(&registration_json(&response)), Ok(response));
    }
});
