//! The options of the calls: both dialects, and WeChat's rules and words for what is wrong with them.

use crate::api::Api;
use crate::dialect::Dialect;
use crate::failure::{Failure, Reason};
use crate::mode::{self, AuthMode};
use crate::value::{Members, Value};

/// The longest `challenge`, in UTF-16 code units (`string.length`). WeChat says 512 "characters".
pub const CHALLENGE_MAX: u32 = 512;
/// The longest `authContent`, in UTF-16 code units. WeChat says 42 "characters".
pub const AUTH_CONTENT_MAX: u32 = 42;

/// The options of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What the person is asked for; shown by the prompt.
    pub auth_content: String,
    /// What the result signs. Empty where there is nothing to sign, and then there is no signed result.
    pub challenge: String,
    /// The modes to choose from, in order of preference: `requestAuthModes`, or the one of `checkAuthMode`.
    pub modes: Option<Vec<AuthMode>>,
    /// The first of them that is no mode; empty where there is none.
    pub unknown_mode: String,
    /// Whether `forgetKey` tells the platform that no server knows the key.
    pub signal_unknown_credential: bool,
}

/// What a parameter has to be, in WeChat's words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    String,
    Array,
    Function,
}

impl Type {
    const fn name(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Array => "Array",
            Self::Function => "Function",
        }
    }

    const fn fits(self, value: &Value) -> bool {
        match self {
            Self::String => matches!(value, Value::String(_)),
            Self::Array => matches!(value, Value::Array(..)),
            Self::Function => matches!(value, Value::Function),
        }
    }
}

impl Options {
    /// Reads and checks the options that the call has, and the callbacks as they were read of them.
    ///
    /// # Errors
    /// A bad parameter for wrong types (all of them, in one message), then `BadChallenge`, then `BadAuthContent`.
    pub fn read(
        api: Api,
        options: &impl Members,
        callbacks: &impl Members,
        dialect: Dialect,
    ) -> Result<Self, Failure> {
        let mut types = TypeErrors::default();
        let mut read = Self::default();
        let mut invalid = None;
        let required = dialect.demands_parameters();
        let itself = options.itself();
        if !matches!(itself, Value::Object(_) | Value::Null | Value::Undefined) {
            types.add("parameter", &itself, "Object", Reason::BadModeParameter);
        } else if api == Api::CheckEnrolled {
            let mode = options.get("checkAuthMode");
            if types.expect("checkAuthMode", Type::String, &mode, required, Reason::BadModeParameter) {
                read.unknown_mode = mode::first_unknown([&mode]);
                read.modes = Some(mode::known([&mode]));
            }
        } else if api == Api::Start {
            let challenge = options.get("challenge");
            types.expect("challenge", Type::String, &challenge, required, Reason::BadChallengeParameter);
            if let Value::String(challenge) = challenge {
                if !(1..=CHALLENGE_MAX).contains(&challenge.units) {
                    invalid = Some((Reason::BadChallenge, ""));
                } else if !challenge.is_well_formed {
                    // Its UTF-8 would no longer be the page's challenge.
                    invalid = Some((Reason::BadChallenge, "challenge has a lone surrogate"));
                }
                read.challenge = challenge.text;
            }
            let modes = options.get("requestAuthModes");
            types.expect("requestAuthModes", Type::Array, &modes, required, Reason::BadModeParameter);
            if let Value::Array(_, items) = modes {
                for (index, item) in items.iter().enumerate() {
                    let name = format!("requestAuthModes[{index}]");
                    types.expect(&name, Type::String, item, true, Reason::BadModeParameter);
                }
                read.unknown_mode = mode::first_unknown(&items);
                read.modes = Some(mode::known(&items));
            }
            let auth_content = options.get("authContent");
            types.expect("authContent", Type::String, &auth_content, false, Reason::BadAuthContentParameter);
            if let Value::String(auth_content) = auth_content {
                if auth_content.units > AUTH_CONTENT_MAX {
                    invalid = invalid.or(Some((Reason::BadAuthContent, "")));
                }
                read.auth_content = auth_content.text;
            }
        }
        if api == Api::ForgetKey {
            read.signal_unknown_credential = options.get("signalUnknownCredential").is_true();
        }
        for name in ["success", "fail", "complete"] {
            types.expect(name, Type::Function, &callbacks.get(name), false, Reason::BadModeParameter);
        }
        match (types.reason, invalid) {
            (Some(reason), _) => Err(Failure::with_detail(reason, &types.text)),
            (None, Some((reason, detail))) => Err(Failure::with_detail(reason, detail)),
            (None, None) => Ok(read),
        }
    }
}

/// Wrong types, collected: WeChat names them all in one message, with a semicolon after each. The reason is the
/// first's.
#[derive(Default)]
struct TypeErrors {
    text: String,
    reason: Option<Reason>,
}

impl TypeErrors {
    /// Whether the value is there and of that type.
    fn expect(&mut self, name: &str, expected: Type, value: &Value, required: bool, reason: Reason) -> bool {
        let fits = expected.fits(value);
        if !fits && (required || !value.is_undefined()) {
            self.add(&["parameter.", name].concat(), value, expected.name(), reason);
        }
        fits
    }

    fn add(&mut self, name: &str, value: &Value, expected: &str, reason: Reason) {
        self.text += &[name, " should be ", expected, " instead of ", value.type_name(), ";"].concat();
        self.reason = self.reason.or(Some(reason));
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::Options;
    use crate::api::Api;
    use crate::dialect::Dialect;
    use crate::failure::{Failure, Reason};
    use crate::mode::AuthMode;
    use crate::value::{Members, Text, Value};
    use proptest::prelude::*;
    use serde_json::json;

    fn read(api: Api, options: &serde_json::Value, dialect: Dialect) -> Result<Options, Failure> {
        Options::read(api, options, options, dialect)
    }

    fn start(options: serde_json::Value) -> Result<Options, (u32, String)> {
        read(Api::Start, &options, Dialect::Any)
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

    struct Challenge(bool);

    impl Members for Challenge {
        fn itself(&self) -> Value {
            Value::Object("Object".into())
        }

        fn get(&self, path: &str) -> Value {
            match path {
                "challenge" => {
                    Value::String(Text { text: "\u{fffd}".into(), units: 1, is_well_formed: self.0 })
                }
                _ => Value::Undefined,
            }
        }
    }

    #[test]
    fn a_lone_surrogate_is_no_challenge() {
        let read =
            |is_well_formed| Options::read(Api::Start, &Challenge(is_well_formed), &json!({}), Dialect::Any);
        assert_eq!(read(false).unwrap_err().reason(), Reason::BadChallenge);
        assert!(read(true).is_ok());
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
    fn a_callback_that_is_no_function_is_named() {
        // As hosts hand them over that number their callbacks.
        let options = json!({ "success": "callback_1", "fail": 2, "complete": {} });
        let words = "parameter.success should be Function instead of String;\
                     parameter.fail should be Function instead of Number;\
                     parameter.complete should be Function instead of Object;";
        for api in Api::ALL {
            let failure = read(api, &options, Dialect::Any).unwrap_err();
            assert_eq!((failure.reason().code(), failure.reason().as_str()), (90003, "bad-parameter"));
            assert_eq!(failure.err_msg(api), format!("{}:fail parameter error: {words}", api.name()));
        }
    }

    #[test]
    fn of_several_wrong_types_the_first_has_the_code() {
        assert_eq!(
            start(json!({ "success": true, "authContent": 1 })),
            Err((
                90005,
                "startSoterAuthentication:fail parameter error: \
                 parameter.authContent should be String instead of Number;\
                 parameter.success should be Function instead of Boolean;"
                    .to_owned()
            ))
        );
        let too_long = json!({ "success": true, "authContent": "x".repeat(43) });
        assert_eq!(start(too_long).unwrap_err().0, 90003, "a wrong type comes before a wrong length");
    }

    #[test]
    fn the_wechat_dialect_demands_what_wechat_demands() {
        let failure = read(Api::Start, &json!({}), Dialect::Wechat).unwrap_err();
        assert_eq!(
            failure.err_msg(Api::Start),
            "startSoterAuthentication:fail parameter error: parameter.challenge should be String instead of Undefined;parameter.requestAuthModes should be Array instead of Undefined;"
        );
        let failure = read(Api::CheckEnrolled, &json!({}), Dialect::Wechat).unwrap_err();
        assert_eq!(
            failure.err_msg(Api::CheckEnrolled),
            "checkIsSoterEnrolledInDevice:fail parameter error: parameter.checkAuthMode should be String instead of Undefined;"
        );
        assert_eq!(read(Api::CheckEnrolled, &json!({}), Dialect::Any), Ok(Options::default()));
        assert_eq!(read(Api::CheckEnrolled, &json!({}), Dialect::Tcmpp), Ok(Options::default()));
    }

    #[test]
    fn an_argument_that_is_no_object_is_named() {
        for (argument, type_name) in [(json!("x"), "String"), (json!(1), "Number"), (json!([]), "Array")] {
            let words = format!(
                "startSoterAuthentication:fail parameter error: parameter should be Object instead of {type_name};"
            );
            assert_eq!(start(argument), Err((90003, words)));
        }
        assert!(start(json!(null)).is_ok());
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
