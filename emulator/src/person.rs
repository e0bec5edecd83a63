//! The person: what an answer means, and when too many wrong tries lock the device.

use wx_soter::failure::Reason;

/// After this many mismatches in a row the device is locked, as Android's are.
pub const MISMATCHES_TO_LOCK: u32 = 5;
/// How long, in milliseconds.
pub const LOCKED_MS: u32 = 30_000;

/// What a person does when asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Shows the right finger or face.
    Accept,
    /// Presses cancel.
    Cancel,
    /// Shows another finger or face: no callback, and the device asks again.
    Mismatch,
    /// The authenticator answers without having verified anybody, which a page must not take.
    Unverified,
    /// Something else happens, named by the reason of a failure.
    Fails(Reason),
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

impl Deed {
    /// The deed of that name; `None` where there is none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "accept" => Some(Self::Accept),
            "cancel" => Some(Self::Cancel),
            "mismatch" => Some(Self::Mismatch),
            "not-verified" => Some(Self::Unverified),
            name => REASONS.into_iter().find(|reason| reason.as_str() == name).map(Self::Fails),
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::Deed;
    use wx_soter::failure::Reason;

    #[test]
    fn deeds_have_names() {
        assert_eq!(Deed::from_name("accept"), Some(Deed::Accept));
        assert_eq!(Deed::from_name("not-allowed"), Some(Deed::Fails(Reason::NotAllowed)));
        for name in ["", "ACCEPT", "success", "bad-parameter", "ignore"] {
            assert_eq!(Deed::from_name(name), None, "{name}");
        }
    }
}
