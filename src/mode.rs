//! The biometric modes of SOTER, and which one a call uses.

use crate::value::Value;

/// What the person shows to the device. A browser never says which one it asks for, see [`crate::environment::System`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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

/// The modes among these values; what is none is left out.
pub fn known<'a>(values: impl IntoIterator<Item = &'a Value>) -> Vec<AuthMode> {
    values.into_iter().filter_map(|value| AuthMode::from_name(value.as_str()?)).collect()
}

/// The first requested mode that is supported, as WeChat chooses; without a request, the first supported one. `None` where
/// nothing that was requested is supported, an empty request among it.
#[must_use]
pub fn choose(requested: Option<&[AuthMode]>, supported: &[AuthMode]) -> Option<AuthMode> {
    requested.unwrap_or(supported).iter().find(|mode| supported.contains(mode)).copied()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{AuthMode, choose, known};
    use crate::value::{Members as _, Value};
    use serde_json::json;

    const BOTH: [AuthMode; 2] = [AuthMode::FingerPrint, AuthMode::Facial];

    fn names(list: &[&str]) -> Vec<AuthMode> {
        let Value::Array(_, items) = json!(list).itself() else { unreachable!("a list is an array") };
        known(&items)
    }

    #[test]
    fn the_first_requested_mode_that_is_supported_is_used() {
        let requested = names(&["speech", "iris", "facial", "fingerPrint"]);
        assert_eq!(choose(Some(&requested), &BOTH), Some(AuthMode::Facial));
    }

    #[test]
    fn only_exact_names_are_known() {
        assert_eq!(names(&["facial", "iris", "Facial", ""]), [AuthMode::Facial]);
        assert!(known(&[Value::Null, Value::Number(1.0)]).is_empty());
    }

    #[test]
    fn no_request_means_the_first_supported_mode() {
        assert_eq!(choose(None, &BOTH), Some(AuthMode::FingerPrint));
    }

    #[test]
    fn nothing_is_chosen_where_nothing_is_supported() {
        for requested in [names(&[]), names(&["speech"]), names(&["fingerprint"])] {
            assert_eq!(choose(Some(&requested), &BOTH), None);
        }
    }
}
