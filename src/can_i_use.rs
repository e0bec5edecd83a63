//! `canIUse`: which calls, options, results and values are really there.

/// Every schema under which something is there, in WeChat's form `api.kind.name.value`. A shorter schema that begins
/// one of these is there too.
const SCHEMAS: [&str; 20] = [
    "startSoterAuthentication.object.authContent",
    "startSoterAuthentication.object.challenge",
    "startSoterAuthentication.object.requestAuthModes.fingerPrint",
    "startSoterAuthentication.object.requestAuthModes.facial",
    "startSoterAuthentication.success.errMsg",
    "startSoterAuthentication.success.errCode",
    "startSoterAuthentication.success.authMode.fingerPrint",
    "startSoterAuthentication.success.authMode.facial",
    "startSoterAuthentication.success.resultJSON",
    "startSoterAuthentication.success.resultJSONSignature",
    "checkIsSupportSoterAuthentication.success.errMsg",
    "checkIsSupportSoterAuthentication.success.errCode",
    "checkIsSupportSoterAuthentication.success.supportMode.fingerPrint",
    "checkIsSupportSoterAuthentication.success.supportMode.facial",
    "checkIsSoterEnrolledInDevice.object.checkAuthMode.fingerPrint",
    "checkIsSoterEnrolledInDevice.object.checkAuthMode.facial",
    "checkIsSoterEnrolledInDevice.success.errMsg",
    "checkIsSoterEnrolledInDevice.success.errCode",
    "checkIsSoterEnrolledInDevice.success.isEnrolled",
    "canIUse",
];

/// Callback options, which every call takes: `startSoterAuthentication.object.success`.
const CALLBACKS: [&str; 3] = ["success", "fail", "complete"];

/// Whether the schema names something that is there.
#[must_use]
pub fn can_i_use(schema: &str) -> bool {
    let begins = |whole: &&str| {
        whole
            .strip_prefix(schema)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    if SCHEMAS.iter().any(|whole| begins(&whole)) {
        return true;
    }
    schema.split_once(".object.").is_some_and(|(api, option)| {
        CALLBACKS.contains(&option)
            && api.contains("Soter")
            && SCHEMAS.iter().any(|whole| whole.split('.').next() == Some(api))
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
