//! Authenticator data: put together again from what was read, they are the input.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wx_soter_verifier::authenticator_data::{AuthenticatorData, MAX_SIZE};

fuzz_target!(|input: &[u8]| {
    if let Ok(data) = AuthenticatorData::parse(input) {
        assert!(input.len() <= MAX_SIZE);
        let mut again = [&data.rp_id_hash[..], &[data.flags.0], &data.sign_count.to_be_bytes()].concat();
        assert_eq!(data.attested_credential_data.is_some(), data.flags.attested());
        if let Some(credential) = &data.attested_credential_data {
            let length = u16::try_from(credential.credential_id.len()).unwrap();
            again.extend_from_slice(credential.aaguid);
            again.extend_from_slice(&length.to_be_bytes());
            again.extend_from_slice(credential.credential_id);
            again.extend_from_slice(credential.public_key);
        }
        assert!(input.starts_with(&again));
        assert_eq!(input.len() > again.len(), data.flags.extensions());
        assert!(data.extensions.is_empty() || data.flags.extensions());
    }
});
