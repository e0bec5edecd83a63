//! Public keys, from COSE and from certificates: what is read can be written as COSE, and is then read the same; no key
//! makes the check of a signature panic, and none takes an empty one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pollster::block_on;
use wx_soter_verifier::SignatureVerifier;
use wx_soter_verifier::certificate_key;
use wx_soter_verifier::cose_key::PublicKey;
use wx_soter_verifier::native::Native;
use wx_soter_verifier::signature::Signed;

fuzz_target!(|input: &[u8]| {
    let keys = [PublicKey::from_cose(input).ok(), certificate_key::from_spki(input)];
    for key in keys.into_iter().flatten() {
        let holds = |signature| block_on(Native.holds(Signed { key: &key, message: b"message", signature }));
        let _ = holds(&[0; 64]);
        assert!(!holds(&[]));
        assert_eq!(PublicKey::from_cose(&key.to_cose()), Ok(key));
    }
});
