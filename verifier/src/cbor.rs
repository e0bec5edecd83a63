//! CBOR as WebAuthn uses it (§2, "CTAP2 canonical CBOR encoding form"): no indefinite lengths, no tags, no key twice, and
//! not deep. Order of keys and shortest form of numbers are not demanded; real authenticators differ there.

use minicbor::Decoder;
use minicbor::data::Type;

/// A value. Bytes and text are borrowed from the input.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// An integer that fits an `i64`.
    Integer(i64),
    /// A byte string.
    Bytes(&'a [u8]),
    /// A text string.
    Text(&'a str),
    /// An array.
    Array(Vec<Value<'a>>),
    /// A map, in the order in which it was written.
    Map(Vec<(Value<'a>, Value<'a>)>),
    /// True or false.
    Bool(bool),
    /// Null, undefined.
    Null,
    /// A floating-point number, read as 64 bits.
    Float(f64),
}

/// Arrays and maps may be nested this deep. CTAP2 allows four (§8).
pub const MAX_DEPTH: u8 = 8;
/// An array or a map may have this many entries.
pub const MAX_ENTRIES: u64 = 64;

/// Reads one value; `None` if there is none or more than one.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Value<'_>> {
    read_first(bytes).and_then(|(value, rest)| rest.is_empty().then_some(value))
}

/// Reads one value, and returns what follows.
#[must_use]
pub fn read_first(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    let mut decoder = Decoder::new(bytes);
    let value = value(&mut decoder, MAX_DEPTH)?;
    Some((value, bytes.get(decoder.position()..)?))
}

fn value<'a>(decoder: &mut Decoder<'a>, depth: u8) -> Option<Value<'a>> {
    let value = match decoder.datatype().ok()? {
        Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => {
            Value::Integer(decoder.i64().ok()?)
        }
        Type::Bytes => Value::Bytes(decoder.bytes().ok()?),
        Type::String => Value::Text(decoder.str().ok()?),
        Type::Bool => Value::Bool(decoder.bool().ok()?),
        Type::Null => decoder.null().ok().map(|()| Value::Null)?,
        Type::Undefined => decoder.undefined().ok().map(|()| Value::Null)?,
        Type::F16 => Value::Float(decoder.f16().ok()?.into()),
        Type::F32 => Value::Float(decoder.f32().ok()?.into()),
        Type::F64 => Value::Float(decoder.f64().ok()?),
        Type::Array => {
            let length = decoder.array().ok()?.filter(|length| *length <= MAX_ENTRIES)?;
            let depth = depth.checked_sub(1)?;
            Value::Array((0..length).map(|_| value(decoder, depth)).collect::<Option<_>>()?)
        }
        Type::Map => {
            let length = decoder.map().ok()?.filter(|length| *length <= MAX_ENTRIES)?;
            let depth = depth.checked_sub(1)?;
            let mut entries: Vec<(Value<'a>, Value<'a>)> = Vec::new();
            for _ in 0..length {
                let key = value(decoder, depth)?;
                if entries.iter().any(|(other, _)| *other == key) {
                    return None;
                }
                entries.push((key, value(decoder, depth)?));
            }
            Value::Map(entries)
        }
        _ => return None,
    };
    Some(value)
}

impl<'a> Value<'a> {
    /// The bytes of a byte string.
    #[must_use]
    pub const fn as_bytes(&self) -> Option<&'a [u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// The text of a text string.
    #[must_use]
    pub const fn as_text(&self) -> Option<&'a str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// An integer.
    #[must_use]
    pub const fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(integer) = self { Some(*integer) } else { None }
    }

    /// The entries of an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(values) = self { Some(values) } else { None }
    }

    /// The entries of a map.
    #[must_use]
    pub fn as_map(&self) -> Option<&[(Self, Self)]> {
        if let Self::Map(entries) = self { Some(entries) } else { None }
    }

    /// The entry of a map under a text.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.iter().find(|(name, _)| name.as_text() == Some(key)).map(|(_, value)| value)
    }

    /// The entry of a map under a number, as in a COSE key.
    #[must_use]
    pub fn get_number(&self, key: i64) -> Option<&Self> {
        self.as_map()?.iter().find(|(name, _)| name.as_integer() == Some(key)).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, Value, read, read_first};

    #[test]
    fn values_are_read() {
        let map = read(b"\xa3\x61a\x01\x26\x42\x01\x02\x61b\x83\xf5\xf6\x18\x64").unwrap();
        assert_eq!(map.get("a").and_then(Value::as_integer), Some(1));
        assert_eq!(map.get_number(-7).and_then(Value::as_bytes), Some(&[1, 2][..]));
        assert_eq!(map.get("b").and_then(Value::as_array).unwrap().len(), 3);
        assert_eq!(read_first(b"\x01\x02"), Some((Value::Integer(1), &[2][..])));
    }

    #[test]
    fn what_is_not_canonical_is_refused() {
        let indefinite = [&b"\x9f\x01\xff"[..], b"\xbf\x01\x02\xff", b"\x5f\x41\x01\xff", b"\x7f\x61a\xff"];
        let twice = b"\xa2\x01\x02\x01\x03";
        let tagged = b"\xc1\x01";
        let trailing = b"\x01\x01";
        let short = b"\x42\x01";
        let huge = b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff\x01";
        let not_utf8 = b"\x61\xff";
        for bad in indefinite.into_iter().chain([&twice[..], tagged, trailing, short, huge, not_utf8, b""]) {
            assert_eq!(read(bad), None, "{bad:02x?}");
        }
    }

    #[test]
    fn depth_is_limited() {
        let nested = |depth: u8| [vec![0x81; depth.into()], vec![0x01]].concat();
        assert!(read(&nested(MAX_DEPTH)).is_some());
        assert_eq!(read(&nested(MAX_DEPTH + 1)), None);
        assert_eq!(read(&vec![0x81; 1_000_000]), None);
    }
}
