//! Authenticator data: written again from what was read, they are the input.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wx_soter_verifier::authenticator_data::{AuthenticatorData, MAX_SIZE};

fuzz_target!(|input: &[u8]| {
    if let Ok(data) = AuthenticatorData::parse(input) {
        assert!(input.len() <= MAX_SIZE);
        assert_eq!(data.to_bytes(), input);
        assert_eq!(data.attested_credential_data.is_some(), data.flags.attested());
        assert_eq!(!data.extensions.is_empty(), data.flags.extensions());
        assert!(data.extension_identifiers().is_empty() || data.flags.extensions());
    }
});
