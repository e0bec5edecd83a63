//! The person before the device: what they may do, and when too many wrong tries lock it.

use wx_soter::failure::Reason;

/// After this many mismatches in a row the device is locked, as Android's are.
pub const MISMATCHES_TO_LOCK: u32 = 5;
/// How long, in milliseconds.
pub const LOCKED_MS: f64 = 30_000.0;

/// What a person does when they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Shows the right finger or face.
    Accept,
    /// Presses cancel.
    Cancel,
    /// Shows another finger or face: no callback, and the device asks again.
    Mismatch,
    /// Nothing, ever.
    Ignore,
    /// The authenticator answers without having verified anybody, which a page must not take.
    NotVerified,
    /// Something else happens, named by the reason of a failure.
    Fail(Reason),
}

/// Reasons that a device can be told to fail for; the others come of what a program asks, or of the device.
const REASONS: [Reason; 8] = [
    Reason::InsecureContext,
    Reason::NoWebauthn,
    Reason::InvalidHost,
    Reason::BlockedByPolicy,
    Reason::NotFocused,
    Reason::NotAllowed,
    Reason::Timeout,
    Reason::LockedOut,
];

impl Action {
    /// The action of that name; `None` where there is none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "accept" => Some(Self::Accept),
            "cancel" => Some(Self::Cancel),
            "mismatch" => Some(Self::Mismatch),
            "ignore" => Some(Self::Ignore),
            "not-verified" => Some(Self::NotVerified),
            name => REASONS.into_iter().find(|reason| reason.as_str() == name).map(Self::Fail),
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::Action;
    use wx_soter::failure::Reason;

    #[test]
    fn actions_have_names() {
        assert_eq!(Action::from_name("accept"), Some(Action::Accept));
        assert_eq!(Action::from_name("ignore"), Some(Action::Ignore));
        assert_eq!(Action::from_name("not-allowed"), Some(Action::Fail(Reason::NotAllowed)));
        for name in ["", "ACCEPT", "success", "bad-parameter"] {
            assert_eq!(Action::from_name(name), None, "{name}");
        }
    }
}
