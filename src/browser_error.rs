//! What browsers mean by the errors that they reject a WebAuthn call with. Read from top to bottom, the first row that
//! fits decides.
//!
//! Blink: `authentication_credentials_container.cc`, `AuthenticatorStatusToDOMException`. Gecko:
//! `CredentialsContainer.cpp`, `WebAuthnHandler.cpp`. WebKit: `CredentialsContainer.cpp`,
//! `AuthenticatorCoordinator.cpp`, `AuthenticatorManager.cpp`.

use crate::failure::Reason;
use crate::text::contains;

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What it comes down to.
    pub meaning: Meaning,
    /// The browser's own words.
    pub detail: String,
}

/// What a refusal comes down to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Anything that has a reason of its own.
    Fails(Reason),
    /// The excluded key is still there.
    AlreadyThere,
    /// Gecko, before it asks anybody: the page has no focus, or may not do this here.
    Forbidden,
    /// The browser wants a click first.
    NeedsActivation,
    /// No user verification is set up.
    NotSetUp,
    /// Cancelled, not matched, or no such key: browsers do not say which, on purpose.
    Unexplained,
    /// The person declined, or so the authenticator says.
    Declined,
    /// Something failed between the browser and the authenticator: a key manager, an extension, a driver.
    Broken,
    /// No platform authenticator is set up, which a device in software knows for certain.
    Unavailable,
}

impl Meaning {
    /// Whether a key may be missing behind it: all that neither the page has caused nor our own prompt.
    #[must_use]
    pub const fn may_mean_a_missing_key(self) -> bool {
        matches!(
            self,
            AlreadyThere
                | NeedsActivation
                | NotSetUp
                | Unexplained
                | Declined
                | Broken
                | Fails(Reason::Timeout | Reason::NoPlatformAuthenticator)
        )
    }
}

use Meaning::{AlreadyThere, Broken, Declined, Fails, Forbidden, NeedsActivation, NotSetUp, Unexplained};

/// The error's name, a part of its message (all, where empty), and the meaning.
static TABLE: [(&str, &str, Meaning); 21] = [
    // Blink, "The 'publickey-credentials-get' feature is not enabled in this document."
    ("NotAllowedError", "feature is not enabled in this document", Fails(Reason::BlockedByPolicy)),
    // WebKit, create in any cross-origin iframe: "The origin of the document is not the same as its ancestors."
    ("NotAllowedError", "not the same as its ancestors", Fails(Reason::BlockedByPolicy)),
    // Blink, OPAQUE_DOMAIN: a sandboxed iframe, for one.
    ("NotAllowedError", "opaque origin", Fails(Reason::InvalidHost)),
    // Blink, CERTIFICATE_ERROR.
    ("NotAllowedError", "TLS certificate errors", Fails(Reason::InsecureContext)),
    // Blink, NOT_FOCUSED: "… because the page does not have focus."
    ("NotAllowedError", "does not have focus", Fails(Reason::NotFocused)),
    // WebKit: "The document is not focused."
    ("NotAllowedError", "is not focused", Fails(Reason::NotFocused)),
    // Gecko, a document that is not in the active tab: "CredentialsContainer request is not allowed.", once without the
    // s. It says the same of an iframe without `allow`, and of create in a cross-origin iframe without a click.
    ("NotAllowedError", "Container request is not allowed", Forbidden),
    // Blink, create in a cross-origin iframe without a click.
    ("NotAllowedError", "A user activation is required", NeedsActivation),
    // WebKit: another request of the page took over.
    ("NotAllowedError", "cancelled by a new request", Fails(Reason::Busy)),
    // WebKit, `AuthenticatorManager::timeOutTimerFired`. The words that others use hide what it was.
    ("NotAllowedError", "Operation timed out", Fails(Reason::Timeout)),
    // All: cancel, time-out, no match, no such key (WebAuthn Level 3, §14.5).
    ("NotAllowedError", "", Unexplained),
    // Gecko: the person declined (bug 1942902, w3c/webauthn#2240), or another request took over. Our own aborts never
    // come here, since nobody waits for them any more.
    ("AbortError", "", Declined),
    // All: the excluded key is on the authenticator (WebAuthn Level 3, §5.1.3).
    ("InvalidStateError", "", AlreadyThere),
    // Blink, PENDING_REQUEST: another script or frame of this tab is at it.
    ("OperationError", "already pending", Fails(Reason::Busy)),
    // Blink, INVALID_PROTOCOL: "Public-key credentials are only available to HTTPS origins …"
    ("SecurityError", "HTTPS origins", Fails(Reason::InsecureContext)),
    // All: the host is none for WebAuthn, or the RP id does not belong to it.
    ("SecurityError", "", Fails(Reason::InvalidHost)),
    // Blink on Android, USER_VERIFICATION_UNSUPPORTED: "… unless the device is secured with a screen lock."
    ("NotSupportedError", "screen lock", NotSetUp),
    // Blink, ANDROID_NOT_SUPPORTED_ERROR, ALGORITHM_UNSUPPORTED and others.
    ("NotSupportedError", "", Fails(Reason::NoPlatformAuthenticator)),
    // All: no authenticator that verifies users (WebAuthn Level 3, §6.3.2 step 5).
    ("ConstraintError", "", NotSetUp),
    // Proposed for all (w3c/webauthn#2095).
    ("TimeoutError", "", Fails(Reason::Timeout)),
    // Blink, UNKNOWN_ERROR (NotReadableError), anything else, and anything that is no DOMException.
    ("", "", Broken),
];

/// WebKit before 17.4 refuses a call without a fresh click in the words of a person's cancel, but faster than a person
/// can: at once, before any dialog. In milliseconds.
const FASTER_THAN_A_PERSON_MS: u32 = 100;

/// An error as one line.
#[must_use]
pub fn line(name: &str, message: &str) -> String {
    if name.is_empty() { message.to_owned() } else { [name, ": ", message].concat() }
}

/// Explains an error by its `name` and `message`, and by how many milliseconds the call took.
#[must_use]
pub fn explain(name: &str, message: &str, elapsed_ms: u32) -> Refusal {
    let is_too_fast = contains(message, "cancelled by the user") && elapsed_ms < FASTER_THAN_A_PERSON_MS;
    let fits = |(error, part, _): &&(&str, &str, Meaning)| {
        (error.is_empty() || *error == name) && contains(message, part)
    };
    let row = TABLE.iter().find(fits);
    let meaning = if is_too_fast { NeedsActivation } else { row.map_or(Broken, |(_, _, meaning)| *meaning) };
    Refusal { meaning, detail: line(name, message) }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Meaning, TABLE, explain};

    fn reason(name: &str, message: &str) -> &'static str {
        match explain(name, message, 500).meaning {
            Meaning::AlreadyThere => "already-there",
            Meaning::Forbidden => "forbidden",
            Meaning::NeedsActivation => "needs-activation",
            Meaning::NotSetUp => "not-set-up",
            Meaning::Unexplained => "unexplained",
            Meaning::Declined => "declined",
            Meaning::Broken => "broken",
            Meaning::Unavailable => "unavailable",
            Meaning::Fails(reason) => reason.as_str(),
        }
    }

    #[test]
    fn the_browsers_own_words_are_understood() {
        let rows = [
            (
                "NotAllowedError",
                "The 'publickey-credentials-get' feature is not enabled in this document. Permissions Policy may be used to delegate Web Authentication capabilities to cross-origin child frames.",
                "blocked-by-policy",
            ),
            (
                "NotAllowedError",
                "The origin of the document is not the same as its ancestors.",
                "blocked-by-policy",
            ),
            (
                "NotAllowedError",
                "The current origin is an opaque origin and hence not allowed to access 'PublicKeyCredential' objects.",
                "invalid-host",
            ),
            (
                "NotAllowedError",
                "WebAuthn is not supported on sites with TLS certificate errors.",
                "insecure-context",
            ),
            (
                "NotAllowedError",
                "The operation is not allowed at this time because the page does not have focus.",
                "not-focused",
            ),
            ("NotAllowedError", "The document is not focused.", "not-focused"),
            ("NotAllowedError", "CredentialContainer request is not allowed.", "forbidden"),
            ("NotAllowedError", "CredentialsContainer request is not allowed.", "forbidden"),
            (
                "NotAllowedError",
                "A user activation is required to create a credential in a cross-origin iframe.",
                "needs-activation",
            ),
            ("NotAllowedError", "This request has been cancelled by a new request.", "busy"),
            ("NotAllowedError", "This request has been cancelled by the user.", "unexplained"),
            (
                "NotAllowedError",
                "The operation either timed out or was not allowed. See: https://www.w3.org/TR/webauthn-2/#sctn-privacy-considerations-client.",
                "unexplained",
            ),
            ("AbortError", "The operation was aborted. ", "declined"),
            ("InvalidStateError", "", "already-there"),
            ("OperationError", "A request is already pending.", "busy"),
            ("OperationError", "Something else.", "broken"),
            (
                "SecurityError",
                "Public-key credentials are only available to HTTPS origins or HTTP origins that fall under 'localhost'.",
                "insecure-context",
            ),
            ("SecurityError", "This is an invalid domain.", "invalid-host"),
            ("SecurityError", "The operation is insecure.", "invalid-host"),
            (
                "NotSupportedError",
                "The specified `userVerification` requirement cannot be fulfilled by this device unless the device is secured with a screen lock.",
                "not-set-up",
            ),
            ("NotSupportedError", "None of the algorithms are supported.", "no-platform-authenticator"),
            ("ConstraintError", "", "not-set-up"),
            ("TimeoutError", "", "timeout"),
            (
                "NotReadableError",
                "An unknown error occurred while talking to the credential manager.",
                "broken",
            ),
            ("UnknownError", "", "broken"),
            ("", "just a string", "broken"),
        ];
        for (name, message, expected) in rows {
            assert_eq!(reason(name, message), expected, "{name}: {message}");
        }
    }

    #[test]
    fn a_cancel_faster_than_a_person_is_safari_wanting_a_click() {
        let refusal = explain("NotAllowedError", "This request has been cancelled by the user.", 3);
        assert_eq!(refusal.meaning, Meaning::NeedsActivation);
    }

    #[test]
    fn failures_say_what_the_browser_said() {
        let refusal = explain("NotReadableError", "why", 1);
        assert_eq!(refusal.meaning, Meaning::Broken);
        assert_eq!(refusal.detail, "NotReadableError: why");
    }

    #[test]
    fn every_row_can_be_reached() {
        for (at, (name, part, _)) in TABLE.iter().enumerate() {
            let first =
                TABLE.iter().position(|row| (row.0.is_empty() || row.0 == *name) && part.contains(row.1));
            assert_eq!(first, Some(at), "{name}: {part}");
        }
    }
}
