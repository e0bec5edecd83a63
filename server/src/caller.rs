//! Who makes a request.

/// A caller, as the rate limiter tells them apart: each configured token, and each app.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// The token at this index of the configuration.
    Token(usize),
    /// An app with a token that it fetched.
    App(String),
}
