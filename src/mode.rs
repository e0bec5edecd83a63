//! The biometric modes of SOTER, and which one a call uses.

use crate::failure::{Failure, Reason};
use crate::snapshot::Snapshot;
use std::iter;

/// What the person shows to the device. A browser never says which one it asks for, see [`crate::environment::System`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthMode {
    /// A finger.
    FingerPrint,
    /// A face.
    Facial,
    /// A voice. In WeChat's documents since the beginning, and supported by no device.
    Speech,
}

impl AuthMode {
    /// The spelling of `requestAuthModes`, `supportMode` and `authMode`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FingerPrint => "fingerPrint",
            Self::Facial => "facial",
            Self::Speech => "speech",
        }
    }

    /// The mode of that exact spelling.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::FingerPrint, Self::Facial, Self::Speech].into_iter().find(|mode| mode.as_str() == name)
    }
}

/// The mode that a member names, or the modes among the items of an array; what is none is left out.
#[must_use]
pub fn known(object: &Snapshot<'_>, member: &str) -> Vec<AuthMode> {
    let mut modes = Vec::new();
    for item in iter::once(object.get(member)).chain(object.items(member)) {
        if let Some(mode) = AuthMode::from_name(item.text()) {
            modes.push(mode);
        }
    }
    modes
}

/// The first requested mode that is supported, as WeChat chooses; without a request, the first supported one.
///
/// # Errors
/// [`Reason::ModeNotSupported`] where nothing that was requested is supported, an empty request among it.
pub fn choose(requested: Option<&[AuthMode]>, supported: &[AuthMode]) -> Result<AuthMode, Failure> {
    let is_supported = |mode: &&AuthMode| supported.contains(mode);
    let chosen = requested.unwrap_or(supported).iter().find(is_supported);
    chosen.copied().ok_or(Failure::new(Reason::ModeNotSupported))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{AuthMode, choose, known};
    use crate::failure::Reason;
    use crate::snapshot::{Snapshot, write};
    use serde_json::json;

    const BOTH: [AuthMode; 2] = [AuthMode::FingerPrint, AuthMode::Facial];

    fn names(list: &[&str]) -> Vec<AuthMode> {
        let written = write(&json!({ "modes": list }), "modes");
        known(&Snapshot::read(&written), "modes")
    }

    #[test]
    fn the_first_requested_mode_that_is_supported_is_used() {
        let requested = names(&["speech", "iris", "facial", "fingerPrint"]);
        assert_eq!(choose(Some(&requested), &BOTH).unwrap(), AuthMode::Facial);
    }

    #[test]
    fn a_single_name_is_known_too() {
        let known_in = |value| known(&Snapshot::read(&write(&json!({ "mode": value }), "mode")), "mode");
        assert_eq!(known_in(json!("facial")), [AuthMode::Facial]);
        assert!(known_in(json!("iris")).is_empty());
    }

    #[test]
    fn no_request_means_the_first_supported_mode() {
        assert_eq!(choose(None, &BOTH).unwrap(), AuthMode::FingerPrint);
    }

    #[test]
    fn nothing_supported_is_mode_not_supported() {
        for requested in [names(&[]), names(&["speech"]), names(&["fingerprint"])] {
            assert_eq!(choose(Some(&requested), &BOTH).unwrap_err().reason(), Reason::ModeNotSupported);
        }
    }
}
