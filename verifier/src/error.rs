//! Why something was refused.

/// Writes the enum with its two tables, so that a reason, its code and its steps stand in one place.
macro_rules! errors {
    ($($(#[doc = $doc:literal])+ $name:ident, $code:literal, $registration:literal, $authentication:literal, $text:literal;)+) => {
        /// Why a registration, an assertion or a result was refused: one variant for each reason, none of which carries
        /// anything of what was sent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
        #[non_exhaustive]
        pub enum Error {
            $(
                $(#[doc = $doc])+
                #[doc = ""]
                #[doc = concat!("Step in §7.1: ", $registration, "; in §7.2: ", $authentication, ".")]
                #[error($text)]
                $name,
            )+
        }

        impl Error {
            /// Every reason, in the order of the steps.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The reason as a short text that does not change, for programs: `challenge-mismatch`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The step of WebAuthn Level 3, §7.1 (registration), that refuses so; `None` where none does.
            #[must_use]
            pub fn registration_step(self) -> Option<&'static str> {
                let step = match self { $(Self::$name => $registration),+ };
                (step != "none").then_some(step)
            }

            /// The step of WebAuthn Level 3, §7.2 (authentication), that refuses so; `None` where none does.
            #[must_use]
            pub fn authentication_step(self) -> Option<&'static str> {
                let step = match self { $(Self::$name => $authentication),+ };
                (step != "none").then_some(step)
            }
        }
    };
}

errors! {
    /// `resultJSON` or its signature is longer than any real one.
    ResultTooLarge, "result-too-large", "none", "none", "the result is too large";
    /// `resultJSON` has not the form of wx-soter: not JSON, a member missing, twice, unknown or of the wrong type.
    ResultMalformed, "result-malformed", "none", "none", "resultJSON has not the form of wx-soter's";
    /// `resultJSONSignature` is no base64.
    ResultSignatureMalformed, "result-signature-malformed", "none", "none", "resultJSONSignature is no base64";
    /// `cpu_id` and `webauthn.id` differ: somebody edited the result.
    ResultKeyMismatch, "result-key-mismatch", "none", "none", "cpu_id is not the key that signed";
    /// `raw` is not the challenge that was signed: somebody edited the result.
    ResultChallengeMismatch, "result-challenge-mismatch", "none", "none", "raw is not the challenge that was signed";
    /// `counter` is not the counter that was signed: somebody edited the result.
    ResultCounterMismatch, "result-counter-mismatch", "none", "none", "counter is not the one that was signed";

    /// The response, or a part of it, is longer than any real one.
    ResponseTooLarge, "response-too-large", "3", "3", "the response is too large";
    /// The response is no `RegistrationResponseJSON` or `AuthenticationResponseJSON`.
    ResponseMalformed, "response-malformed", "3", "3", "the response has not WebAuthn's form";
    /// `type` is not `public-key`.
    CredentialTypeUnknown, "credential-type-unknown", "3", "3", "the credential's type is not public-key";
    /// `id` and `rawId` differ.
    CredentialIdInconsistent, "credential-id-inconsistent", "3", "3", "id and rawId differ";

    /// The credential is none of those that the request allowed.
    CredentialNotAllowed, "credential-not-allowed", "none", "5", "the credential is none of those asked for";
    /// The record is of another credential than the one that signed.
    CredentialUnknown, "credential-unknown", "none", "6", "the credential is not the recorded one";
    /// The user was not identified before, and the response has no user handle.
    UserHandleMissing, "user-handle-missing", "none", "6", "the user handle is missing";
    /// The user handle is of another user.
    UserHandleMismatch, "user-handle-mismatch", "none", "6", "the user handle is of another user";

    /// The client data are longer than any real ones.
    ClientDataTooLarge, "client-data-too-large", "5", "8", "the client data are too large";
    /// The client data are no UTF-8.
    ClientDataNotUtf8, "client-data-not-utf8", "5", "8", "the client data are no UTF-8";
    /// The client data are no JSON object with the members of `CollectedClientData`, each once and of its type.
    ClientDataMalformed, "client-data-malformed", "6", "9", "the client data have not WebAuthn's form";
    /// The client data are of another ceremony.
    TypeMismatch, "type-mismatch", "7", "10", "the client data are of another ceremony";
    /// The challenge is not the one that was sent, or the one that was sent is empty.
    ChallengeMismatch, "challenge-mismatch", "8", "11", "the challenge is not the one that was sent";
    /// The origin is none of the allowed ones.
    OriginNotAllowed, "origin-not-allowed", "9", "12", "the origin is not allowed";
    /// Made in an iframe of another origin than its ancestors, which the policy does not expect.
    CrossOriginNotAllowed, "cross-origin-not-allowed", "10", "13", "use in an iframe of another origin is not expected";
    /// A top origin where the policy expects no iframe.
    TopOriginNotExpected, "top-origin-not-expected", "11.1", "14.1", "a top origin is not expected";
    /// The page around the iframe is none of the allowed ones.
    TopOriginNotAllowed, "top-origin-not-allowed", "11.2", "14.2", "the top origin is not allowed";

    /// The attestation object is no CBOR map of `fmt`, `attStmt` and `authData`.
    AttestationObjectMalformed, "attestation-object-malformed", "13", "none", "the attestation object has not WebAuthn's form";
    /// The authenticator data are cut short, have bytes left over, or hold no well-formed CBOR.
    AuthenticatorDataMalformed, "authenticator-data-malformed", "13", "15", "the authenticator data have not WebAuthn's form";
    /// A registration without attested credential data.
    AttestedCredentialDataMissing, "attested-credential-data-missing", "13", "none", "the new credential is missing";
    /// The authenticator signed for another RP id.
    RpIdMismatch, "rp-id-mismatch", "14", "15", "the authenticator signed for another RP id";
    /// The UP flag is not set.
    UserNotPresent, "user-not-present", "15", "16", "no user was present";
    /// The UV flag is not set, and the policy requires it.
    UserNotVerified, "user-not-verified", "16", "17", "the user was not verified";
    /// The BS flag is set and BE is not: what cannot be backed up is.
    BackupFlagsInconsistent, "backup-flags-inconsistent", "17", "18", "backed up, but not eligible for it";
    /// BE is not what it was at registration. It never changes.
    BackupEligibilityChanged, "backup-eligibility-changed", "none", "19", "the backup eligibility has changed";
    /// The credential can be backed up, and the policy wants it bound to one device.
    BackupEligibleNotAllowed, "backup-eligible-not-allowed", "18", "19.3", "a credential that can be backed up is not allowed";
    /// The credential is backed up, and the policy wants it not to be.
    BackedUpNotAllowed, "backed-up-not-allowed", "19", "19.3", "a credential that is backed up is not allowed";
    /// The public key is no COSE key of its algorithm.
    PublicKeyMalformed, "public-key-malformed", "20", "21", "the public key has not COSE's form";
    /// The public key is of an algorithm that this library does not know.
    AlgorithmUnsupported, "algorithm-unsupported", "20", "21", "the public key's algorithm is not supported";
    /// The public key is of an algorithm that was not asked for.
    AlgorithmNotAllowed, "algorithm-not-allowed", "20", "none", "the public key's algorithm is not allowed";
    /// No signature of the public key could be found to hold: it is no point of its curve, an RSA key that is too short, or of an
    /// algorithm that the signature verifier does not have.
    PublicKeyUnusable, "public-key-unusable", "20", "none", "the public key cannot be used";
    /// The attestation statement format is not supported, and the policy refuses such.
    AttestationFormatUnsupported, "attestation-format-unsupported", "21", "none", "the attestation statement format is not supported";
    /// The attestation statement has not the form of its format.
    AttestationStatementMalformed, "attestation-statement-malformed", "22", "none", "the attestation statement has not the form of its format";
    /// The statement's algorithm is not that of the key which signed it, or is not supported.
    AttestationAlgorithmMismatch, "attestation-algorithm-mismatch", "22", "none", "the attestation is of another algorithm than its key";
    /// The attestation's signature does not hold.
    AttestationSignatureInvalid, "attestation-signature-invalid", "22", "none", "the attestation's signature does not hold";
    /// The attestation certificate is no X.509.
    AttestationCertificateMalformed, "attestation-certificate-malformed", "22", "none", "the attestation certificate is no X.509 certificate";
    /// The attestation certificate does not meet what the format demands: §8.2.1 for `packed`, §8.3.1 for `tpm`, step 2 of §8.6 for
    /// `fido-u2f`, step 5 of §8.4 for `android-key`, or it has not the extension that the format looks at.
    AttestationCertificateUnsuitable, "attestation-certificate-unsuitable", "22", "none", "the attestation certificate does not meet the format's requirements";
    /// The attestation certificate is of another model of authenticator.
    AttestationAaguidMismatch, "attestation-aaguid-mismatch", "22", "none", "the attestation certificate is of another authenticator model";
    /// The attestation certificate was made for another request: Apple's nonce, or Android's challenge.
    AttestationChallengeMismatch, "attestation-challenge-mismatch", "22", "none", "the attestation certificate is of another request";
    /// The attestation certificate is of another key than the credential's, in a format where it has to be of that one.
    AttestationKeyMismatch, "attestation-key-mismatch", "22", "none", "the attestation certificate is of another key";
    /// No attestation, and the policy wants one.
    AttestationMissing, "attestation-missing", "24", "none", "an attestation is required";
    /// Self attestation, and the policy does not take it.
    SelfAttestationNotAllowed, "self-attestation-not-allowed", "24", "none", "self attestation is not allowed";
    /// An attestation with certificates, and the policy does not take it.
    CertifiedAttestationNotAllowed, "certified-attestation-not-allowed", "24", "none", "attestation with certificates is not allowed";
    /// The certificates do not lead to a trust anchor, or one is not valid at that time.
    AttestationUntrusted, "attestation-untrusted", "24", "none", "the attestation leads to no trusted root";
    /// The credential id has no bytes.
    CredentialIdEmpty, "credential-id-empty", "25", "none", "the credential id is empty";
    /// The credential id is longer than 1,023 bytes.
    CredentialIdTooLong, "credential-id-too-long", "25", "none", "the credential id is too long";
    /// The credential is registered already.
    CredentialRegistered, "credential-registered", "26", "none", "the credential is registered already";
    /// The response's `id` is not the credential id that the authenticator data hold.
    CredentialIdMismatch, "credential-id-mismatch", "27", "none", "the credential id is not the one that was attested";

    /// The signature does not hold.
    SignatureInvalid, "signature-invalid", "none", "21", "the signature does not hold";
    /// The signature counter did not grow, and the policy refuses that: a copy of the key may be in use.
    SignCountNotIncreased, "sign-count-not-increased", "none", "22", "the signature counter has not grown";
    /// An extension output that the policy does not take.
    ExtensionNotAllowed, "extension-not-allowed", "28", "23", "an extension was not asked for";
}

impl From<wx_soter_webauthn::Error> for Error {
    fn from(error: wx_soter_webauthn::Error) -> Self {
        use wx_soter_webauthn::Error as Form;
        match error {
            Form::ClientDataTooLarge => Self::ClientDataTooLarge,
            Form::ClientDataNotUtf8 => Self::ClientDataNotUtf8,
            Form::ClientDataMalformed => Self::ClientDataMalformed,
            Form::AuthenticatorDataMalformed => Self::AuthenticatorDataMalformed,
            Form::AttestationObjectTooLarge => Self::ResponseTooLarge,
            Form::AttestationObjectMalformed => Self::AttestationObjectMalformed,
            Form::AttestedCredentialDataMissing => Self::AttestedCredentialDataMissing,
            Form::PublicKeyMalformed => Self::PublicKeyMalformed,
            Form::AlgorithmUnsupported => Self::AlgorithmUnsupported,
            Form::ResponseMalformed => Self::ResponseMalformed,
            Form::CredentialTypeUnknown => Self::CredentialTypeUnknown,
            Form::CredentialIdInconsistent => Self::CredentialIdInconsistent,
            Form::ResultMalformed => Self::ResultMalformed,
            Form::ResultKeyMismatch => Self::ResultKeyMismatch,
            // One that is newer than this list.
            _ => Self::ResponseMalformed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Error;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_follow_the_names() {
        let codes: HashSet<_> = Error::ALL.iter().map(|error| error.code()).collect();
        assert_eq!(codes.len(), Error::ALL.len());
        for error in Error::ALL {
            let name = format!("{error:?}").to_lowercase();
            assert_eq!(error.code().replace('-', ""), name);
        }
    }

    #[test]
    fn errors_stand_in_the_order_of_the_steps() {
        let numbers = |step: fn(Error) -> Option<&'static str>| -> Vec<f32> {
            Error::ALL.iter().filter_map(|error| step(*error)).map(|step| step.parse().unwrap()).collect()
        };
        assert!(numbers(Error::registration_step).is_sorted());
        assert!(numbers(Error::authentication_step).is_sorted());
    }

    #[test]
    fn what_is_wrong_with_the_form_keeps_its_name() {
        use wx_soter_webauthn::Error as Form;
        for form in Form::ALL {
            let expected = match form {
                // Here a response may be too large in other ways, too.
                Form::AttestationObjectTooLarge => "ResponseTooLarge".to_owned(),
                other => format!("{other:?}"),
            };
            assert_eq!(format!("{:?}", Error::from(*form)), expected);
        }
    }
}
