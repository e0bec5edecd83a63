//! CBOR written from what was read.

use minicbor::Encoder;
use wx_soter_verifier::cbor::Value;

/// The value as CBOR; reading it must give the same value.
pub fn cbor(value: &Value<'_>) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    write(value, &mut encoder);
    encoder.into_writer()
}

fn write(value: &Value<'_>, encoder: &mut Encoder<Vec<u8>>) {
    match value {
        Value::Integer(number) => drop(encoder.i64(*number)),
        Value::Bytes(bytes) => drop(encoder.bytes(bytes)),
        Value::Text(text) => drop(encoder.str(text)),
        Value::Bool(bool) => drop(encoder.bool(*bool)),
        Value::Null => drop(encoder.null()),
        Value::Float(number) => drop(encoder.f64(*number)),
        Value::Array(values) => {
            drop(encoder.array(values.len() as u64));
            values.iter().for_each(|value| write(value, encoder));
        }
        Value::Map(entries) => {
            drop(encoder.map(entries.len() as u64));
            for (key, value) in entries {
                write(key, encoder);
                write(value, encoder);
            }
        }
    }
}
