//! The options of the calls: both dialects, and WeChat's rules and words for what is wrong with them.

use crate::api::Api;
use crate::dialect::Dialect;
use crate::failure::{Failure, Reason};
use crate::mode::{self, AuthMode};
use crate::text::concat;
use crate::value::{LIST_MAX, Value};

/// The longest `challenge`, in UTF-16 code units (`string.length`). WeChat says 512 "characters".
pub const CHALLENGE_MAX: u32 = 512;
/// The longest `authContent`, in UTF-16 code units. WeChat says 42 "characters".
pub const AUTH_CONTENT_MAX: u32 = 42;

const MODE_CODE: u32 = 90003;
const CHALLENGE_CODE: u32 = 90004;
const AUTH_CONTENT_CODE: u32 = 90005;

/// The options of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What the person is asked for; shown by the prompt.
    pub auth_content: String,
    /// What the result signs. Empty where there is nothing to sign, and then there is no signed result.
    pub challenge: String,
    /// The modes to choose from, in order of preference: `requestAuthModes`, or the one of `checkAuthMode`.
    pub modes: Option<Vec<AuthMode>>,
}

impl Options {
    /// Reads and checks the options that the call has.
    ///
    /// # Errors
    /// `BadParameter` for wrong types (all of them, in one message), then `BadChallenge`, then `BadAuthContent`.
    pub fn read(api: Api, value: &impl Value, dialect: Dialect) -> Result<Self, Failure> {
        let mut complaints = Complaints::default();
        let mut options = Self::default();
        let mut broken = None;
        let required = dialect.demands_parameters();
        if api == Api::CheckEnrolled {
            let mode = value.get("checkAuthMode");
            if complaints.expect("String", "checkAuthMode", &mode, required, MODE_CODE) {
                options.modes = Some(AuthMode::from_name(&mode.text()).map_or(Vec::new(), |mode| vec![mode]));
            }
        }
        if api == Api::Start {
            let challenge = value.get("challenge");
            if complaints.expect("String", "challenge", &challenge, required, CHALLENGE_CODE) {
                if !(1..=CHALLENGE_MAX).contains(&challenge.length()) {
                    broken = Some((Reason::BadChallenge, ""));
                } else if !challenge.is_well_formed() {
                    // Its UTF-8 would no longer be the page's challenge.
                    broken = Some((Reason::BadChallenge, "challenge has a lone surrogate"));
                }
                options.challenge = challenge.text();
            }
            let modes = value.get("requestAuthModes");
            if complaints.expect("Array", "requestAuthModes", &modes, required, MODE_CODE) {
                for index in 0..modes.length().min(LIST_MAX) {
                    let name = concat(&["requestAuthModes[", &index.to_string(), "]"]);
                    complaints.expect("String", &name, &modes.at(index), true, MODE_CODE);
                }
                options.modes = Some(mode::known(&modes));
            }
            let auth_content = value.get("authContent");
            if complaints.expect("String", "authContent", &auth_content, false, AUTH_CONTENT_CODE) {
                if auth_content.length() > AUTH_CONTENT_MAX {
                    broken = broken.or(Some((Reason::BadAuthContent, "")));
                }
                options.auth_content = auth_content.text();
            }
        }
        match broken {
            _ if complaints.code != 0 => {
                Err(Failure::with_detail(Reason::BadParameter(complaints.code), complaints.text))
            }
            Some((reason, detail)) => Err(Failure::with_detail(reason, detail)),
            None => Ok(options),
        }
    }
}

/// The argument itself is no object: `parameter should be Object instead of String;`.
#[must_use]
pub fn not_an_object(type_name: &str) -> Failure {
    let complaint = concat(&["parameter should be Object instead of ", type_name, ";"]);
    Failure::with_detail(Reason::BadParameter(MODE_CODE), complaint)
}

/// Wrong types, collected: WeChat names them all in one message, with a semicolon after each. The code is the first's;
/// 0 where there is nothing to complain about.
#[derive(Default)]
struct Complaints {
    text: String,
    code: u32,
}

impl Complaints {
    /// Whether the value is there and of that type.
    fn expect(&mut self, expected: &str, name: &str, value: &impl Value, required: bool, code: u32) -> bool {
        let type_name = value.type_name();
        let fits = type_name == expected;
        if !fits && (required || type_name != "Undefined") {
            for part in ["parameter.", name, " should be ", expected, " instead of ", &type_name, ";"] {
                self.text.push_str(part);
            }
            if self.code == 0 {
                self.code = code;
            }
        }
        fits
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Options, not_an_object};
    use crate::api::Api;
    use crate::dialect::Dialect;
    use crate::failure::Reason;
    use crate::mode::AuthMode;
    use crate::value::Value;
    use proptest::prelude::*;
    use serde_json::json;

    fn start(options: serde_json::Value) -> Result<Options, (u32, String)> {
        Options::read(Api::Start, &Some(options), Dialect::Any)
            .map_err(|failure| (failure.reason().code(), failure.err_msg(Api::Start)))
    }

    #[test]
    fn nothing_is_required_by_default() {
        assert_eq!(start(json!({})), Ok(Options::default()));
    }

    #[test]
    fn both_dialects_are_read() {
        let options = json!({ "authContent": "pay", "challenge": "c", "requestAuthModes": ["facial"] });
        let read = start(options).unwrap();
        assert_eq!(read.auth_content, "pay");
        assert_eq!(read.challenge, "c");
        assert_eq!(read.modes, Some(vec![AuthMode::Facial]));
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

    /// Options whose challenge is a lone surrogate.
    enum LoneSurrogate {
        Options,
        Challenge,
        Undefined,
    }

    impl Value for LoneSurrogate {
        fn get(&self, name: &str) -> Self {
            if name == "challenge" { Self::Challenge } else { Self::Undefined }
        }

        fn at(&self, _index: u32) -> Self {
            Self::Undefined
        }

        fn type_name(&self) -> String {
            match self {
                Self::Options => "Object".into(),
                Self::Challenge => "String".into(),
                Self::Undefined => "Undefined".into(),
            }
        }

        fn text(&self) -> String {
            if let Self::Challenge = self { "\u{fffd}".into() } else { String::new() }
        }

        fn is_well_formed(&self) -> bool {
            false
        }

        fn number(&self) -> f64 {
            f64::NAN
        }

        fn length(&self) -> u32 {
            if let Self::Challenge = self { 1 } else { 0 }
        }
    }

    #[test]
    fn a_lone_surrogate_is_no_challenge() {
        let failure = Options::read(Api::Start, &LoneSurrogate::Options, Dialect::Any).unwrap_err();
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
        let failure = Options::read(Api::Start, &Some(json!({})), Dialect::Wechat).unwrap_err();
        assert_eq!(
            failure.err_msg(Api::Start),
            "startSoterAuthentication:fail parameter error: parameter.challenge should be String instead of Undefined;parameter.requestAuthModes should be Array instead of Undefined;"
        );
        let failure = Options::read(Api::CheckEnrolled, &Some(json!({})), Dialect::Wechat).unwrap_err();
        assert_eq!(
            failure.err_msg(Api::CheckEnrolled),
            "checkIsSoterEnrolledInDevice:fail parameter error: parameter.checkAuthMode should be String instead of Undefined;"
        );
        assert_eq!(Options::read(Api::CheckEnrolled, &Some(json!({})), Dialect::Any), Ok(Options::default()));
        assert_eq!(
            Options::read(Api::CheckEnrolled, &Some(json!({})), Dialect::Tcmpp),
            Ok(Options::default())
        );
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
                    prop_assert_eq!(options.challenge, challenge);
                    prop_assert_eq!(options.auth_content, auth_content);
                }
                Err((code, _)) => prop_assert_eq!(code, if challenge_fits { 90005 } else { 90004 }),
            }
        }
    }
}
