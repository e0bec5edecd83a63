//! The settings of `createWx`, checked. Functions and the storage object stay with the device that uses them.

use crate::dialect::Dialect;
use crate::mode::AuthMode;
use crate::text::concat;
use crate::value::{Fields, Value};

/// How long a whole call may take unless the page says otherwise, in milliseconds.
pub const DEFAULT_TIMEOUT_MS: u32 = 60_000;
/// The longest time that `setTimeout` keeps, in milliseconds; longer ones would fire at once.
const MAX_TIMEOUT_MS: f64 = 2_147_483_647.0;
/// The longest user handle, in bytes (WebAuthn Level 3, §5.4.3).
const MAX_USER_HANDLE: usize = 64;

/// Who the key is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// Its UTF-8 is the WebAuthn user handle, 1 to 64 bytes. Without one the device gets a random handle.
    pub id: Option<String>,
    /// Shown by some authenticators, for example an account name.
    pub name: Option<String>,
    /// Shown by some authenticators, for example a person's name.
    pub display_name: Option<String>,
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

/// The settings that rules need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The relying party id; the page's host unless set.
    pub rp_id: Option<String>,
    /// The relying party's name, shown by some authenticators; the RP id unless set.
    pub rp_name: Option<String>,
    /// Who the key is for.
    pub user: User,
    /// Which authenticators may answer.
    pub authenticators: Authenticators,
    /// What `supportMode` says; the operating system's usual ones unless set.
    pub modes: Option<Vec<AuthMode>>,
    /// The deadline of a whole `startSoterAuthentication`, in milliseconds.
    pub timeout_ms: u32,
    /// The language of the prompt, a BCP 47 tag; the page's unless set.
    pub lang: Option<String>,
    /// Whose contract to follow.
    pub dialect: Dialect,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rp_id: None,
            rp_name: None,
            user: User::default(),
            authenticators: Authenticators::default(),
            modes: None,
            timeout_ms: DEFAULT_TIMEOUT_MS,
            lang: None,
            dialect: Dialect::default(),
        }
    }
}

impl Settings {
    /// Reads and checks the settings; `user` is the object under that key.
    ///
    /// # Errors
    /// What is wrong with the first wrong setting, as a sentence for the developer.
    pub fn read(fields: &impl Fields, user: &impl Fields) -> Result<Self, String> {
        let mut complaint = Complaint::default();
        let user = User {
            id: complaint.text(user, "user.", "id"),
            name: complaint.text(user, "user.", "name"),
            display_name: complaint.text(user, "user.", "displayName"),
        };
        complaint.unless(
            user.id.as_ref().is_none_or(|id| (1..=MAX_USER_HANDLE).contains(&id.len())),
            "user.id",
            "1 to 64 bytes of UTF-8",
        );
        let dialect = complaint.text(fields, "", "dialect").map(|name| Dialect::from_name(&name));
        complaint.unless(dialect != Some(None), "dialect", "'any', 'wechat' or 'tcmpp'");
        let authenticators = complaint.text(fields, "", "authenticators");
        let authenticators = authenticators.as_deref();
        complaint.unless(
            matches!(authenticators, None | Some("platform" | "any")),
            "authenticators",
            "'platform' or 'any'",
        );
        let modes = modes(fields.get("modes"));
        complaint.unless(
            modes.is_some(),
            "modes",
            "a non-empty array of 'fingerPrint', 'facial' and 'speech'",
        );
        let timeout_ms = timeout(&fields.get("timeout"));
        complaint.unless(timeout_ms.is_some(), "timeout", "a number of milliseconds, at least 1");
        let settings = Self {
            rp_id: complaint.text(fields, "", "rpId"),
            rp_name: complaint.text(fields, "", "rpName"),
            user,
            authenticators: if authenticators == Some("any") {
                Authenticators::Any
            } else {
                Authenticators::Platform
            },
            modes: modes.flatten(),
            timeout_ms: timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS),
            lang: complaint.text(fields, "", "lang"),
            dialect: dialect.flatten().unwrap_or_default(),
        };
        complaint.0.map_or(Ok(settings), Err)
    }
}

/// The first complaint. Reading goes on behind it, which costs less code than leaving at every setting.
#[derive(Default)]
struct Complaint(Option<String>);

impl Complaint {
    fn unless(&mut self, right: bool, name: &str, expected: &str) {
        if !right && self.0.is_none() {
            self.0 = Some(concat(&["setting ", name, " should be ", expected]));
        }
    }

    fn text(&mut self, fields: &impl Fields, prefix: &str, name: &str) -> Option<String> {
        let value = fields.get(name);
        if value == Value::Undefined {
            return None;
        }
        let text = value.into_text();
        self.unless(text.is_some(), &concat(&[prefix, name]), "a string");
        text
    }
}

/// `None` where it is wrong, `Some(None)` where it is not set.
fn modes(value: Value) -> Option<Option<Vec<AuthMode>>> {
    let items = match value {
        Value::Undefined => return Some(None),
        Value::List(items) if !items.is_empty() => items,
        _ => return None,
    };
    let mut modes = Vec::new();
    for item in items {
        modes.push(AuthMode::from_name(&item.into_text()?)?);
    }
    Some(Some(modes))
}

/// `None` where it is wrong.
fn timeout(value: &Value) -> Option<u32> {
    match value {
        Value::Undefined => Some(DEFAULT_TIMEOUT_MS),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
        Value::Number(ms) if *ms >= 1.0 && *ms <= MAX_TIMEOUT_MS => Some(*ms as u32),
        _ => None,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Authenticators, Settings, User};
    use crate::dialect::Dialect;
    use crate::mode::AuthMode;
    use serde_json::json;

    fn read(json: serde_json::Value) -> Result<Settings, String> {
        Settings::read(&json, &json["user"])
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
        let user = User { id: Some("u1".into()), name: Some("ann".into()), display_name: Some("Ann".into()) };
        assert_eq!(
            settings,
            Ok(Settings {
                rp_id: Some("example.com".into()),
                rp_name: Some("Example".into()),
                user,
                authenticators: Authenticators::Any,
                modes: Some(vec![AuthMode::Facial]),
                timeout_ms: 1500,
                lang: Some("zh-CN".into()),
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
