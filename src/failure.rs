//! Why a call failed: WeChat's error codes and exact words, and a reason for people and `switch` statements.

use crate::api::Api;
use crate::mode::AuthMode;
use crate::text::concat;

/// The `reason` field. Each has one `errCode`; together they are the table of errors in the README.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// A field has the wrong type, and the detail says so in WeChat's wording; carries WeChat's code for that field.
    BadParameter(u32),
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
    /// The authenticator answered, but the answer does not hold.
    NotVerified,
    /// Too many wrong tries. No browser tells; devices in software do.
    LockedOut,
    /// The platform authenticator is there but not set up, for this mode.
    NotEnrolled(AuthMode),
}

impl Reason {
    /// The spelling in the `reason` field.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InsecureContext => "insecure-context",
            Self::NoWebauthn => "no-webauthn",
            Self::InvalidHost => "invalid-host",
            Self::BlockedByPolicy => "blocked-by-policy",
            Self::NoPlatformAuthenticator => "no-platform-authenticator",
            Self::ModeNotSupported => "mode-not-supported",
            Self::BadChallenge => "bad-challenge",
            Self::BadAuthContent => "bad-auth-content",
            Self::BadParameter(_) => "bad-parameter",
            Self::EnrolmentRefused => "enrolment-refused",
            Self::Timeout => "timeout",
            Self::Busy => "busy",
            Self::NotFocused => "not-focused",
            Self::Internal => "internal",
            Self::Cancelled => "cancelled",
            Self::NotAllowed => "not-allowed",
            Self::NotVerified => "not-verified",
            Self::LockedOut => "locked-out",
            Self::NotEnrolled(_) => "not-enrolled",
        }
    }

    /// The `errCode` field: WeChat's numbers.
    #[must_use]
    pub const fn code(self) -> u32 {
        match self {
            Self::InsecureContext
            | Self::NoWebauthn
            | Self::InvalidHost
            | Self::BlockedByPolicy
            | Self::NoPlatformAuthenticator => 90001,
            Self::ModeNotSupported => 90003,
            Self::BadChallenge => 90004,
            Self::BadAuthContent => 90005,
            Self::BadParameter(code) => code,
            Self::EnrolmentRefused | Self::Timeout | Self::Busy | Self::NotFocused | Self::Internal => 90007,
            Self::Cancelled | Self::NotAllowed => 90008,
            Self::NotVerified => 90009,
            Self::LockedOut => 90010,
            Self::NotEnrolled(_) => 90011,
        }
    }

    /// What follows `<call>:` in `errMsg`. Programs compare these words, so they are WeChat's to the letter.
    fn words(self, api: Api) -> String {
        let words = match self {
            Self::InsecureContext
            | Self::NoWebauthn
            | Self::InvalidHost
            | Self::BlockedByPolicy
            | Self::NoPlatformAuthenticator => match api {
                Api::Start => "fail not support soter",
                Api::CheckSupport | Api::CheckEnrolled => "fail not support",
            },
            Self::ModeNotSupported => "fail no corresponding mode",
            Self::BadChallenge => "fail invalid challenge",
            Self::BadAuthContent => "fail invalid authContent",
            Self::BadParameter(_) => "fail parameter error",
            Self::EnrolmentRefused => "fail auth key update error",
            Self::Timeout => "fail timeout",
            Self::Busy => "fail authenticate error: another authentication is in progress",
            Self::NotFocused | Self::Internal => "fail internal error",
            Self::Cancelled | Self::NotAllowed => "fail cancel",
            Self::NotVerified => "fail",
            Self::LockedOut => "fail authenticate freeze. please try again later",
            Self::NotEnrolled(mode) => return concat(&["fail no ", mode.enrolled_word(), " enrolled"]),
        };
        words.to_owned()
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
    #[inline(never)]
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
        // What is wrong with parameters is in `errMsg` already.
        (!matches!(self.reason, Reason::BadParameter(_)) && !self.detail.is_empty()).then_some(&self.detail)
    }

    /// The whole `errMsg`.
    #[must_use]
    pub fn err_msg(&self, api: Api) -> String {
        let mut message = concat(&[api.name(), ":", &self.reason.words(api)]);
        if let Reason::BadParameter(_) = self.reason {
            message.push_str(": ");
            message.push_str(&self.detail);
        }
        message
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
                Reason::NotEnrolled(AuthMode::FingerPrint),
                90011,
                "not-enrolled",
                "fail no fingerprint enrolled",
            ),
            (Reason::NotEnrolled(AuthMode::Facial), 90011, "not-enrolled", "fail no facial enrolled"),
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
    fn parameter_errors_use_wechats_wording() {
        let failure = Failure::with_detail(
            Reason::BadParameter(90004),
            "parameter.challenge should be String instead of Number;",
        );
        assert_eq!(
            failure.err_msg(Api::Start),
            "startSoterAuthentication:fail parameter error: parameter.challenge should be String instead of Number;"
        );
        assert_eq!((failure.reason().code(), failure.reason().as_str()), (90004, "bad-parameter"));
    }
}
