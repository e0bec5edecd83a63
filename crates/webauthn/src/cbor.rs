//! CBOR as WebAuthn uses it (§2, "CTAP2 canonical CBOR encoding form"): no indefinite lengths, no tags, no key twice, and
//! not deep. Order of keys and shortest form of numbers are not demanded; real authenticators differ there.

use alloc::vec::Vec;
use core::convert::Infallible;
use minicbor::data::Type;
use minicbor::encode::Error;
use minicbor::{Decoder, Encoder};

/// A value. Bytes and text are borrowed from the input.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// A floating-point number as it is encoded, head included. Nothing in WebAuthn has one, but extensions may.
    Float(&'a [u8]),
}

/// Arrays and maps may be nested this deep. CTAP2 allows four (§8).
pub const MAX_DEPTH: u8 = 8;
/// An array or a map may have this many entries.
pub const MAX_ENTRIES: u64 = 64;
/// How many names [`read_names`] takes. Each is compared with those before it, and an authenticator's message, of some
/// kilobytes (CTAP 2.1, `maxMsgSize`), has no room for more.
const MAX_NAMES: u64 = 1024;

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
        Type::F16 => Value::Float(encoded(decoder, 3)?),
        Type::F32 => Value::Float(encoded(decoder, 5)?),
        Type::F64 => Value::Float(encoded(decoder, 9)?),
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

/// Reads a map whose keys are texts, each there once, and returns them. Its values may be any that the form allows, also those
/// that [`Value`] does not have (integers beyond an `i64`, simple values) or that are longer than it is meant for: they are
/// skipped. They are bounded by the bytes that there are and by [`MAX_DEPTH`], and the names by 1,024.
#[must_use]
pub fn read_names(bytes: &[u8]) -> Option<Vec<&str>> {
    let mut decoder = Decoder::new(bytes);
    let depth = MAX_DEPTH.checked_sub(1)?;
    let mut names = Vec::new();
    for _ in 0..decoder.map().ok()?.filter(|length| *length <= MAX_NAMES)? {
        let name = decoder.str().ok()?;
        if names.contains(&name) {
            return None;
        }
        names.push(name);
        skip(&mut decoder, depth)?;
    }
    (decoder.position() == bytes.len()).then_some(names)
}

/// Skips one value. Each entry takes a byte at least, so that a length which is said and not there ends with the bytes.
fn skip(decoder: &mut Decoder<'_>, depth: u8) -> Option<()> {
    match decoder.datatype().ok()? {
        Type::Array => {
            let length = decoder.array().ok()??;
            let depth = depth.checked_sub(1)?;
            (0..length).try_for_each(|_| skip(decoder, depth))
        }
        Type::Map => {
            let length = decoder.map().ok()??;
            let depth = depth.checked_sub(1)?;
            (0..length).try_for_each(|_| {
                skip(decoder, depth)?;
                skip(decoder, depth)
            })
        }
        // Below 32 a simple value has no byte of its own (RFC 8949, §3.3).
        Type::Simple => {
            let start = decoder.position();
            let number = decoder.simple().ok()?;
            (decoder.position() == start.checked_add(1)? || number >= 32).then_some(())
        }
        Type::U64 | Type::I64 | Type::Int => encoded(decoder, 9).map(|_| ()),
        // The others as ever: tags and indefinite lengths, which the form does not have, are refused.
        _ => value(decoder, depth).map(|_| ()),
    }
}

/// The next `length` bytes, which are behind it then.
fn encoded<'a>(decoder: &mut Decoder<'a>, length: usize) -> Option<&'a [u8]> {
    let start = decoder.position();
    let end = start.checked_add(length)?;
    let bytes = decoder.input().get(start..end)?;
    decoder.set_position(end);
    Some(bytes)
}

/// Writes a value, each number in its shortest form and maps in their order.
#[must_use]
pub fn write(value: &Value<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing into a vector cannot fail.
    let _ = encode(&mut Encoder::new(&mut bytes), value);
    bytes
}

type Written = Result<(), Error<Infallible>>;

fn encode(encoder: &mut Encoder<&mut Vec<u8>>, value: &Value<'_>) -> Written {
    match value {
        Value::Integer(number) => encoder.i64(*number)?.ok(),
        Value::Bytes(bytes) => encoder.bytes(bytes)?.ok(),
        Value::Text(text) => encoder.str(text)?.ok(),
        Value::Bool(flag) => encoder.bool(*flag)?.ok(),
        Value::Null => encoder.null()?.ok(),
        Value::Float(encoded) => {
            encoder.writer_mut().extend_from_slice(encoded);
            Ok(())
        }
        Value::Array(values) => {
            // usize is never wider than u64.
            encoder.array(values.len().try_into().unwrap_or_default())?;
            values.iter().try_for_each(|value| encode(encoder, value))
        }
        Value::Map(entries) => {
            encoder.map(entries.len().try_into().unwrap_or_default())?;
            entries.iter().try_for_each(|(key, value)| {
                encode(encoder, key)?;
                encode(encoder, value)
            })
        }
    }
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
    use super::{MAX_DEPTH, Value, read, read_first, read_names, write};
    use alloc::format;
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn values_are_read() {
        let map = read(b"\xa3\x61a\x01\x26\x42\x01\x02\x61b\x83\xf5\xf6\x18\x64").unwrap();
        assert_eq!(map.get("a").and_then(Value::as_integer), Some(1));
        assert_eq!(map.get_number(-7).and_then(Value::as_bytes), Some(&[1, 2][..]));
        assert_eq!(map.get("b").and_then(Value::as_array).unwrap().len(), 3);
        assert_eq!(read_first(b"\x01\x02"), Some((Value::Integer(1), &[2][..])));
    }

    #[test]
    fn floats_are_kept_as_they_are() {
        for float in [&b"\xf9\x3c\x00"[..], b"\xfa\x7f\xc0\x00\x00", b"\xfb\x3f\xf0\x00\x00\x00\x00\x00\x00"]
        {
            assert_eq!(read(float), Some(Value::Float(float)));
            assert_eq!(read(&float[..float.len() - 1]), None);
            let array = [&b"\x82"[..], float, b"\x01"].concat();
            assert_eq!(write(&read(&array).unwrap()), array);
        }
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
        let simple = b"\xe0";
        for bad in
            indefinite.into_iter().chain([&twice[..], tagged, trailing, short, huge, not_utf8, simple, b""])
        {
            assert_eq!(read(bad), None, "{bad:02x?}");
        }
    }

    #[test]
    fn names_are_limited_in_number() {
        let named = |count: u16| {
            let entries =
                (0..count).flat_map(|number| [vec![0x64], format!("{number:04}").into(), vec![0xf5]]);
            [&[0xb9][..], &count.to_be_bytes(), &entries.flatten().collect::<Vec<u8>>()].concat()
        };
        assert_eq!(read_names(&named(1024)).unwrap().len(), 1024);
        assert_eq!(read_names(&named(1025)), None);
    }

    #[test]
    fn depth_is_limited() {
        let nested = |depth: u8| [vec![0x81; depth.into()], vec![0x01]].concat();
        assert!(read(&nested(MAX_DEPTH)).is_some());
        assert_eq!(read(&nested(MAX_DEPTH + 1)), None);
        assert_eq!(read(&vec![0x81; 1_000_000]), None);
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_so_that_it_is_read_the_same(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Some((value, rest)) = read_first(&bytes) {
                prop_assert!(rest.len() < bytes.len());
                let written: Vec<u8> = write(&value);
                prop_assert_eq!(read(&written), Some(value));
            }
        }

        #[test]
        fn integers_come_back(number: i64) {
            let written = write(&Value::Integer(number));
            prop_assert_eq!(read(&written), Some(Value::Integer(number)));
        }
    }
}
