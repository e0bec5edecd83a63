//! Lists of texts that the compiler packs into one.
//!
//! A slice of texts costs the module eight bytes of address and length for each, which hardly compress, and every page
//! loads them.

use crate::text::cut;

/// The texts of a constant array, one after the other, each with a NUL behind it.
macro_rules! packed {
    ($texts:expr) => {{
        const TEXTS: &[&str] = &$texts;
        const BYTES: [u8; $crate::packed::length(TEXTS)] = $crate::packed::pack(TEXTS);
        const PACKED: &str = match str::from_utf8(&BYTES) {
            Ok(packed) => packed,
            Err(_) => panic!("what texts are made of is UTF-8"),
        };
        PACKED
    }};
}
pub(crate) use packed;

/// How many bytes the texts take, packed.
pub const fn length(mut texts: &[&str]) -> usize {
    let mut length = 0;
    while let [text, rest @ ..] = texts {
        length += text.len() + 1;
        texts = rest;
    }
    length
}

/// Packs the texts.
#[allow(clippy::indexing_slicing, reason = "it runs in the compiler, which refuses what is out of bounds")]
pub const fn pack<const LENGTH: usize>(mut texts: &[&str]) -> [u8; LENGTH] {
    let mut packed = [0; LENGTH];
    let mut end = 0;
    while let [text, others @ ..] = texts {
        let mut bytes = text.as_bytes();
        while let [byte, behind @ ..] = bytes {
            packed[end] = *byte;
            end += 1;
            bytes = behind;
        }
        end += 1;
        texts = others;
    }
    packed
}

/// The text at that place; empty where there is none.
#[must_use]
#[inline(never)]
pub fn get(packed: &'static str, place: usize) -> &'static str {
    let mut rest = packed;
    for _ in 0..place {
        cut(&mut rest, 0);
    }
    cut(&mut rest, 0)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::get;

    const LIST: &str = packed!(["one", "", "drei", "四"]);

    #[test]
    fn every_text_is_at_its_place() {
        assert_eq!(LIST, "one\0\0drei\0四\0");
        for (at, text) in ["one", "", "drei", "四"].into_iter().enumerate() {
            assert_eq!(get(LIST, at), text);
        }
        assert_eq!((get(LIST, 4), get(LIST, 99)), ("", ""));
    }
}
