//! Client data: what the browser says it asked the authenticator for (WebAuthn Level 3, §5.8.1).

use crate::snapshot::Snapshot;

/// The type of client data in a registration.
pub const CREATE: &str = "webauthn.create";
/// The type of client data in an assertion.
pub const GET: &str = "webauthn.get";

/// The members that a client has to compare. Others may be there at any time, so the JSON is never compared as text.
/// A member that is missing or no string is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientData {
    /// `webauthn.create` or `webauthn.get`.
    pub kind: String,
    /// The challenge, base64url without padding.
    pub challenge: String,
    /// The origin that made the request.
    pub origin: String,
}

impl ClientData {
    /// From what the JSON held.
    #[must_use]
    pub fn read(answer: &Snapshot<'_>) -> Self {
        Self {
            kind: answer.text("clientData.type"),
            challenge: answer.text("clientData.challenge"),
            origin: answer.text("clientData.origin"),
        }
    }

    /// Whether it has all members.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        !(self.kind.is_empty() || self.challenge.is_empty() || self.origin.is_empty())
    }
}
