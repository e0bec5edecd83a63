//! The options of the calls: both dialects, and WeChat's rules and words for what is wrong with them.

use crate::dialect::Dialect;
use crate::failure::{Failure, Reason};
use crate::text::concat;
use crate::value::{Fields, Value};

/// The longest `challenge`, in UTF-16 code units (`string.length`). WeChat says 512 "characters".
pub const CHALLENGE_MAX: usize = 512;
/// The longest `authContent`, in UTF-16 code units. WeChat says 42 "characters".
pub const AUTH_CONTENT_MAX: usize = 42;

const MODE_CODE: u32 = 90003;
const CHALLENGE_CODE: u32 = 90004;
const AUTH_CONTENT_CODE: u32 = 90005;

/// The options of `startSoterAuthentication`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StartOptions {
    /// What the person is asked for; shown by the prompt.
    pub auth_content: String,
    /// What the result signs. Without one there is nothing to sign, and no signed result.
    pub challenge: Option<String>,
    /// The modes to choose from, in order of preference.
    pub request_auth_modes: Option<Vec<String>>,
}

impl StartOptions {
    /// Reads and checks the options.
    ///
    /// # Errors
    /// `BadParameter` for wrong types (all of them, in one message), then `BadChallenge`, then `BadAuthContent`.
    pub fn read(fields: &impl Fields, dialect: Dialect) -> Result<Self, Failure> {
        let required = dialect.demands_parameters();
        let mut complaints = Complaints::default();
        let challenge = fields.get("challenge");
        complaints.expect_string("challenge", &challenge, required, CHALLENGE_CODE);
        let modes = fields.get("requestAuthModes");
        complaints.expect_strings("requestAuthModes", &modes, required, MODE_CODE);
        let auth_content = fields.get("authContent");
        complaints.expect_string("authContent", &auth_content, false, AUTH_CONTENT_CODE);
        complaints.into_result()?;

        let challenge = match challenge {
            Value::Text(text) if text.utf8.is_empty() || text.length() > CHALLENGE_MAX => {
                return Err(Failure::new(Reason::BadChallenge));
            }
            // Its UTF-8 would no longer be the page's challenge.
            Value::Text(text) if !text.well_formed => {
                return Err(Failure::with_detail(Reason::BadChallenge, "challenge has a lone surrogate"));
            }
            Value::Text(text) => Some(text.utf8),
            _ => None,
        };
        let auth_content = match auth_content {
            Value::Text(text) if text.length() > AUTH_CONTENT_MAX => {
                return Err(Failure::new(Reason::BadAuthContent));
            }
            Value::Text(text) => text.utf8,
            _ => String::new(),
        };
        Ok(Self { auth_content, challenge, request_auth_modes: strings(modes) })
    }
}

/// Reads `checkAuthMode`, the one option of `checkIsSoterEnrolledInDevice`.
///
/// # Errors
/// `BadParameter` where it is no string, or missing where the dialect demands it.
pub fn read_check_auth_mode(fields: &impl Fields, dialect: Dialect) -> Result<Option<String>, Failure> {
    let mode = fields.get("checkAuthMode");
    let mut complaints = Complaints::default();
    complaints.expect_string("checkAuthMode", &mode, dialect.demands_parameters(), MODE_CODE);
    complaints.into_result()?;
    Ok(match mode {
        Value::Text(text) => Some(text.utf8),
        _ => None,
    })
}

/// The argument itself is no object: `parameter should be Object instead of String;`.
#[must_use]
pub fn not_an_object(type_name: &str) -> Failure {
    Failure::parameters(MODE_CODE, concat(&["parameter should be Object instead of ", type_name, ";"]))
}

/// The texts of a list that `Complaints::expect_strings` found right.
fn strings(value: Value) -> Option<Vec<String>> {
    let Value::List(items) = value else { return None };
    Some(
        items
            .into_iter()
            .filter_map(|item| match item {
                Value::Text(text) => Some(text.utf8),
                _ => None,
            })
            .collect(),
    )
}

/// Wrong types, collected: WeChat names them all in one message, with a semicolon after each.
#[derive(Default)]
struct Complaints {
    text: String,
    code: Option<u32>,
}

impl Complaints {
    fn expect_string(&mut self, name: &str, value: &Value, required: bool, code: u32) {
        match value {
            Value::Text(_) => {}
            Value::Undefined if !required => {}
            other => self.add(name, "String", other, code),
        }
    }

    fn expect_strings(&mut self, name: &str, value: &Value, required: bool, code: u32) {
        match value {
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    if !matches!(item, Value::Text(_)) {
                        self.add(&concat(&[name, "[", &index.to_string(), "]"]), "String", item, code);
                    }
                }
            }
            Value::Undefined if !required => {}
            other => self.add(name, "Array", other, code),
        }
    }

    fn add(&mut self, name: &str, expected: &str, value: &Value, code: u32) {
        let parts = ["parameter.", name, " should be ", expected, " instead of ", value.type_name(), ";"];
        self.text.push_str(&concat(&parts));
        self.code.get_or_insert(code);
    }

    fn into_result(self) -> Result<(), Failure> {
        self.code.map_or(Ok(()), |code| Err(Failure::parameters(code, self.text)))
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{StartOptions, not_an_object, read_check_auth_mode};
    use crate::api::Api;
    use crate::dialect::Dialect;
    use crate::failure::Reason;
    use crate::value::{Fields, Text, Value};
    use proptest::prelude::*;
    use serde_json::json;

    fn start(options: serde_json::Value) -> Result<StartOptions, (u32, String)> {
        StartOptions::read(&options, Dialect::Any)
            .map_err(|failure| (failure.reason().code(), failure.err_msg(Api::Start)))
    }

    #[test]
    fn nothing_is_required_by_default() {
        assert_eq!(start(json!({})), Ok(StartOptions::default()));
    }

    #[test]
    fn both_dialects_are_read() {
        let options = json!({ "authContent": "pay", "challenge": "c", "requestAuthModes": ["facial"] });
        let read = start(options).unwrap();
        assert_eq!(read.auth_content, "pay");
        assert_eq!(read.challenge.as_deref(), Some("c"));
        assert_eq!(read.request_auth_modes, Some(vec!["facial".to_owned()]));
    }

    #[test]
    fn challenge_is_1_to_512_code_units() {
        assert!(start(json!({ "challenge": "x".repeat(512) })).is_ok());
        assert!(start(json!({ "challenge": "𐍈".repeat(256) })).is_ok());
        for bad in [String::new(), "x".repeat(513), "𐍈".repeat(257)] {
            assert_eq!(
                start(json!({ "challenge": bad })).unwrap_err(),
                (90004, "startSoterAuthentication:fail invalid challenge".to_owned())
            );
        }
    }

    #[test]
    fn a_lone_surrogate_is_no_challenge() {
        struct Lone;
        impl Fields for Lone {
            fn get(&self, name: &str) -> Value {
                if name == "challenge" {
                    Value::Text(Text { utf8: "\u{fffd}".into(), well_formed: false })
                } else {
                    Value::Undefined
                }
            }
        }
        let failure = StartOptions::read(&Lone, Dialect::Any).unwrap_err();
        assert_eq!(failure.reason(), Reason::BadChallenge);
    }

    #[test]
    fn auth_content_is_at_most_42_code_units() {
        assert!(start(json!({ "authContent": "指".repeat(42) })).is_ok());
        assert_eq!(
            start(json!({ "authContent": "指".repeat(43) })).unwrap_err(),
            (90005, "startSoterAuthentication:fail invalid authContent".to_owned())
        );
    }

    #[test]
    fn wrong_types_are_named_in_wechats_words() {
        let prefix = "startSoterAuthentication:fail parameter error: ";
        let rows = [
            (json!({ "challenge": 1 }), 90004, "parameter.challenge should be String instead of Number;"),
            (json!({ "challenge": null }), 90004, "parameter.challenge should be String instead of Null;"),
            (
                json!({ "authContent": {} }),
                90005,
                "parameter.authContent should be String instead of Object;",
            ),
            (
                json!({ "requestAuthModes": "facial" }),
                90003,
                "parameter.requestAuthModes should be Array instead of String;",
            ),
            (
                json!({ "requestAuthModes": ["facial", 7] }),
                90003,
                "parameter.requestAuthModes[1] should be String instead of Number;",
            ),
            (
                json!({ "challenge": [], "authContent": true }),
                90004,
                "parameter.challenge should be String instead of Array;parameter.authContent should be String instead of Boolean;",
            ),
        ];
        for (options, code, words) in rows {
            assert_eq!(start(options).unwrap_err(), (code, format!("{prefix}{words}")));
        }
    }

    #[test]
    fn the_wechat_dialect_demands_what_wechat_demands() {
        let failure = StartOptions::read(&json!({}), Dialect::Wechat).unwrap_err();
        assert_eq!(
            failure.err_msg(Api::Start),
            "startSoterAuthentication:fail parameter error: parameter.challenge should be String instead of Undefined;parameter.requestAuthModes should be Array instead of Undefined;"
        );
        let failure = read_check_auth_mode(&json!({}), Dialect::Wechat).unwrap_err();
        assert_eq!(
            failure.err_msg(Api::CheckEnrolled),
            "checkIsSoterEnrolledInDevice:fail parameter error: parameter.checkAuthMode should be String instead of Undefined;"
        );
        assert_eq!(read_check_auth_mode(&json!({}), Dialect::Any), Ok(None));
        assert_eq!(read_check_auth_mode(&json!({}), Dialect::Tcmpp), Ok(None));
    }

    #[test]
    fn an_argument_that_is_no_object_is_named() {
        assert_eq!(
            not_an_object("String").err_msg(Api::Start),
            "startSoterAuthentication:fail parameter error: parameter should be Object instead of String;"
        );
    }

    proptest! {
        #[test]
        fn any_string_is_either_kept_or_refused(challenge in ".*", auth_content in ".*") {
            let read = start(json!({ "challenge": challenge, "authContent": auth_content }));
            let challenge_fits = (1..=512).contains(&challenge.encode_utf16().count());
            let content_fits = auth_content.encode_utf16().count() <= 42;
            match read {
                Ok(options) => {
                    prop_assert!(challenge_fits && content_fits);
                    prop_assert_eq!(options.challenge, Some(challenge));
                    prop_assert_eq!(options.auth_content, auth_content);
                }
                Err((code, _)) => prop_assert_eq!(code, if challenge_fits { 90005 } else { 90004 }),
            }
        }
    }
}
