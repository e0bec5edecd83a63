//! The settings of `createWx`, checked. What a device only shows or calls stays with it: names, the prompt's
//! language, functions, the storage object.

use crate::dialect::Dialect;
use crate::failure::Failure;
use crate::mode::{self, AuthMode};
use crate::snapshot::{Kind, Snapshot};
use crate::text::{concat, cut};

/// How long a whole call may take unless the page says otherwise, in milliseconds.
pub const DEFAULT_TIMEOUT_MS: u32 = 60_000;
/// The longest time that `setTimeout` keeps, in milliseconds; longer ones would fire at once.
const MAX_TIMEOUT_MS: u32 = 2_147_483_647;

/// How many of [`Settings::PATHS`] are texts: the first of them.
const TEXTS: usize = 8;

/// Which authenticators may answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// The members that are read. What the device alone uses is only checked.
    pub const PATHS: &'static str = "rpId rpName user.id user.name user.displayName dialect authenticators lang \
        modes timeout prompt onKeyCreated storage storage.getItem storage.setItem";

    /// Reads and checks the settings.
    ///
    /// # Errors
    /// `Internal`, with the first thing that is wrong as a sentence for the developer.
    pub fn read(settings: &Snapshot<'_>) -> Result<Self, Failure> {
        let mut complaint = Complaint::default();
        if !settings.get("").is_object_or_nothing() {
            complaint.0.push_str("settings should be an object");
        }
        let mut paths = Self::PATHS;
        for _ in 0..TEXTS {
            let name = cut(&mut paths, b' ');
            let kind = settings.get(name).kind;
            let fits = matches!(kind, Kind::String | Kind::MalformedString | Kind::Undefined);
            complaint.unless(fits, name, "a string");
        }
        let (user_id, authenticators) =
            (settings.get("user.id").text(), settings.get("authenticators").text());
        complaint.unless(
            settings.get("user.id").is_undefined() || !user_id.is_empty(),
            "user.id",
            "a string that is not empty",
        );
        let dialect = Dialect::from_name(settings.get("dialect").text());
        complaint.unless(dialect.is_some(), "dialect", "'any', 'wechat' or 'tcmpp'");
        complaint.unless(
            matches!(authenticators, "" | "platform" | "any"),
            "authenticators",
            "'platform' or 'any'",
        );
        let listed = settings.get("modes");
        let modes = mode::known(settings, "modes");
        complaint.unless(
            listed.is_undefined() || !modes.is_empty() && modes.len() == listed.length as usize,
            "modes",
            "a non-empty array of 'fingerPrint', 'facial' and 'speech'",
        );
        let timeout = settings.get("timeout");
        let timeout_ms = timeout.number().map_or(0, i32::cast_unsigned);
        let timeout_ms = if timeout.is_undefined() { DEFAULT_TIMEOUT_MS } else { timeout_ms };
        complaint.unless(
            (1..=MAX_TIMEOUT_MS).contains(&timeout_ms),
            "timeout",
            "a number of milliseconds, at least 1",
        );
        let has = |name| settings.get(name).kind == Kind::Function;
        let has_or_not = |name| has(name) || settings.get(name).is_undefined();
        let is_prompt = has_or_not("prompt") || settings.get("prompt").text() == "none";
        complaint.unless(is_prompt, "prompt", "'dialog', 'none' or a function");
        complaint.unless(has_or_not("onKeyCreated"), "onKeyCreated", "a function");
        if complaint.0.is_empty()
            && !settings.get("storage").is_undefined()
            && !(has("storage.getItem") && has("storage.setItem"))
        {
            complaint.0.push_str("setting storage should have getItem and setItem");
        }
        if !complaint.0.is_empty() {
            return Err(Failure::internal(&complaint.0));
        }
        Ok(Self {
            rp_id: settings.text("rpId"),
            user_id: user_id.to_owned(),
            authenticators: if authenticators == "any" {
                Authenticators::Any
            } else {
                Authenticators::Platform
            },
            modes,
            timeout_ms,
            dialect: dialect.unwrap_or_default(),
        })
    }
}

/// What is wrong with the first wrong setting; empty where nothing is. Reading goes on behind it, which costs less code
/// than leaving at every setting.
#[derive(Default)]
struct Complaint(String);

impl Complaint {
    fn unless(&mut self, right: bool, name: &str, expected: &str) {
        if !right && self.0.is_empty() {
            self.0 = concat(&["setting ", name, " should be ", expected]);
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Authenticators, Settings};
    use crate::dialect::Dialect;
    use crate::mode::AuthMode;
    use crate::snapshot::{Snapshot, write};
    use serde_json::json;

    fn read(json: serde_json::Value) -> Result<Settings, String> {
        Settings::read(&Snapshot::read(&write(&json, Settings::PATHS)))
            .map_err(|failure| failure.detail().unwrap().to_owned())
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
