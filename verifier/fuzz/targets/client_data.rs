//! Client data: what is read can be written, and is then read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use wx_soter_verifier::client_data::{ClientData, MAX_SIZE};

fuzz_target!(|input: &[u8]| {
    if let Ok(data) = ClientData::parse(input) {
        assert!(input.len() <= MAX_SIZE);
        let mut json = json!({ "type": data.kind, "challenge": data.challenge, "origin": data.origin });
        if let Some(cross_origin) = data.cross_origin {
            json["crossOrigin"] = json!(cross_origin);
        }
        if let Some(top_origin) = &data.top_origin {
            json["topOrigin"] = json!(top_origin);
        }
        let again = json.to_string();
        // A byte may take six when written as an escape.
        if again.len() <= MAX_SIZE {
            assert_eq!(ClientData::parse(again.as_bytes()), Ok(data));
        }
    }
});
