//! Whose keys and challenges they are.

/// An openid of an app. The same openid of another app is somebody else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Owner {
    /// The appid; empty for the default app.
    pub app: String,
    /// `openid`
    pub openid: String,
}

impl Owner {
    /// An openid of an app.
    pub fn new(app: impl Into<String>, openid: impl Into<String>) -> Self {
        Self { app: app.into(), openid: openid.into() }
    }
}
