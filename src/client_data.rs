//! Client data: what the browser says it asked the authenticator for (WebAuthn Level 3, §5.8.1).

use crate::value::Fields;

/// The type of client data in a registration.
pub const CREATE: &str = "webauthn.create";
/// The type of client data in an assertion.
pub const GET: &str = "webauthn.get";

/// The members that a client has to compare. Others may be there at any time, so the JSON is never compared as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientData {
    /// `webauthn.create` or `webauthn.get`.
    pub kind: String,
    /// The challenge, base64url without padding.
    pub challenge: String,
    /// The origin that made the request.
    pub origin: String,
}

impl ClientData {
    /// From the object that the JSON holds; `None` where a member is missing or no string.
    pub fn from_fields(fields: &impl Fields) -> Option<Self> {
        let text = |name| fields.get(name).into_text();
        Some(Self { kind: text("type")?, challenge: text("challenge")?, origin: text("origin")? })
    }
}
