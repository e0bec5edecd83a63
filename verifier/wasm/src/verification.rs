//! The three verifications, from texts to an outcome.

use crate::options::{AssertionOptions, RegistrationOptions};
use crate::outcome::{Outcome, Refused, Verified};
use wx_soter_verifier::assertion::{self, AuthenticationResponse};
use wx_soter_verifier::registration::{self, RegistrationResponse};
use wx_soter_verifier::{Error, SignatureVerifier, SoterResult, User};

/// A `RegistrationResponseJSON`.
pub async fn registration(response: &str, options: &str, verifier: &impl SignatureVerifier) -> Outcome {
    let options: RegistrationOptions = match serde_json::from_str(options) {
        Ok(options) => options,
        Err(error) => return Outcome::unreadable_options(&error),
    };
    let expected = registration::Expected::new(&options.expected.challenge);
    let verified = async {
        let response = RegistrationResponse::from_json(response)?;
        registration::verify(&response, &expected, &options.policy(), verifier).await
    };
    outcome(verified.await, Refused::registration)
}

/// A result of `wx.startSoterAuthentication`.
pub async fn result(
    result_json: &str,
    result_json_signature: &str,
    options: &str,
    verifier: &impl SignatureVerifier,
) -> Outcome {
    let options: AssertionOptions = match serde_json::from_str(options) {
        Ok(options) => options,
        Err(error) => return Outcome::unreadable_options(&error),
    };
    let verified = async {
        let result = SoterResult::parse(result_json, result_json_signature)?;
        let record = options.record(result.credential_id()).ok_or(Error::CredentialUnknown)?;
        result.verify(&record, &expected(&options), &options.policy(), verifier).await
    };
    outcome(verified.await, Refused::assertion)
}

/// An `AuthenticationResponseJSON`.
pub async fn assertion(response: &str, options: &str, verifier: &impl SignatureVerifier) -> Outcome {
    let options: AssertionOptions = match serde_json::from_str(options) {
        Ok(options) => options,
        Err(error) => return Outcome::unreadable_options(&error),
    };
    let verified = async {
        let response = AuthenticationResponse::from_json(response)?;
        let record = options.record(&response.id).ok_or(Error::CredentialUnknown)?;
        assertion::verify(&response, &record, &expected(&options), &options.policy(), verifier).await
    };
    outcome(verified.await, Refused::assertion)
}

fn expected(options: &AssertionOptions) -> assertion::Expected<'_> {
    let uid = Some(options.uid.as_slice()).filter(|uid| !uid.is_empty());
    // The keys that the caller gave are those that it allows.
    assertion::Expected::new(&options.expected.challenge, User::Identified(uid))
}

fn outcome<T: Into<Verified>>(verified: Result<T, Error>, refused: fn(Error) -> Refused) -> Outcome {
    match verified {
        Ok(verified) => Outcome::Verified(verified.into()),
        Err(error) => Outcome::Refused(refused(error)),
    }
}
