//! Base64 with padding (RFC 4648, §4), as WeChat writes signatures.

use alloc::string::String;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding as _};

/// Encodes bytes.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// Decodes text; `None` where padding is missing, a digit is no digit, or the last digit has bits left over.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn what_is_not_canonical_is_refused() {
        assert_eq!(decode("/w=="), Some(vec![0xff]));
        assert_eq!(decode(""), Some(vec![]));
        for bad in ["/w", "/w=", "_w==", "/x==", "/w==\n", " /w==", "/w==/w=="] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn each_text_is_the_only_one_of_its_bytes(text in "[A-Za-z0-9+/]{0,12}={0,2}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
