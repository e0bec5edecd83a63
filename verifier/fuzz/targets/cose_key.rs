//! Public keys, from COSE and from certificates: what is read can be written as COSE, and is then read the same; no key
//! makes the check of a signature panic, and none takes an empty one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pollster::block_on;
use wx_soter_verifier::SignatureVerifier;
use wx_soter_verifier::cbor::Value;
use wx_soter_verifier::cose_key::PublicKey;
use wx_soter_verifier::native::Native;
use wx_soter_verifier::signature::Signed;
use wx_soter_verifier_fuzz::rewritten;

fn cose(key: &PublicKey) -> Vec<u8> {
    let algorithm = Value::Integer(key.algorithm().to_cose());
    let mut map = vec![(3, algorithm)];
    match key {
        PublicKey::Es256 { x, y } => map.extend([
            (1, Value::Integer(2)),
            (-1, Value::Integer(1)),
            (-2, Value::Bytes(x)),
            (-3, Value::Bytes(y)),
        ]),
        PublicKey::Rs256 { n, e } => {
            map.extend([(1, Value::Integer(3)), (-1, Value::Bytes(n)), (-2, Value::Bytes(e))]);
        }
        PublicKey::EdDsa { x } => {
            map.extend([(1, Value::Integer(1)), (-1, Value::Integer(6)), (-2, Value::Bytes(x))]);
        }
    }
    let map = map.into_iter().map(|(label, value)| (Value::Integer(label), value)).collect();
    rewritten::cbor(&Value::Map(map))
}

fuzz_target!(|input: &[u8]| {
    let keys = [PublicKey::from_cose(input).ok(), PublicKey::from_spki(input)];
    for key in keys.into_iter().flatten() {
        let holds = |signature| block_on(Native.holds(Signed { key: &key, message: b"message", signature }));
        let _ = holds(&[0; 64]);
        assert!(!holds(&[]));
        assert_eq!(PublicKey::from_cose(&cose(&key)), Ok(key));
    }
});
