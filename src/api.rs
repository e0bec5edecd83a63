//! The three calls, by their names in mini programs.

/// One of the three biometric calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// `wx.startSoterAuthentication`
    Start,
    /// `wx.checkIsSupportSoterAuthentication`
    CheckSupport,
    /// `wx.checkIsSoterEnrolledInDevice`
    CheckEnrolled,
}

impl Api {
    /// The name that programs call and that begins every `errMsg`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "startSoterAuthentication",
            Self::CheckSupport => "checkIsSupportSoterAuthentication",
            Self::CheckEnrolled => "checkIsSoterEnrolledInDevice",
        }
    }
}
