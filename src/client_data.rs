//! Client data: what the browser says it asked the authenticator for (WebAuthn Level 3, §5.8.1).

use crate::platform::Page;
use crate::value::{Members as _, Value};
use wx_soter_webauthn::client_data::{ClientData, MAX_SIZE};

/// Reads `clientDataJSON` (§7.1 steps 5 and 6, §7.2 steps 8 and 9), without a byte order mark; `None` where it is no JSON with a
/// type, a challenge and an origin. The platform has a parser of JSON, and a second one would double the module.
#[must_use]
pub fn read<P: Page>(page: &P, json: &[u8]) -> Option<ClientData> {
    let json = core::str::from_utf8(json).ok().filter(|json| json.len() <= MAX_SIZE)?;
    let client_data = page.parse_json(json.strip_prefix('\u{feff}').unwrap_or(json))?;
    let text = |name| match client_data.get(name) {
        Value::String(text) if text.is_well_formed => Some(text.text),
        _ => None,
    };
    Some(ClientData {
        kind: text("type")?,
        challenge: text("challenge")?,
        origin: text("origin")?,
        cross_origin: match client_data.get("crossOrigin") {
            Value::Undefined => None,
            Value::Boolean(flag) => Some(flag),
            _ => return None,
        },
        top_origin: match client_data.get("topOrigin") {
            Value::Undefined => None,
            Value::String(text) => Some(text.text),
            _ => return None,
        },
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::read;
    use crate::scripted_platform::ScriptedPlatform;
    use proptest::prelude::*;
    use wx_soter_webauthn::ClientData;

    #[test]
    fn it_is_read_as_strictly_as_a_server_does() {
        let good = r#"{"type":"webauthn.get","challenge":"AA","origin":"https://example.org","crossOrigin":false,"new":1}"#;
        let rows = [
            (good.to_owned(), true),
            (format!("\u{feff}{good}"), true),
            (format!("{good}x"), false),
            (format!("[{good}]"), false),
            (good.replace("false", "\"false\""), false),
            (good.replace("false", "null"), false),
            (good.replace("\"AA\"", "1"), false),
            (good.replace("\"new\":1", "\"topOrigin\":1"), false),
            (good.replace("\"origin\"", "\"Origin\""), false),
            (String::new(), false),
        ];
        for (json, is_good) in rows {
            let read = read(&ScriptedPlatform::default(), json.as_bytes());
            assert_eq!(read.is_some(), is_good, "{json}");
            assert_eq!(read, ClientData::from_json(json.as_bytes()).ok(), "{json}");
        }
        assert_eq!(read(&ScriptedPlatform::default(), b"\xff{}"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(kind in ".*", challenge in ".*", origin in ".*") {
            let client_data = ClientData { kind, challenge, origin, cross_origin: Some(false), top_origin: None };
            prop_assert_eq!(read(&ScriptedPlatform::default(), client_data.to_json().as_bytes()), Some(client_data));
        }
    }
}
