//! Results that WeChat made, on a phone. There are no others without a member `webauthn`: those of the web have it, and are checked
//! here.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use wx_soter_verifier::Error as Refusal;
use wx_soter_webauthn::json_text;

/// `json_string` and `json_signature` may have this many bytes together. WeChat's own have some hundreds.
const MAX_SIZE: usize = 16 * 1024;

/// Such a result, as far as the service has to know it. Whether it holds is for WeChat to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeChatResult {
    /// The challenge. It is in what was signed, so that a result with another one does not hold.
    pub raw: String,
}

#[derive(Deserialize)]
struct Members {
    raw: String,
    #[serde(default, deserialize_with = "is_there")]
    webauthn: bool,
}

/// Whatever it is, and be it `null`.
fn is_there<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(value).map(|_| true)
}

impl WeChatResult {
    /// Reads a `resultJSON` without a member `webauthn`, with one `raw`. `None` for all others: they are for the verifier, which takes
    /// nothing that has more or less in it than the web's.
    #[must_use]
    pub fn read(json: &str) -> Option<Self> {
        let members: Members = json_text::object(json)?;
        (!members.webauthn).then_some(Self { raw: members.raw })
    }

    /// Whether WeChat is to be asked about something so large.
    ///
    /// # Errors
    ///
    /// [`Refusal::ResultTooLarge`]
    pub fn check_size(json: &str, signature: &str) -> Result<(), Refusal> {
        let size = json.len().saturating_add(signature.len());
        if size > MAX_SIZE { Err(Refusal::ResultTooLarge) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_member_webauthn_is_wechats() {
        for (json, raw) in [
            (r#"{"raw":"17","counter":94,"uid":"59078fa8","cpu_id":"F5D3F2DF-0000"}"#, "17"),
            (r#"{"raw":"","fid":"2313170","counter":"131","tee_n":"t-base","rsa_pss_saltlen":32}"#, ""),
            (r#"{"raw":"x","more":{"webauthn":{}}}"#, "x"),
        ] {
            assert_eq!(WeChatResult::read(json), Some(WeChatResult { raw: raw.to_owned() }), "{json}");
        }
        for web in [
            r#"{"raw":"17","webauthn":{}}"#,
            r#"{"raw":"17","webauthn":null}"#,
            r#"{"raw":"17","webauthn":""}"#,
            r#"{"webauthn":[],"raw":"17","fid":"2313170","tee_n":"t-base"}"#,
            r#"{"raw":"17","webauthn":null,"webauthn":null}"#,
            r#"{"raw":"17","\u0077ebauthn":false}"#,
        ] {
            assert_eq!(WeChatResult::read(web), None, "{web}");
        }
        for none in [
            "",
            "{}",
            "null",
            r#"["17"]"#,
            r#"{"raw":17}"#,
            r#"{"raw":null}"#,
            r#"{"raw":"17","raw":"18"}"#,
            r#"{"raw":"17","\u0072aw":"18"}"#,
            r#"{"raw":"17"}{}"#,
            r#"{"raw":"17""#,
        ] {
            assert_eq!(WeChatResult::read(none), None, "{none}");
        }
    }
}
