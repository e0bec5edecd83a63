//! Searching, cutting and joining text in less code than the standard library's general ways, which are a tenth of the
//! module.

/// Whether `text` contains `part`. Both are short, so every place is tried.
#[must_use]
pub fn contains(text: &str, part: &str) -> bool {
    part.is_empty() || text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}

/// The parts, one after the other.
#[must_use]
pub fn concat(parts: &[&str]) -> String {
    each_with(parts, "")
}

/// The parts, each with the end behind it.
#[must_use]
#[inline(never)]
pub fn each_with(parts: &[&str], end: &str) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
        text.push_str(end);
    }
    text
}

/// Takes what is before the first `end`, and that; all where there is none.
#[inline(never)]
pub fn cut<'a>(text: &mut &'a str, end: u8) -> &'a str {
    let at = text.bytes().position(|byte| byte == end).unwrap_or(text.len());
    let part = text.get(..at).unwrap_or_default();
    *text = text.get(at.saturating_add(1)..).unwrap_or_default();
    part
}

/// The digits of an `i32`, which is what JavaScript writes; `None` where there are none.
#[must_use]
#[inline(never)]
pub fn number(text: &str) -> Option<i32> {
    let mut value = None;
    for byte in text.bytes().filter(u8::is_ascii_digit) {
        value = Some(value.unwrap_or(0i32).wrapping_mul(10).wrapping_add(i32::from(byte - b'0')));
    }
    if text.as_bytes().first() == Some(&b'-') { value.map(i32::wrapping_neg) } else { value }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{contains, cut, each_with};
    use proptest::prelude::*;

    #[test]
    fn what_was_put_together_is_cut_apart() {
        let together = each_with(&["one", "", "drei"], "\0");
        assert_eq!(together, "one\0\0drei\0");
        let mut rest = together.as_str();
        let parts: Vec<_> = (0..5).map(|_| cut(&mut rest, 0)).collect();
        assert_eq!(parts, ["one", "", "drei", "", ""]);
        let mut rest = "no end";
        assert_eq!((cut(&mut rest, 0), rest), ("no end", ""));
    }

    proptest! {
        #[test]
        fn finds_what_the_standard_library_finds(text in "[ab\u{e9}]{0,12}", part in "[ab\u{e9}]{0,3}") {
            prop_assert_eq!(contains(&text, &part), text.contains(&part));
        }
    }
}
