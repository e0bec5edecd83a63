//! JSON and base64 as strict as the libraries can be.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error};

/// Bytes that JSON holds as base64url without padding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base64UrlBytes(pub Vec<u8>);

impl<'de> Deserialize<'de> for Base64UrlBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Base64UrlUnpadded::decode_vec(&text).map(Self).map_err(|_| D::Error::custom("no base64url"))
    }
}

/// Bytes from base64 with padding, as WeChat writes it.
pub fn base64(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}

/// Base64url without padding.
pub fn to_base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Reads a JSON object with nothing after it. Members that the type names must not be there twice.
pub fn object<T: DeserializeOwned>(text: &str) -> Option<T> {
    // Serde would take an array for a struct.
    let is_object = text.trim_start_matches([' ', '\t', '\r', '\n']).starts_with('{');
    is_object.then(|| serde_json::from_str(text).ok()).flatten()
}

/// For members that may be missing but not null.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::{Base64UrlBytes, base64, object};
    use serde::Deserialize;

    #[derive(Deserialize, Debug, PartialEq)]
    struct Example {
        a: u8,
    }

    #[test]
    fn objects_are_read_strictly() {
        assert_eq!(object(" {\"a\":1,\"b\":[]}\n"), Some(Example { a: 1 }));
        for bad in ["[1]", "{\"a\":1}x", "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":1}", "{}", "", "{\"a\":1"]
        {
            assert_eq!(object::<Example>(bad), None, "{bad}");
        }
    }

    #[test]
    fn base64_is_read_strictly() {
        let url = |text: &str| serde_json::from_value::<Base64UrlBytes>(text.into()).ok();
        assert_eq!(url("_w"), Some(Base64UrlBytes(vec![0xff])));
        for bad in ["_w==", "/w", "_x", "_", "_w\n", " _w"] {
            assert_eq!(url(bad), None, "{bad}");
        }
        assert_eq!(base64("/w=="), Some(vec![0xff]));
        for bad in ["/w", "_w==", "/x==", "/w==\n"] {
            assert_eq!(base64(bad), None, "{bad}");
        }
    }
}
