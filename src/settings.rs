//! The settings of `createWx`, checked. Functions and the storage object stay with the device that uses them.

use crate::dialect::Dialect;
use crate::mode::{self, AuthMode};
use crate::text::concat;
use crate::value::Value;

/// How long a whole call may take unless the page says otherwise, in milliseconds.
pub const DEFAULT_TIMEOUT_MS: u32 = 60_000;
/// The longest time that `setTimeout` keeps, in milliseconds; longer ones would fire at once.
const MAX_TIMEOUT_MS: f64 = 2_147_483_647.0;
/// The longest user handle, in bytes (WebAuthn Level 3, §5.4.3).
const MAX_USER_HANDLE: usize = 64;

/// Who the key is for. What is not set is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// Its UTF-8 is the WebAuthn user handle, 1 to 64 bytes. Without one the device gets a random handle.
    pub id: String,
    /// Shown by some authenticators, for example an account name.
    pub name: String,
    /// Shown by some authenticators, for example a person's name.
    pub display_name: String,
}

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
    /// The relying party's name, shown by some authenticators; the RP id unless set.
    pub rp_name: String,
    /// Who the key is for.
    pub user: User,
    /// Which authenticators may answer.
    pub authenticators: Authenticators,
    /// What `supportMode` says; the operating system's usual ones where this is empty.
    pub modes: Vec<AuthMode>,
    /// The deadline of a whole call, in milliseconds.
    pub timeout_ms: u32,
    /// The language of the prompt, a BCP 47 tag; the page's unless set.
    pub lang: String,
    /// Whose contract to follow.
    pub dialect: Dialect,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rp_id: String::new(),
            rp_name: String::new(),
            user: User::default(),
            authenticators: Authenticators::default(),
            modes: Vec::new(),
            timeout_ms: DEFAULT_TIMEOUT_MS,
            lang: String::new(),
            dialect: Dialect::default(),
        }
    }
}

impl Settings {
    /// Reads and checks the settings.
    pub fn read(settings: &impl Value, complaint: &mut Complaint) -> Self {
        let user = settings.get("user");
        let user_id = user.get("id");
        let id = complaint.text("user.id", &user_id);
        complaint.unless(
            user_id.is_undefined() || (1..=MAX_USER_HANDLE).contains(&id.len()),
            "user.id",
            "1 to 64 bytes of UTF-8",
        );
        let dialect = complaint.text("dialect", &settings.get("dialect"));
        let dialect = Dialect::from_name(&dialect);
        complaint.unless(dialect.is_some(), "dialect", "'any', 'wechat' or 'tcmpp'");
        let authenticators = complaint.text("authenticators", &settings.get("authenticators"));
        complaint.unless(
            matches!(authenticators.as_str(), "" | "platform" | "any"),
            "authenticators",
            "'platform' or 'any'",
        );
        let listed = settings.get("modes");
        let modes = mode::known(&listed);
        complaint.unless(
            listed.is_undefined() || !modes.is_empty() && modes.len() == listed.length() as usize,
            "modes",
            "a non-empty array of 'fingerPrint', 'facial' and 'speech'",
        );
        let timeout = settings.get("timeout");
        let timeout_ms = if timeout.is_undefined() { DEFAULT_TIMEOUT_MS.into() } else { timeout.number() };
        complaint.unless(
            (1.0..=MAX_TIMEOUT_MS).contains(&timeout_ms),
            "timeout",
            "a number of milliseconds, at least 1",
        );
        Self {
            rp_id: complaint.text("rpId", &settings.get("rpId")),
            rp_name: complaint.text("rpName", &settings.get("rpName")),
            user: User {
                id,
                name: complaint.text("user.name", &user.get("name")),
                display_name: complaint.text("user.displayName", &user.get("displayName")),
            },
            authenticators: if authenticators == "any" {
                Authenticators::Any
            } else {
                Authenticators::Platform
            },
            modes,
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the range is checked"
            )]
            timeout_ms: timeout_ms as u32,
            lang: complaint.text("lang", &settings.get("lang")),
            dialect: dialect.unwrap_or_default(),
        }
    }
}

/// What is wrong with the first wrong setting, as a sentence for the developer; empty where nothing is. Reading goes
/// on behind it, which costs less code than leaving at every setting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Complaint(pub String);

impl Complaint {
    /// Complains unless the setting is right.
    pub fn unless(&mut self, right: bool, name: &str, expected: &str) {
        if !right && self.0.is_empty() {
            self.0 = concat(&["setting ", name, " should be ", expected]);
        }
    }

    /// A setting that should be a string; empty where it is not set.
    fn text(&mut self, name: &str, value: &impl Value) -> String {
        let type_name = value.type_name();
        self.unless(matches!(type_name.as_str(), "String" | "Undefined"), name, "a string");
        value.text()
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Authenticators, Complaint, Settings, User};
    use crate::dialect::Dialect;
    use crate::mode::AuthMode;
    use serde_json::json;

    fn read(json: serde_json::Value) -> Result<Settings, String> {
        let mut complaint = Complaint::default();
        let settings = Settings::read(&Some(json), &mut complaint);
        if complaint.0.is_empty() { Ok(settings) } else { Err(complaint.0) }
    }

    #[test]
    fn all_settings_are_optional() {
        assert_eq!(read(json!({})), Ok(Settings::default()));
    }

    #[test]
    fn every_setting_is_read() {
        let settings = read(json!({
            "rpId": "example.com", "rpName": "Example", "authenticators": "any", "modes": ["facial"],
            "timeout": 1500, "lang": "zh-CN", "dialect": "tcmpp",
            "user": { "id": "u1", "name": "ann", "displayName": "Ann" },
        }));
        let user = User { id: "u1".into(), name: "ann".into(), display_name: "Ann".into() };
        assert_eq!(
            settings,
            Ok(Settings {
                rp_id: "example.com".into(),
                rp_name: "Example".into(),
                user,
                authenticators: Authenticators::Any,
                modes: vec![AuthMode::Facial],
                timeout_ms: 1500,
                lang: "zh-CN".into(),
                dialect: Dialect::Tcmpp,
            })
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        let rows = [
            (json!({ "rpId": 1 }), "setting rpId should be a string"),
            (json!({ "user": { "id": "" } }), "setting user.id should be 1 to 64 bytes of UTF-8"),
            (
                json!({ "user": { "id": "号".repeat(22) } }),
                "setting user.id should be 1 to 64 bytes of UTF-8",
            ),
            (json!({ "dialect": "qq" }), "setting dialect should be 'any', 'wechat' or 'tcmpp'"),
            (json!({ "authenticators": "usb" }), "setting authenticators should be 'platform' or 'any'"),
            (
                json!({ "modes": ["iris"] }),
                "setting modes should be a non-empty array of 'fingerPrint', 'facial' and 'speech'",
            ),
            (json!({ "timeout": 0 }), "setting timeout should be a number of milliseconds, at least 1"),
            (json!({ "timeout": "9" }), "setting timeout should be a number of milliseconds, at least 1"),
        ];
        for (settings, complaint) in rows {
            assert_eq!(read(settings), Err(complaint.to_owned()));
        }
    }
}
