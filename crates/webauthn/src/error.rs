//! Why something was refused.

use core::fmt;

/// Why something was refused. No variant carries anything of what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// The client data are longer than [`client_data::MAX_SIZE`](crate::client_data::MAX_SIZE).
    ClientDataTooLarge,
    /// The client data are no UTF-8.
    ClientDataNotUtf8,
    /// The client data are no JSON object with the members of `CollectedClientData` (§5.8.1), each once and of its type.
    ClientDataMalformed,
    /// The authenticator data (§6.1) are cut short, have bytes left over, or hold no well-formed CBOR.
    AuthenticatorDataMalformed,
    /// The attestation object is longer than [`attestation_object::MAX_SIZE`](crate::attestation_object::MAX_SIZE).
    AttestationObjectTooLarge,
    /// The attestation object is no CBOR map of `fmt`, `attStmt` and `authData` (§6.5.4).
    AttestationObjectMalformed,
    /// The authenticator data of a registration hold no new credential (§6.5.1).
    AttestedCredentialDataMissing,
    /// The public key is no COSE key of its algorithm (§5.8.5).
    PublicKeyMalformed,
    /// The public key is of an algorithm that [`Algorithm`](crate::Algorithm) does not have.
    AlgorithmUnsupported,
    /// The response has not the form of `RegistrationResponseJSON` or `AuthenticationResponseJSON` (§5.1).
    ResponseMalformed,
    /// The response's `type` is not `public-key` (§5.8.2).
    CredentialTypeUnknown,
    /// The response's `id` and `rawId` differ.
    CredentialIdInconsistent,
    /// `resultJSON` has not the form of `result_json::ResultJson`.
    ResultMalformed,
    /// `cpu_id` and `webauthn.id` of a result differ.
    ResultKeyMismatch,
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ClientDataTooLarge => "the client data are too large",
            Self::ClientDataNotUtf8 => "the client data are no UTF-8",
            Self::ClientDataMalformed => "the client data have not WebAuthn's form",
            Self::AuthenticatorDataMalformed => "the authenticator data have not WebAuthn's form",
            Self::AttestationObjectTooLarge => "the attestation object is too large",
            Self::AttestationObjectMalformed => "the attestation object has not WebAuthn's form",
            Self::AttestedCredentialDataMissing => "the new credential is missing",
            Self::PublicKeyMalformed => "the public key has not COSE's form",
            Self::AlgorithmUnsupported => "the public key's algorithm is not supported",
            Self::ResponseMalformed => "the response has not WebAuthn's form",
            Self::CredentialTypeUnknown => "the credential's type is not public-key",
            Self::CredentialIdInconsistent => "id and rawId differ",
            Self::ResultMalformed => "resultJSON has not the form of wx-soter's",
            Self::ResultKeyMismatch => "cpu_id is not the key that signed",
        })
    }
}

impl core::error::Error for Error {}
