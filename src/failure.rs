//! Why a call failed: WeChat's error codes and exact words, and a reason for people and `switch` statements.

use crate::api::Api;
use crate::mode::AuthMode;

/// Why, in the words of the table of errors in the README. Some share a spelling and differ in code or words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The page was not loaded over HTTPS (or from localhost).
    InsecureContext,
    /// The engine has no WebAuthn, or one from before Level 2.
    NoWebauthn,
    /// The page's host is an IP address, `file:` or an opaque origin, or does not match the RP id.
    InvalidHost,
    /// A permissions policy, or the lack of an iframe's `allow`, forbids WebAuthn here.
    BlockedByPolicy,
    /// There is no user-verifying platform authenticator, and the operating system ships none.
    NoPlatformAuthenticator,
    /// None of the requested modes is supported.
    ModeNotSupported,
    /// `challenge` is empty, over 512 characters, or not well-formed Unicode.
    BadChallenge,
    /// `authContent` is over 42 characters.
    BadAuthContent,
    /// Fields have the wrong type, first of them one about modes, a callback, or the options themselves; the detail says so
    /// in WeChat's wording.
    BadModeParameter,
    /// The same, first of them `challenge`.
    BadChallengeParameter,
    /// The same, first of them `authContent`.
    BadAuthContentParameter,
    /// The page's `onKeyCreated` refused the new key.
    EnrolmentRefused,
    /// Nothing came within `timeout` milliseconds.
    Timeout,
    /// Another authentication is open on this page or in this tab.
    Busy,
    /// The document lacked focus, which browsers demand.
    NotFocused,
    /// Something that should not happen; `detail` says what.
    Internal,
    /// The person cancelled.
    Cancelled,
    /// The browser's `NotAllowedError`, which hides which of cancel, no match and no key it was.
    NotAllowed,
    /// The authenticator responded, but the response does not hold.
    NotVerified,
    /// Too many wrong tries. No browser tells; devices in software do.
    LockedOut,
    /// The platform authenticator is there but not set up, and a finger was wanted.
    NoFingerPrintEnrolled,
    /// The same, and a face was wanted.
    NoFacialEnrolled,
    /// The same, and a voice was wanted.
    NoSpeechEnrolled,
}

impl Reason {
    /// Code, spelling and words. Codes and words are WeChat's to the letter, since programs compare them.
    const fn row(self) -> (u32, &'static str, &'static str) {
        match self {
            Self::InsecureContext => (90001, "insecure-context", "fail not support soter"),
            Self::NoWebauthn => (90001, "no-webauthn", "fail not support soter"),
            Self::InvalidHost => (90001, "invalid-host", "fail not support soter"),
            Self::BlockedByPolicy => (90001, "blocked-by-policy", "fail not support soter"),
            Self::NoPlatformAuthenticator => (90001, "no-platform-authenticator", "fail not support soter"),
            Self::ModeNotSupported => (90003, "mode-not-supported", "fail no corresponding mode"),
            Self::BadChallenge => (90004, "bad-challenge", "fail invalid challenge"),
            Self::BadAuthContent => (90005, "bad-auth-content", "fail invalid authContent"),
            Self::BadModeParameter => (90003, "bad-parameter", "fail parameter error: "),
            Self::BadChallengeParameter => (90004, "bad-parameter", "fail parameter error: "),
            Self::BadAuthContentParameter => (90005, "bad-parameter", "fail parameter error: "),
            Self::EnrolmentRefused => (90007, "enrolment-refused", "fail auth key update error"),
            Self::Timeout => (90007, "timeout", "fail timeout"),
            Self::Busy => (90007, "busy", "fail authenticate error: another authentication is in progress"),
            Self::NotFocused => (90007, "not-focused", "fail internal error"),
            Self::Internal => (90007, "internal", "fail internal error"),
            Self::Cancelled => (90008, "cancelled", "fail cancel"),
            Self::NotAllowed => (90008, "not-allowed", "fail cancel"),
            Self::NotVerified => (90009, "not-verified", "fail"),
            Self::LockedOut => (90010, "locked-out", "fail authenticate freeze. please try again later"),
            Self::NoFingerPrintEnrolled => (90011, "not-enrolled", "fail no fingerprint enrolled"),
            Self::NoFacialEnrolled => (90011, "not-enrolled", "fail no facial enrolled"),
            Self::NoSpeechEnrolled => (90011, "not-enrolled", "fail no speech enrolled"),
        }
    }

    /// The `errCode` field.
    #[must_use]
    pub const fn code(self) -> u32 {
        self.row().0
    }

    /// The spelling in the `reason` field.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.row().1
    }

    /// What follows `<call>:` in `errMsg`.
    fn words(self, api: Api) -> &'static str {
        let words = self.row().2;
        // The checks leave that word out.
        if api == Api::Start { words } else { words.strip_suffix(" soter").unwrap_or(words) }
    }

    /// Nothing of that mode is enrolled.
    #[must_use]
    pub const fn not_enrolled(mode: AuthMode) -> Self {
        match mode {
            AuthMode::FingerPrint => Self::NoFingerPrintEnrolled,
            AuthMode::Facial => Self::NoFacialEnrolled,
            AuthMode::Speech => Self::NoSpeechEnrolled,
        }
    }

    /// What to do, for whoever brought the calls to the page, where nobody knows more.
    const fn advice(self) -> &'static str {
        match self {
            Self::NoWebauthn => {
                "there is no WebAuthn here (no browser, a worker, an in-app browser): offer another way to log in"
            }
            Self::NoPlatformAuthenticator => {
                "no authenticator of this device answers: offer another way to log in, or let security keys and phones \
                 answer (authenticators: 'any')"
            }
            _ => "",
        }
    }

    const fn is_bad_parameter(self) -> bool {
        matches!(self, Self::BadModeParameter | Self::BadChallengeParameter | Self::BadAuthContentParameter)
    }
}

/// A call that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    reason: Reason,
    /// Empty where there is none.
    detail: String,
}

impl Failure {
    /// A failure with no further detail.
    #[must_use]
    pub const fn new(reason: Reason) -> Self {
        Self { reason, detail: String::new() }
    }

    /// A failure with what the browser said, or what to change.
    #[must_use]
    pub fn with_detail(reason: Reason, detail: &str) -> Self {
        Self { reason, detail: detail.to_owned() }
    }

    /// [`Reason::Internal`], with what happened.
    #[must_use]
    pub fn internal(detail: &str) -> Self {
        Self::with_detail(Reason::Internal, detail)
    }

    /// Why it failed.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// The browser's own name and message, or what to change.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        let detail = if self.detail.is_empty() { self.reason.advice() } else { &self.detail };
        // What is wrong with parameters is in `errMsg` already.
        (!self.reason.is_bad_parameter() && !detail.is_empty()).then_some(detail)
    }

    /// The whole `errMsg`.
    #[must_use]
    pub fn err_msg(&self, api: Api) -> String {
        let detail = if self.reason.is_bad_parameter() { &self.detail } else { "" };
        [api.name(), ":", self.reason.words(api), detail].concat()
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Failure, Reason};
    use crate::api::Api;
    use crate::mode::AuthMode;

    #[test]
    fn every_row_of_the_error_table() {
        let rows = [
            (Reason::InsecureContext, 90001, "insecure-context", "fail not support soter"),
            (Reason::NoWebauthn, 90001, "no-webauthn", "fail not support soter"),
            (Reason::InvalidHost, 90001, "invalid-host", "fail not support soter"),
            (Reason::BlockedByPolicy, 90001, "blocked-by-policy", "fail not support soter"),
            (Reason::NoPlatformAuthenticator, 90001, "no-platform-authenticator", "fail not support soter"),
            (Reason::ModeNotSupported, 90003, "mode-not-supported", "fail no corresponding mode"),
            (Reason::BadChallenge, 90004, "bad-challenge", "fail invalid challenge"),
            (Reason::BadAuthContent, 90005, "bad-auth-content", "fail invalid authContent"),
            (Reason::BadModeParameter, 90003, "bad-parameter", "fail parameter error: "),
            (Reason::BadChallengeParameter, 90004, "bad-parameter", "fail parameter error: "),
            (Reason::BadAuthContentParameter, 90005, "bad-parameter", "fail parameter error: "),
            (Reason::EnrolmentRefused, 90007, "enrolment-refused", "fail auth key update error"),
            (Reason::Timeout, 90007, "timeout", "fail timeout"),
            (Reason::Busy, 90007, "busy", "fail authenticate error: another authentication is in progress"),
            (Reason::NotFocused, 90007, "not-focused", "fail internal error"),
            (Reason::Internal, 90007, "internal", "fail internal error"),
            (Reason::Cancelled, 90008, "cancelled", "fail cancel"),
            (Reason::NotAllowed, 90008, "not-allowed", "fail cancel"),
            (Reason::NotVerified, 90009, "not-verified", "fail"),
            (Reason::LockedOut, 90010, "locked-out", "fail authenticate freeze. please try again later"),
            (
                Reason::not_enrolled(AuthMode::FingerPrint),
                90011,
                "not-enrolled",
                "fail no fingerprint enrolled",
            ),
            (Reason::not_enrolled(AuthMode::Facial), 90011, "not-enrolled", "fail no facial enrolled"),
            (Reason::not_enrolled(AuthMode::Speech), 90011, "not-enrolled", "fail no speech enrolled"),
        ];
        for (reason, code, name, words) in rows {
            let failure = Failure::new(reason);
            assert_eq!((reason.code(), reason.as_str()), (code, name));
            assert_eq!(failure.err_msg(Api::Start), format!("startSoterAuthentication:{words}"));
        }
    }

    #[test]
    fn the_checks_say_not_support_without_soter() {
        let failure = Failure::new(Reason::NoWebauthn);
        assert_eq!(failure.err_msg(Api::CheckSupport), "checkIsSupportSoterAuthentication:fail not support");
        assert_eq!(failure.err_msg(Api::CheckEnrolled), "checkIsSoterEnrolledInDevice:fail not support");
    }

    #[test]
    fn where_nobody_says_why_there_is_advice() {
        for reason in [Reason::NoWebauthn, Reason::NoPlatformAuthenticator] {
            assert!(Failure::new(reason).detail().unwrap().contains("offer another way to log in"));
            assert_eq!(Failure::with_detail(reason, "why").detail(), Some("why"));
        }
        assert_eq!(Failure::new(Reason::Cancelled).detail(), None);
    }

    #[test]
    fn parameter_errors_use_wechats_wording() {
        let failure = Failure::with_detail(
            Reason::BadChallengeParameter,
            "parameter.challenge should be String instead of Number;",
        );
        assert_eq!(
            failure.err_msg(Api::Start),
            "startSoterAuthentication:fail parameter error: parameter.challenge should be String instead of Number;"
        );
        assert_eq!((failure.reason().code(), failure.reason().as_str()), (90004, "bad-parameter"));
    }
}
