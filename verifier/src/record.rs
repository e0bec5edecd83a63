//! What a relying party keeps of a credential.

/// A credential record (WebAuthn Level 3, §4). All members are the relying party's to store; none is secret. There will be no further
/// one without a new major version, since a store that did not keep it would lose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialRecord {
    /// The credential id.
    pub id: Vec<u8>,
    /// The public key, as a COSE key.
    pub public_key: Vec<u8>,
    /// The highest signature counter seen; 0 where the authenticator keeps none.
    pub sign_count: u32,
    /// Whether the user was ever verified.
    pub uv_initialized: bool,
    /// The transports that the browser named, for `allowCredentials`; of those in a registration, at most
    /// [`MAX_TRANSPORTS`](crate::registration::MAX_TRANSPORTS) names of lower-case letters, digits and hyphens.
    pub transports: Vec<String>,
    /// The BE flag, which never changes.
    pub backup_eligible: bool,
    /// The BS flag, as last seen.
    pub backup_state: bool,
}
