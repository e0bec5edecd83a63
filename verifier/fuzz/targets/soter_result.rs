//! `resultJSON` and its signature: what is read can be written, and is then read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wx_soter_verifier::{SoterResult, signature};
use wx_soter_verifier_fuzz::samples::{result_input, result_parts};

fuzz_target!(|input: &[u8]| {
    let Some((json, signature)) = result_parts(input) else {
        return;
    };
    if let Ok(result) = SoterResult::parse(json, signature) {
        assert!(!result.response.signature.is_empty());
        assert!(result.response.signature.len() <= signature::MAX_SIZE * 2);
        let again = result_input(&result.raw, result.counter, &result.response);
        let (json, signature) = result_parts(again.as_bytes()).unwrap();
        assert_eq!(SoterResult::parse(json, signature), Ok(result));
    }
});
