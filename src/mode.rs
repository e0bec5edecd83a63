//! The biometric modes of SOTER, and which one a call uses.

use crate::failure::{Failure, Reason};
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
    /// All that WeChat names.
    const ALL: [Self; 3] = [Self::FingerPrint, Self::Facial, Self::Speech];

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
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }
}

/// The modes among these values; what is none is left out.
pub fn known<'a>(values: impl IntoIterator<Item = &'a Value>) -> Vec<AuthMode> {
    values.into_iter().filter_map(|value| AuthMode::from_name(value.as_str()?)).collect()
}

/// The first of these values that is the name of no mode; empty where there is none.
pub fn first_unknown<'a>(values: impl IntoIterator<Item = &'a Value>) -> String {
    let mut names = values.into_iter().filter_map(Value::as_str);
    names.find(|name| AuthMode::from_name(name).is_none()).unwrap_or_default().to_owned()
}

/// Why [`choose`] found none, with what to change: `unknown` is what [`first_unknown`] found.
#[must_use]
pub fn none_chosen(unknown: &str, supported: &[AuthMode]) -> Failure {
    let listed = |modes: &[AuthMode]| modes.iter().map(|mode| mode.as_str()).collect::<Vec<_>>().join(", ");
    let meant = AuthMode::ALL.into_iter().find(|mode| mode.as_str().eq_ignore_ascii_case(unknown));
    let detail = match (unknown, meant) {
        ("", _) => {
            ["none of the modes that were asked for is supported here, only ", &listed(supported)].concat()
        }
        (_, Some(mode)) => ["there is no mode ", unknown, "; did you mean ", mode.as_str(), "?"].concat(),
        (_, None) => ["there is no mode ", unknown, "; supported here: ", &listed(supported)].concat(),
    };
    Failure::with_detail(Reason::ModeNotSupported, &detail)
}

/// The first requested mode that is supported, as WeChat chooses; without a request, the first supported one. `None` where
/// nothing that was requested is supported, an empty request among it.
#[must_use]
pub fn choose(requested: Option<&[AuthMode]>, supported: &[AuthMode]) -> Option<AuthMode> {
    requested.unwrap_or(supported).iter().find(|mode| supported.contains(mode)).copied()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{AuthMode, choose, first_unknown, known, none_chosen};
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
    fn a_name_that_is_no_mode_is_named_with_the_one_that_was_meant() {
        let detail = |unknown: &str| none_chosen(unknown, &BOTH).detail().unwrap_or_default().to_owned();
        assert_eq!(detail("fingerprint"), "there is no mode fingerprint; did you mean fingerPrint?");
        assert_eq!(detail("iris"), "there is no mode iris; supported here: fingerPrint, facial");
        assert_eq!(
            detail(""),
            "none of the modes that were asked for is supported here, only fingerPrint, facial"
        );
    }

    #[test]
    fn the_first_name_that_is_no_mode_is_found() {
        let Value::Array(_, items) = json!(["facial", 7, "Facial", "iris"]).itself() else {
            unreachable!("an array")
        };
        assert_eq!(first_unknown(&items), "Facial");
        assert_eq!(first_unknown(&[Value::Null]), "");
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
