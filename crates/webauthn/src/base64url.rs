//! Base64url without padding (RFC 4648, §5), which is what WebAuthn means by it (§3).

use alloc::string::String;
use alloc::vec::Vec;
use base64ct::{Base64UrlUnpadded, Encoding as _};

/// Encodes bytes.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Decodes text; `None` where there is padding, a digit is no digit, or the last digit has bits left over.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

/// Bytes that JSON holds as base64url.
#[cfg(feature = "serde")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base64UrlBytes(pub Vec<u8>);

#[cfg(feature = "serde")]
impl serde::Serialize for Base64UrlBytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&encode(&self.0))
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Base64UrlBytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = decode(&String::deserialize(deserializer)?).map(Self);
        bytes.ok_or_else(|| serde::de::Error::custom("no base64url"))
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn what_is_not_canonical_is_refused() {
        assert_eq!(decode("_w"), Some(vec![0xff]));
        assert_eq!(decode(""), Some(vec![]));
        for bad in ["_w==", "/w", "_x", "_", "_w\n", " _w"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn each_text_is_the_only_one_of_its_bytes(text in "[A-Za-z0-9_-]{0,12}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
