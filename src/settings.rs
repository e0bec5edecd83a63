//! The settings of `createWx`, checked. What a device only shows or calls stays with it: names, the prompt's
//! language, functions, the storage object.

use crate::dialect::Dialect;
use crate::failure::Failure;
use crate::mode::{self, AuthMode};
use crate::value::{Members, Value};

/// How long a whole call may take unless the page says otherwise, in milliseconds.
pub const DEFAULT_TIMEOUT_MS: u32 = 60_000;
/// The longest time that `setTimeout` keeps, in milliseconds; longer ones would fire at once.
const MAX_TIMEOUT_MS: u32 = 2_147_483_647;

/// The strings that the platform alone uses.
const ONLY_SHOWN: [&str; 4] = ["rpName", "user.name", "user.displayName", "lang"];

/// Which authenticators may answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Authenticators {
    /// The device's own.
    #[default]
    Platform,
    /// Security keys and phones too.
    Any,
}

/// The settings that rules need. A text that is not set is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The relying party id; the page's host unless set.
    pub rp_id: String,
    /// Whose key is remembered. It goes into no user handle: each key has a random one.
    pub user_id: String,
    /// Which authenticators may answer.
    pub authenticators: Authenticators,
    /// What `supportMode` says; the operating system's usual ones where this is empty.
    pub modes: Vec<AuthMode>,
    /// The deadline of a whole call, in milliseconds.
    pub timeout_ms: u32,
    /// Whose contract to follow.
    pub dialect: Dialect,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rp_id: String::new(),
            user_id: String::new(),
            authenticators: Authenticators::default(),
            modes: Vec::new(),
            timeout_ms: DEFAULT_TIMEOUT_MS,
            dialect: Dialect::default(),
        }
    }
}

impl Settings {
    /// Reads and checks the settings. What the platform alone uses is only checked.
    ///
    /// # Errors
    /// `Internal`, with the first thing that is wrong as a sentence for the developer.
    pub fn read(settings: &impl Members) -> Result<Self, Failure> {
        if !matches!(settings.itself(), Value::Object(_) | Value::Null | Value::Undefined) {
            return Err(Failure::internal("settings should be an object"));
        }
        let string = |name: &str| match settings.get(name) {
            Value::String(text) => Ok(Some(text.text)),
            Value::Undefined => Ok(None),
            _ => Err(should_be(name, "a string")),
        };
        let rp_id = string("rpId")?;
        for name in ONLY_SHOWN {
            string(name)?;
        }
        let user_id = string("user.id")?;
        if user_id.as_deref() == Some("") {
            return Err(should_be("user.id", "a string that is not empty"));
        }
        let dialect = Dialect::from_name(&string("dialect")?.unwrap_or_default())
            .ok_or_else(|| should_be("dialect", "'any', 'wechat' or 'tcmpp'"))?;
        let authenticators = match string("authenticators")?.as_deref() {
            None | Some("platform") => Authenticators::Platform,
            Some("any") => Authenticators::Any,
            _ => return Err(should_be("authenticators", "'platform' or 'any'")),
        };
        let modes = match settings.get("modes") {
            Value::Undefined => Vec::new(),
            Value::Array(length, items) => {
                let modes = mode::known(&items);
                if modes.is_empty() || u32::try_from(modes.len()) != Ok(length) {
                    return Err(should_be("modes", MODES));
                }
                modes
            }
            _ => return Err(should_be("modes", MODES)),
        };
        let timeout_ms = match settings.get("timeout") {
            Value::Undefined => Some(DEFAULT_TIMEOUT_MS),
            timeout => timeout.to_u32().filter(|ms| (1..=MAX_TIMEOUT_MS).contains(ms)),
        };
        let timeout_ms =
            timeout_ms.ok_or_else(|| should_be("timeout", "a number of milliseconds, at least 1"))?;
        let prompt = settings.get("prompt");
        if !matches!(prompt, Value::Function | Value::Undefined) && prompt.as_str() != Some("none") {
            return Err(should_be("prompt", "'dialog', 'none' or a function"));
        }
        if !matches!(settings.get("onKeyCreated"), Value::Function | Value::Undefined) {
            return Err(should_be("onKeyCreated", "a function"));
        }
        let is_function = |name| settings.get(name) == Value::Function;
        let is_storage = is_function("storage.getItem") && is_function("storage.setItem");
        if !is_storage && !settings.get("storage").is_undefined() {
            return Err(Failure::internal("setting storage should have getItem and setItem"));
        }
        Ok(Self {
            rp_id: rp_id.unwrap_or_default(),
            user_id: user_id.unwrap_or_default(),
            authenticators,
            modes,
            timeout_ms,
            dialect,
        })
    }
}

const MODES: &str = "a non-empty array of 'fingerPrint', 'facial' and 'speech'";

fn should_be(name: &str, expected: &str) -> Failure {
    Failure::internal(&["setting ", name, " should be ", expected].concat())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Authenticators, Settings};
    use crate::dialect::Dialect;
    use crate::mode::AuthMode;
    use serde_json::json;

    fn read(json: serde_json::Value) -> Result<Settings, String> {
        Settings::read(&json).map_err(|failure| failure.detail().unwrap().to_owned())
    }

    #[test]
    fn all_settings_are_optional() {
        assert_eq!(read(json!({})), Ok(Settings::default()));
        assert_eq!(Settings::default().timeout_ms, 60_000);
    }

    #[test]
    fn every_setting_is_read() {
        let settings = read(json!({
            "rpId": "example.com", "rpName": "Example", "authenticators": "any", "modes": ["facial"],
            "timeout": 1500, "lang": "zh-CN", "dialect": "tcmpp",
            "user": { "id": "u1", "name": "ann", "displayName": "Ann" },
        }));
        assert_eq!(
            settings,
            Ok(Settings {
                rp_id: "example.com".into(),
                user_id: "u1".into(),
                authenticators: Authenticators::Any,
                modes: vec![AuthMode::Facial],
                timeout_ms: 1500,
                dialect: Dialect::Tcmpp,
            })
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        let rows = [
            (json!(7), "settings should be an object"),
            (json!({ "lang": 1 }), "setting lang should be a string"),
            (json!({ "prompt": 1 }), "setting prompt should be 'dialog', 'none' or a function"),
            (json!({ "onKeyCreated": "f" }), "setting onKeyCreated should be a function"),
            (json!({ "storage": {} }), "setting storage should have getItem and setItem"),
            (json!({ "rpId": 1 }), "setting rpId should be a string"),
            (json!({ "user": { "id": "" } }), "setting user.id should be a string that is not empty"),
            (json!({ "dialect": "qq" }), "setting dialect should be 'any', 'wechat' or 'tcmpp'"),
            (json!({ "authenticators": "usb" }), "setting authenticators should be 'platform' or 'any'"),
            (
                json!({ "modes": ["iris"] }),
                "setting modes should be a non-empty array of 'fingerPrint', 'facial' and 'speech'",
            ),
            (
                json!({ "modes": "facial" }),
                "setting modes should be a non-empty array of 'fingerPrint', 'facial' and 'speech'",
            ),
            (json!({ "timeout": 0 }), "setting timeout should be a number of milliseconds, at least 1"),
            (
                json!({ "timeout": 2_147_483_648_u32 }),
                "setting timeout should be a number of milliseconds, at least 1",
            ),
            (json!({ "timeout": "9" }), "setting timeout should be a number of milliseconds, at least 1"),
        ];
        for (settings, complaint) in rows {
            assert_eq!(read(settings), Err(complaint.to_owned()));
        }
    }
}
