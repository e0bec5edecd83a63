//! Attestation objects: what is read keeps the limits, can be written, and is then read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wx_soter_verifier::attestation::{AttestationObject, MAX_SIZE};
use wx_soter_verifier::cbor::{MAX_DEPTH, MAX_ENTRIES, Value};

/// How many values there are, all of them within the limits.
fn count(value: &Value<'_>, depth: u8) -> usize {
    let children: Vec<_> = match value {
        Value::Array(values) => values.iter().collect(),
        Value::Map(entries) => entries.iter().flat_map(|(key, value)| [key, value]).collect(),
        _ => return 1,
    };
    assert!(depth > 0 && children.len() as u64 <= MAX_ENTRIES * 2);
    1 + children.into_iter().map(|child| count(child, depth - 1)).sum::<usize>()
}

fuzz_target!(|input: &[u8]| {
    if let Ok(object) = AttestationObject::parse(input) {
        assert!(input.len() <= MAX_SIZE);
        // Each value took a byte at least, so memory is bounded by the input's length.
        assert!(count(&object.statement, MAX_DEPTH - 1) < input.len());
        let written = object.to_bytes();
        assert!(written.len() <= input.len());
        assert_eq!(AttestationObject::parse(&written), Ok(object));
    }
});
