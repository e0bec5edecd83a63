//! The options of the calls: both dialects, and WeChat's rules and words for what is wrong with them.

use crate::api::Api;
use crate::dialect::Dialect;
use crate::failure::{Failure, Reason};
use crate::mode::{self, AuthMode};
use crate::snapshot::{Kind, Snapshot, Value};
use crate::text::concat;

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
}

impl Options {
    /// The callbacks that every call has. They are in the same snapshot; `answering.js` has read them.
    const CALLBACKS: [&'static str; 3] = ["success", "fail", "complete"];

    /// The members that the call has, besides its callbacks.
    #[must_use]
    pub const fn paths(api: Api) -> &'static str {
        match api {
            Api::Start => "challenge requestAuthModes authContent",
            Api::CheckSupport | Api::ForgetKey => "",
            Api::CheckEnrolled => "checkAuthMode",
        }
    }

    /// Reads and checks the options that the call has.
    ///
    /// # Errors
    /// A bad parameter for wrong types (all of them, in one message), then `BadChallenge`, then `BadAuthContent`.
    pub fn read(api: Api, value: &Snapshot<'_>, dialect: Dialect) -> Result<Self, Failure> {
        let mut complaints = Complaints::default();
        let mut options = Self::default();
        let mut broken = None;
        let required = dialect.demands_parameters();
        let itself = value.get("");
        if !itself.is_object_or_nothing() {
            complaints.add("parameter", itself, "Object", Reason::BadModeParameter);
        } else if api == Api::CheckEnrolled {
            let wanted = value.get("checkAuthMode");
            if complaints.expect("checkAuthMode", Kind::String, wanted, required, Reason::BadModeParameter) {
                options.modes = Some(mode::known(value, "checkAuthMode"));
            }
        } else if api == Api::Start {
            let challenge = value.get("challenge");
            if complaints.expect(
                "challenge",
                Kind::String,
                challenge,
                required,
                Reason::BadChallengeParameter,
            ) {
                if !(1..=CHALLENGE_MAX).contains(&challenge.length) {
                    broken = Some((Reason::BadChallenge, ""));
                } else if challenge.kind == Kind::MalformedString {
                    // Its UTF-8 would no longer be the page's challenge.
                    broken = Some((Reason::BadChallenge, "challenge has a lone surrogate"));
                }
                options.challenge = challenge.text().to_owned();
            }
            let modes = value.get("requestAuthModes");
            if complaints.expect("requestAuthModes", Kind::Array, modes, required, Reason::BadModeParameter) {
                for item in value.items("requestAuthModes") {
                    complaints.expect(item.name, Kind::String, item, true, Reason::BadModeParameter);
                }
                options.modes = Some(mode::known(value, "requestAuthModes"));
            }
            let auth_content = value.get("authContent");
            if complaints.expect(
                "authContent",
                Kind::String,
                auth_content,
                false,
                Reason::BadAuthContentParameter,
            ) {
                if auth_content.length > AUTH_CONTENT_MAX {
                    broken = broken.or(Some((Reason::BadAuthContent, "")));
                }
                options.auth_content = auth_content.text().to_owned();
            }
        }
        for name in Self::CALLBACKS {
            complaints.expect(name, Kind::Function, value.get(name), false, Reason::BadModeParameter);
        }
        match (complaints.reason, broken) {
            (Some(reason), _) => Err(Failure::with_detail(reason, &complaints.text)),
            (None, Some((reason, detail))) => Err(Failure::with_detail(reason, detail)),
            (None, None) => Ok(options),
        }
    }
}

/// Wrong types, collected: WeChat names them all in one message, with a semicolon after each. The reason is the
/// first's.
#[derive(Default)]
struct Complaints {
    text: String,
    reason: Option<Reason>,
}

impl Complaints {
    /// Whether the value is there and of that kind: a string, an array or a function.
    #[inline(never)]
    fn expect(
        &mut self,
        name: &str,
        expected: Kind,
        value: &Value<'_>,
        required: bool,
        reason: Reason,
    ) -> bool {
        let is_string = expected == Kind::String;
        let fits = value.kind == expected || is_string && value.kind == Kind::MalformedString;
        if !fits && (required || !value.is_undefined()) {
            let expected = match expected {
                Kind::String => "String",
                Kind::Array => "Array",
                _ => "Function",
            };
            self.add(&concat(&["parameter.", name]), value, expected, reason);
        }
        fits
    }

    fn add(&mut self, name: &str, value: &Value<'_>, expected: &str, reason: Reason) {
        let parts = [name, " should be ", expected, " instead of ", value.type_name, ";"];
        self.text.push_str(&concat(&parts));
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
    use crate::snapshot::{Snapshot, write};
    use proptest::prelude::*;
    use serde_json::json;

    fn read(api: Api, options: &serde_json::Value, dialect: Dialect) -> Result<Options, Failure> {
        let written = write(options, Options::paths(api)) + &write(options, &Options::CALLBACKS.join(" "));
        Options::read(api, &Snapshot::read(&written), dialect)
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

    #[test]
    fn a_lone_surrogate_is_no_challenge() {
        let written = write(&json!({ "challenge": "\u{fffd}" }), "challenge");
        let malformed = written.replace("\0s\0", "\0m\0");
        let failure = Options::read(Api::Start, &Snapshot::read(&malformed), Dialect::Any).unwrap_err();
        assert_eq!(failure.reason(), Reason::BadChallenge);
        assert!(Options::read(Api::Start, &Snapshot::read(&written), Dialect::Any).is_ok());
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
