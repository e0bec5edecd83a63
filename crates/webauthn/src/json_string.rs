//! Strings of JSON, written.

use alloc::string::String;

/// Appends a string with its quotes (§5.8.1.1, CCDToString).
pub fn push(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\0'..='\x1f' => {
                json.push_str("\\u00");
                let digit = |value| char::from_digit(value, 16).unwrap_or_default();
                json.push(digit(u32::from(character) >> 4));
                json.push(digit(u32::from(character) & 0xf));
            }
            _ => json.push(character),
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::push;
    use alloc::string::String;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_string_comes_back(text in ".*", control in "[\0-\x1f\"\\\\]*") {
            for text in [text, control] {
                let mut json = String::new();
                push(&mut json, &text);
                prop_assert_eq!(serde_json::from_str::<String>(&json).ok(), Some(text));
            }
        }
    }
}
