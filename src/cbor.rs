//! CBOR (RFC 8949), as far as attestation objects need it: definite lengths, no tags.

/// The head of a value, with the content of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// An integer that fits an `i64`.
    Integer(i64),
    /// A byte string.
    Bytes(&'a [u8]),
    /// A text string.
    Text(&'a [u8]),
    /// An array of so many values, which follow.
    Array(u64),
    /// A map of so many pairs of key and value, which follow.
    Map(u64),
    /// A simple value or a floating-point number.
    Other,
}

/// How deep arrays and maps may be nested.
const MAX_DEPTH: u32 = 8;

/// Reads the next head, and moves behind it.
pub fn next<'a>(input: &mut &'a [u8]) -> Option<Item<'a>> {
    let (&[initial], rest) = input.split_first_chunk::<1>()?;
    let (argument, rest) = match initial & 0x1f {
        small @ 0..24 => (u64::from(small), rest),
        24 => rest.split_first_chunk().map(|(bytes, rest)| (u64::from(u8::from_be_bytes(*bytes)), rest))?,
        25 => rest.split_first_chunk().map(|(bytes, rest)| (u64::from(u16::from_be_bytes(*bytes)), rest))?,
        26 => rest.split_first_chunk().map(|(bytes, rest)| (u64::from(u32::from_be_bytes(*bytes)), rest))?,
        27 => rest.split_first_chunk().map(|(bytes, rest)| (u64::from_be_bytes(*bytes), rest))?,
        // Indefinite lengths, which WebAuthn forbids (§2, "CTAP2 canonical CBOR encoding form").
        _ => return None,
    };
    *input = rest;
    match initial >> 5 {
        0 => i64::try_from(argument).ok().map(Item::Integer),
        1 => i64::try_from(argument).ok().map(|number| Item::Integer(-1 - number)),
        2 => take(input, argument).map(Item::Bytes),
        3 => take(input, argument).map(Item::Text),
        4 => Some(Item::Array(argument)),
        5 => Some(Item::Map(argument)),
        7 => Some(Item::Other),
        _ => None,
    }
}

/// Moves behind the next value, whatever it holds.
pub fn skip(input: &mut &[u8]) -> Option<()> {
    skip_nested(input, MAX_DEPTH)
}

fn skip_nested(input: &mut &[u8], depth: u32) -> Option<()> {
    let values = match next(input)? {
        Item::Array(length) => length,
        Item::Map(length) => length.checked_mul(2)?,
        _ => return Some(()),
    };
    let depth = depth.checked_sub(1)?;
    // Each value takes a byte at least, so a length that lies ends with the input.
    (0..values).try_for_each(|_| skip_nested(input, depth))
}

fn take<'a>(input: &mut &'a [u8], length: u64) -> Option<&'a [u8]> {
    let (taken, rest) = input.split_at_checked(usize::try_from(length).ok()?)?;
    *input = rest;
    Some(taken)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Item, next, skip};
    use proptest::prelude::*;

    #[test]
    fn heads_are_read() {
        let rows: [(&[u8], Item<'_>); 9] = [
            (&[0x17], Item::Integer(23)),
            (&[0x19, 1, 0], Item::Integer(256)),
            (&[0x39, 1, 0], Item::Integer(-257)),
            (&[0x1b, 0, 0, 0, 1, 0, 0, 0, 0], Item::Integer(1 << 32)),
            (b"\x43abc", Item::Bytes(b"abc")),
            (b"\x63abc", Item::Text(b"abc")),
            (&[0x82], Item::Array(2)),
            (&[0xa1], Item::Map(1)),
            (&[0xf5], Item::Other),
        ];
        for (bytes, item) in rows {
            let mut input = bytes;
            assert_eq!(next(&mut input), Some(item));
            assert!(input.is_empty());
        }
    }

    #[test]
    fn what_is_cut_short_indefinite_tagged_or_too_deep_is_none() {
        for bytes in [&b"\x42\x01"[..], b"\x19\x01", b"\x5f\x41\x01\xff", b"\xc1\x01", b"\x82\x01", b""] {
            assert_eq!(skip(&mut &*bytes), None, "{bytes:02x?}");
        }
        assert_eq!(skip(&mut &[0x81; 100][..]), None);
        assert_eq!(skip(&mut &[0x9b, 255, 255, 255, 255, 255, 255, 255, 255, 1][..]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_skipped_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let mut input = bytes.as_slice();
            if skip(&mut input).is_some() {
                prop_assert!(input.len() < bytes.len());
            }
        }
    }
}
