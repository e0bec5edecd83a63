//! The settings of `createWx`, checked. Functions and the storage object stay with the device that uses them.

use crate::dialect::Dialect;
use crate::mode::AuthMode;
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
    /// What is wrong with which setting, as a sentence for the developer.
    pub fn read(fields: &impl Fields, user: &impl Fields) -> Result<Self, String> {
        let user = User {
            id: text(user, "user.id", "id")?,
            name: text(user, "user.name", "name")?,
            display_name: text(user, "user.displayName", "displayName")?,
        };
        if user
            .id
            .as_ref()
            .is_some_and(|id| id.is_empty() || id.len() > MAX_USER_HANDLE)
        {
            return Err(wrong("user.id", "1 to 64 bytes of UTF-8"));
        }
        let dialect = text(fields, "dialect", "dialect")?.map_or(Ok(Dialect::default()), |name| {
            Dialect::from_name(&name).ok_or_else(|| wrong("dialect", "'any', 'wechat' or 'tcmpp'"))
        })?;
        let authenticators = match text(fields, "authenticators", "authenticators")?.as_deref() {
            None | Some("platform") => Authenticators::Platform,
            Some("any") => Authenticators::Any,
            Some(_) => return Err(wrong("authenticators", "'platform' or 'any'")),
        };
        Ok(Self {
            rp_id: text(fields, "rpId", "rpId")?,
            rp_name: text(fields, "rpName", "rpName")?,
            user,
            authenticators,
            modes: modes(&fields.get("modes"))?,
            timeout_ms: timeout(&fields.get("timeout"))?,
            lang: text(fields, "lang", "lang")?,
            dialect,
        })
    }
}

fn wrong(name: &str, expected: &str) -> String {
    ["setting ", name, " should be ", expected].concat()
}

fn text(fields: &impl Fields, full_name: &str, name: &str) -> Result<Option<String>, String> {
    match fields.get(name) {
        Value::Undefined => Ok(None),
        Value::Text(text) => Ok(Some(text.utf8)),
        _ => Err(wrong(full_name, "a string")),
    }
}

fn modes(value: &Value) -> Result<Option<Vec<AuthMode>>, String> {
    let complaint = || {
        wrong(
            "modes",
            "a non-empty array of 'fingerPrint', 'facial' and 'speech'",
        )
    };
    let items = match value {
        Value::Undefined => return Ok(None),
        Value::List(items) => items,
        _ => return Err(complaint()),
    };
    let mode_of = |item: &Value| match item {
        Value::Text(text) => AuthMode::from_name(&text.utf8).ok_or_else(complaint),
        _ => Err(complaint()),
    };
    if items.is_empty() {
        return Err(complaint());
    }
    items.iter().map(mode_of).collect::<Result<Vec<_>, _>>().map(Some)
}

fn timeout(value: &Value) -> Result<u32, String> {
    match value {
        Value::Undefined => Ok(DEFAULT_TIMEOUT_MS),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the range is checked"
        )]
        Value::Number(ms) if *ms >= 1.0 && *ms <= MAX_TIMEOUT_MS => Ok(*ms as u32),
        _ => Err(wrong("timeout", "a number of milliseconds, at least 1")),
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
        let user = User {
            id: Some("u1".into()),
            name: Some("ann".into()),
            display_name: Some("Ann".into()),
        };
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
            (
                json!({ "user": { "id": "" } }),
                "setting user.id should be 1 to 64 bytes of UTF-8",
            ),
            (
                json!({ "user": { "id": "号".repeat(22) } }),
                "setting user.id should be 1 to 64 bytes of UTF-8",
            ),
            (
                json!({ "dialect": "qq" }),
                "setting dialect should be 'any', 'wechat' or 'tcmpp'",
            ),
            (
                json!({ "authenticators": "usb" }),
                "setting authenticators should be 'platform' or 'any'",
            ),
            (
                json!({ "modes": ["iris"] }),
                "setting modes should be a non-empty array of 'fingerPrint', 'facial' and 'speech'",
            ),
            (
                json!({ "timeout": 0 }),
                "setting timeout should be a number of milliseconds, at least 1",
            ),
            (
                json!({ "timeout": "9" }),
                "setting timeout should be a number of milliseconds, at least 1",
            ),
        ];
        for (settings, complaint) in rows {
            assert_eq!(read(settings), Err(complaint.to_owned()));
        }
    }
}
