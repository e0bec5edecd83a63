//! Why something was refused.

use core::fmt;

/// Each with what it says, so that none is forgotten in [`Error::ALL`].
macro_rules! errors {
    ($($(#[$doc:meta])* $name:ident, $says:literal;)+) => {
        /// Why something was refused. No variant carries anything of what was sent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Error {
            $($(#[$doc])* $name,)+
        }

        impl Error {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];
        }

        impl fmt::Display for Error {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(match self {
                    $(Self::$name => $says,)+
                })
            }
        }
    };
}

errors! {
    /// The client data are longer than [`client_data::MAX_SIZE`](crate::client_data::MAX_SIZE).
    ClientDataTooLarge, "the client data are too large";
    /// The client data are no UTF-8.
    ClientDataNotUtf8, "the client data are no UTF-8";
    /// The client data are no JSON object with the members of `CollectedClientData` (§5.8.1), each once and of its type.
    ClientDataMalformed, "the client data have not WebAuthn's form";
    /// The authenticator data (§6.1) are cut short, have bytes left over, or hold no well-formed CBOR.
    AuthenticatorDataMalformed, "the authenticator data have not WebAuthn's form";
    /// The attestation object is longer than [`attestation_object::MAX_SIZE`](crate::attestation_object::MAX_SIZE).
    AttestationObjectTooLarge, "the attestation object is too large";
    /// The attestation object is no CBOR map of `fmt`, `attStmt` and `authData` (§6.5.4).
    AttestationObjectMalformed, "the attestation object has not WebAuthn's form";
    /// The authenticator data of a registration hold no new credential (§6.5.1).
    AttestedCredentialDataMissing, "the new credential is missing";
    /// The public key is no COSE key of its algorithm (§5.8.5).
    PublicKeyMalformed, "the public key has not COSE's form";
    /// The public key is of an algorithm that [`Algorithm`](crate::Algorithm) does not have.
    AlgorithmUnsupported, "the public key's algorithm is not supported";
    /// The response has not the form of `RegistrationResponseJSON` or `AuthenticationResponseJSON` (§5.1).
    ResponseMalformed, "the response has not WebAuthn's form";
    /// The response's `type` is not `public-key` (§5.8.2).
    CredentialTypeUnknown, "the credential's type is not public-key";
    /// The response's `id` and `rawId` differ.
    CredentialIdInconsistent, "id and rawId differ";
    /// `resultJSON` has not the form of `result_json::ResultJson`.
    ResultMalformed, "resultJSON has not the form of wx-soter's";
    /// `cpu_id` and `webauthn.id` of a result differ.
    ResultKeyMismatch, "cpu_id is not the key that signed";
}

impl core::error::Error for Error {}
