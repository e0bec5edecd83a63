//! What `navigator.credentials` answers, as bytes (§5.2).

use alloc::string::String;
use alloc::vec::Vec;

/// The answer to `create()`: a credential with its `AuthenticatorAttestationResponse` (§5.2.1). What a browser repeats of
/// the attestation object for convenience is not here: only the object counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttestationResponse {
    /// `rawId`: the credential id.
    pub id: Vec<u8>,
    /// `clientDataJSON`
    pub client_data_json: Vec<u8>,
    /// `attestationObject`
    pub attestation_object: Vec<u8>,
    /// `getTransports()`: the transports that the client believes to be supported.
    pub transports: Vec<String>,
    /// `authenticatorAttachment` of the credential (§5.1), where it says so.
    pub authenticator_attachment: Option<String>,
}

/// The answer to `get()`: a credential with its `AuthenticatorAssertionResponse` (§5.2.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssertionResponse {
    /// `rawId`: the credential id.
    pub id: Vec<u8>,
    /// `clientDataJSON`
    pub client_data_json: Vec<u8>,
    /// `authenticatorData`
    pub authenticator_data: Vec<u8>,
    /// `signature`
    pub signature: Vec<u8>,
    /// `userHandle`, where there is one.
    pub user_handle: Option<Vec<u8>>,
}
