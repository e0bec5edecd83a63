//! Public keys, from COSE and from certificates: what is read can be written as COSE, and is then read the same; no key
//! makes the check of a signature panic, and none takes an empty one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pollster::block_on;
use wx_soter_verifier::SignatureVerifier;
use wx_soter_verifier::certificate_key;
use wx_soter_verifier::cose_key::PublicKey;
use wx_soter_verifier::native::Native;
use wx_soter_verifier::signature::{Algorithm, Signed};

fuzz_target!(|input: &[u8]| {
    let of_certificates =
        Algorithm::ALL.iter().filter_map(|algorithm| certificate_key::from_spki(input, *algorithm));
    for key in PublicKey::from_cose(input).into_iter().chain(of_certificates) {
        let holds = |signature| block_on(Native.holds(Signed { key: &key, message: b"message", signature }));
        let _ = holds(&[0; 64]);
        assert!(!holds(&[]));
        assert_eq!(PublicKey::from_cose(&key.to_cose()), Ok(key));
    }
});
