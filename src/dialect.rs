//! The two contracts that share the names of the calls.

/// Whose rules for missing options and unsupported devices apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// Accepts both: nothing is required.
    #[default]
    Any,
    /// WeChat's own: `challenge`, `requestAuthModes` and `checkAuthMode` are required, and a device without support
    /// answers `checkIsSupportSoterAuthentication` with success and an empty `supportMode`, as real phones do.
    Wechat,
    /// Tencent Cloud's mini program platform: only `authContent`, and a device without support fails.
    Tcmpp,
}

impl Dialect {
    /// The dialect of that exact spelling; the default one where it is empty.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "" | "any" => Some(Self::Any),
            "wechat" => Some(Self::Wechat),
            "tcmpp" => Some(Self::Tcmpp),
            _ => None,
        }
    }

    /// Whether WeChat's required options are required.
    #[must_use]
    pub const fn demands_parameters(self) -> bool {
        matches!(self, Self::Wechat)
    }

    /// Whether `checkIsSupportSoterAuthentication` succeeds with an empty list where nothing is supported.
    #[must_use]
    pub const fn answers_unsupported_with_success(self) -> bool {
        matches!(self, Self::Wechat)
    }
}
