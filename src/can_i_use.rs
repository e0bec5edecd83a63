//! `canIUse`: which calls, options, results and values are really there.

/// Every schema under which something is there, in WeChat's form `api.kind.name.value`. A shorter schema that begins
/// one of these is there too.
const SCHEMAS: &str = "\
startSoterAuthentication.object.authContent
startSoterAuthentication.object.challenge
startSoterAuthentication.object.requestAuthModes.fingerPrint
startSoterAuthentication.object.requestAuthModes.facial
startSoterAuthentication.object.success
startSoterAuthentication.object.fail
startSoterAuthentication.object.complete
startSoterAuthentication.success.errMsg
startSoterAuthentication.success.errCode
startSoterAuthentication.success.authMode.fingerPrint
startSoterAuthentication.success.authMode.facial
startSoterAuthentication.success.resultJSON
startSoterAuthentication.success.resultJSONSignature
checkIsSupportSoterAuthentication.object.success
checkIsSupportSoterAuthentication.object.fail
checkIsSupportSoterAuthentication.object.complete
checkIsSupportSoterAuthentication.success.errMsg
checkIsSupportSoterAuthentication.success.errCode
checkIsSupportSoterAuthentication.success.supportMode.fingerPrint
checkIsSupportSoterAuthentication.success.supportMode.facial
checkIsSoterEnrolledInDevice.object.checkAuthMode.fingerPrint
checkIsSoterEnrolledInDevice.object.checkAuthMode.facial
checkIsSoterEnrolledInDevice.object.success
checkIsSoterEnrolledInDevice.object.fail
checkIsSoterEnrolledInDevice.object.complete
checkIsSoterEnrolledInDevice.success.errMsg
checkIsSoterEnrolledInDevice.success.errCode
checkIsSoterEnrolledInDevice.success.isEnrolled
canIUse
";

/// Whether the schema names something that is there.
#[must_use]
pub fn can_i_use(schema: &str) -> bool {
    let is_there =
        |known: &str| known.strip_prefix(schema).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    !schema.is_empty() && SCHEMAS.lines().any(is_there)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::can_i_use;
    use crate::api::Api;

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
    fn every_call_takes_an_object_with_callbacks() {
        for api in Api::ALL {
            for member in ["", ".success", ".fail", ".complete"] {
                let schema = format!("{}.object{member}", api.name());
                assert!(can_i_use(&schema), "{schema}");
            }
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
