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
    /// All of them. The loader names a call by its place here.
    pub const ALL: [Self; 3] = [Self::Start, Self::CheckSupport, Self::CheckEnrolled];

    /// The one at that place among all; the first where there is none.
    #[must_use]
    pub fn at(place: usize) -> Self {
        Self::ALL.get(place).copied().unwrap_or(Self::Start)
    }

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
