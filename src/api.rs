//! The three calls, by their names in mini programs, and the one that is this package's own.

/// One of the three biometric calls, or what goes the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Api {
    /// `wx.startSoterAuthentication`
    Start,
    /// `wx.checkIsSupportSoterAuthentication`
    CheckSupport,
    /// `wx.checkIsSoterEnrolledInDevice`
    CheckEnrolled,
    /// `forgetKey`, which mini programs have not
    ForgetKey,
}

impl Api {
    /// The three of mini programs.
    pub const ALL: [Self; 3] = [Self::Start, Self::CheckSupport, Self::CheckEnrolled];

    /// The one by that number, by which the loader names it: its place among the three, and 3 for `forgetKey`.
    #[must_use]
    pub fn at(number: usize) -> Self {
        Self::ALL.get(number).copied().unwrap_or(Self::ForgetKey)
    }

    /// The name that programs call and that begins every `errMsg`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "startSoterAuthentication",
            Self::CheckSupport => "checkIsSupportSoterAuthentication",
            Self::CheckEnrolled => "checkIsSoterEnrolledInDevice",
            Self::ForgetKey => "forgetKey",
        }
    }
}
