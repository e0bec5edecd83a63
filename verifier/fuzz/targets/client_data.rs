//! Client data: what is read can be written, and is then read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wx_soter_verifier::client_data::{ClientData, MAX_SIZE};

fuzz_target!(|input: &[u8]| {
    if let Ok(data) = ClientData::from_json(input) {
        assert!(input.len() <= MAX_SIZE);
        // Written is what is missing means.
        let data = ClientData { cross_origin: Some(data.cross_origin == Some(true)), ..data };
        let again = data.to_json();
        // A byte may take six when written as an escape.
        if again.len() <= MAX_SIZE {
            assert_eq!(ClientData::from_json(again.as_bytes()), Ok(data));
        }
    }
});
