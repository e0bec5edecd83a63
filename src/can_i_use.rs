//! `canIUse`: which calls, options, results and values are really there.

use crate::text::{concat, contains};

/// Every schema under which something is there, in WeChat's form `api.kind.name.value`. A shorter schema that begins
/// one of these is there too.
const SCHEMAS: &str = "
startSoterAuthentication.object.authContent
startSoterAuthentication.object.challenge
startSoterAuthentication.object.requestAuthModes.fingerPrint
startSoterAuthentication.object.requestAuthModes.facial
startSoterAuthentication.success.errMsg
startSoterAuthentication.success.errCode
startSoterAuthentication.success.authMode.fingerPrint
startSoterAuthentication.success.authMode.facial
startSoterAuthentication.success.resultJSON
startSoterAuthentication.success.resultJSONSignature
checkIsSupportSoterAuthentication.success.errMsg
checkIsSupportSoterAuthentication.success.errCode
checkIsSupportSoterAuthentication.success.supportMode.fingerPrint
checkIsSupportSoterAuthentication.success.supportMode.facial
checkIsSoterEnrolledInDevice.object.checkAuthMode.fingerPrint
checkIsSoterEnrolledInDevice.object.checkAuthMode.facial
checkIsSoterEnrolledInDevice.success.errMsg
checkIsSoterEnrolledInDevice.success.errCode
checkIsSoterEnrolledInDevice.success.isEnrolled
canIUse
";

/// Callback options, which every call takes: `startSoterAuthentication.object.success`; so every call takes an object.
const CALLBACKS: [&str; 4] = [".object", ".object.success", ".object.fail", ".object.complete"];

/// Whether the schema names something that is there.
#[must_use]
pub fn can_i_use(schema: &str) -> bool {
    let is_there =
        |schema: &str| [".", "\n"].iter().any(|end| contains(SCHEMAS, &concat(&["\n", schema, end])));
    let is_one = !contains(schema, "\n");
    is_one && is_there(schema)
        || CALLBACKS.iter().filter_map(|suffix| schema.strip_suffix(suffix)).any(|api| {
            // The calls have a result, and nothing else has.
            is_one && is_there(&concat(&[api, ".success"]))
        })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::can_i_use;

    #[test]
    fn what_is_there_can_be_used() {
        for schema in [
            "startSoterAuthentication",
            "startSoterAuthentication.object",
            "startSoterAuthentication.object.challenge",
            "startSoterAuthentication.object.requestAuthModes.facial",
            "startSoterAuthentication.object.success",
            "startSoterAuthentication.success.resultJSONSignature",
            "checkIsSupportSoterAuthentication",
            "checkIsSupportSoterAuthentication.object.complete",
            "checkIsSoterEnrolledInDevice.success.isEnrolled",
            "canIUse",
        ] {
            assert!(can_i_use(schema), "{schema}");
        }
    }

    #[test]
    fn what_is_not_there_cannot() {
        for schema in [
            "",
            ".",
            "start",
            "startSoterAuthentication.",
            "startSoterAuthentication.object.chal",
            "startSoterAuthentication.object.requestAuthModes.speech",
            "startSoterAuthentication.object.timeout",
            "startSoterAuthentication.return",
            "checkIsSupportSoterAuthentication.object.challenge",
            "canIUse.object.success",
            "getSystemInfo",
            "toString",
        ] {
            assert!(!can_i_use(schema), "{schema}");
        }
    }
}
