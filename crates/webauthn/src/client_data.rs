//! Client data: what the browser says it asked the authenticator for (§5.8.1).

use crate::json_string;
#[cfg(feature = "json")]
use crate::{error::Error, json_text};
use alloc::string::String;

/// Client data may have this many bytes. A challenge of 512 characters takes less than 3 KiB.
pub const MAX_SIZE: usize = 16 * 1024;

/// The type of client data in a registration.
pub const CREATE: &str = "webauthn.create";
/// The type of client data in an assertion.
pub const GET: &str = "webauthn.get";

/// The ceremony that client data are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceremony {
    /// `webauthn.create`
    Registration,
    /// `webauthn.get`
    Authentication,
}

impl Ceremony {
    /// The value of `type`.
    #[must_use]
    pub const fn client_data_type(self) -> &'static str {
        match self {
            Self::Registration => CREATE,
            Self::Authentication => GET,
        }
    }
}

/// `CollectedClientData`. Other members may be there at any time and are not looked at, so the JSON is never compared as
/// text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
pub struct ClientData {
    /// `type`: [`CREATE`] or [`GET`].
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub kind: String,
    /// The challenge, base64url without padding.
    pub challenge: String,
    /// The origin that made the request.
    pub origin: String,
    /// Whether that was in an iframe which is not same-origin with its ancestors.
    #[cfg_attr(feature = "serde", serde(rename = "crossOrigin", default, deserialize_with = "present"))]
    pub cross_origin: Option<bool>,
    /// The origin of the page around that iframe.
    #[cfg_attr(feature = "serde", serde(rename = "topOrigin", default, deserialize_with = "present"))]
    pub top_origin: Option<String>,
}

/// For members that may be missing but not null.
#[cfg(feature = "serde")]
fn present<'de, T: serde::Deserialize<'de>, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl ClientData {
    /// §7.1 steps 5 and 6, §7.2 steps 8 and 9: decodes UTF-8, without a byte order mark, and parses JSON.
    ///
    /// Bytes that are no UTF-8 are refused, where the specification would replace them by U+FFFD: no browser writes such.
    ///
    /// # Errors
    ///
    /// [`Error::ClientDataTooLarge`], [`Error::ClientDataNotUtf8`], [`Error::ClientDataMalformed`].
    #[cfg(feature = "json")]
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_SIZE {
            return Err(Error::ClientDataTooLarge);
        }
        let text = core::str::from_utf8(bytes).map_err(|_| Error::ClientDataNotUtf8)?;
        json_text::object(text.strip_prefix('\u{feff}').unwrap_or(text)).ok_or(Error::ClientDataMalformed)
    }

    /// Serializes to JSON as §5.8.1.1 wants it, so that a verifier without a parser of JSON (§5.8.1.2) can read it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::from(r#"{"type":"#);
        json_string::push(&mut json, &self.kind);
        json.push_str(r#","challenge":"#);
        json_string::push(&mut json, &self.challenge);
        json.push_str(r#","origin":"#);
        json_string::push(&mut json, &self.origin);
        json.push_str(r#","crossOrigin":"#);
        json.push_str(if self.cross_origin == Some(true) { "true" } else { "false" });
        if let Some(top_origin) = &self.top_origin {
            json.push_str(r#","topOrigin":"#);
            json_string::push(&mut json, top_origin);
        }
        json.push('}');
        json
    }
}

#[cfg(test)]
mod tests {
    use super::{CREATE, ClientData, GET, MAX_SIZE};
    use crate::error::Error;
    use crate::{base64url, vectors};
    use alloc::format;
    use alloc::string::{String, ToString as _};
    use proptest::prelude::*;

    const GOOD: &str = r#"{"type":"webauthn.get","challenge":"AA","origin":"https://a"}"#;

    #[test]
    fn a_byte_order_mark_and_other_members_are_skipped() {
        let read = ClientData::from_json(GOOD.as_bytes()).unwrap();
        assert_eq!(ClientData::from_json(format!("\u{feff}{GOOD}").as_bytes()), Ok(read.clone()));
        let more = GOOD.replace("\"type\"", r#""other":[{"type":1}],"other":2,"type""#);
        assert_eq!(ClientData::from_json(more.as_bytes()), Ok(read));
    }

    #[test]
    fn what_is_no_client_data_is_refused() {
        let twice = GOOD.replace('{', r#"{"type":"webauthn.get","#);
        let escaped_twice = GOOD.replace('{', r#"{"\u0074ype":"webauthn.get","#);
        let top_null = GOOD.replace('{', r#"{"topOrigin":null,"#);
        let cross_text = GOOD.replace('{', r#"{"crossOrigin":"true","#);
        let trailing = format!("{GOOD}{GOOD}");
        let two_marks = format!("\u{feff}\u{feff}{GOOD}");
        let deep = GOOD.replace('{', &format!("{{\"x\":{},", "[".repeat(4000)));
        let array = r#"["webauthn.get","AA","https://a"]"#;
        for bad in [
            &twice,
            &escaped_twice,
            &top_null,
            &cross_text,
            &trailing,
            &two_marks,
            &deep,
            array,
            "",
            "null",
            "{}",
        ] {
            assert_eq!(ClientData::from_json(bad.as_bytes()), Err(Error::ClientDataMalformed), "{bad}");
        }
        assert_eq!(ClientData::from_json(b"{\"type\":\"\xff\"}"), Err(Error::ClientDataNotUtf8));
        assert_eq!(ClientData::from_json(&[b' '; MAX_SIZE + 1]), Err(Error::ClientDataTooLarge));
    }

    #[test]
    fn the_specifications_own_are_read_and_begin_as_they_are_written() {
        for vector in vectors::all() {
            for (json, challenge, kind) in [
                (&vector.registration.client_data_json, &vector.registration.challenge, CREATE),
                (&vector.assertion.client_data_json, &vector.assertion.challenge, GET),
            ] {
                let read = ClientData::from_json(json).unwrap();
                assert_eq!(read.kind, kind);
                assert_eq!(read.challenge, base64url::encode(challenge));
                assert_eq!(read.origin, "https://example.org");
                let written = read.to_json();
                assert!(json.starts_with(written.trim_end_matches('}').as_bytes()), "{}", vector.name);
            }
        }
    }

    #[test]
    fn control_characters_are_escaped_as_the_specification_says() {
        let data = ClientData { origin: "\n\u{1f}\"\\\u{7f}é".to_string(), ..ClientData::default() };
        let expected = "{\"type\":\"\",\"challenge\":\"\",\"origin\":\"\\u000a\\u001f\\\"\\\\\u{7f}é\",\"crossOrigin\":false}";
        assert_eq!(data.to_json(), expected);
    }

    proptest! {
        #[test]
        fn client_data_come_back(kind: String, challenge: String, origin: String, cross_origin: bool, top_origin: Option<String>) {
            let data = ClientData { kind, challenge, origin, cross_origin: Some(cross_origin), top_origin };
            prop_assert_eq!(ClientData::from_json(data.to_json().as_bytes()), Ok(data));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = ClientData::from_json(&bytes);
        }
    }
}
