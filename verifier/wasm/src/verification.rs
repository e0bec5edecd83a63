//! The three verifications, from texts to one text. Each starts from the beginning with the answers that there are.

use crate::asking::{Asking, Progress};
use crate::options::{AssertionOptions, RegistrationOptions};
use crate::outcome::{Outcome, Refused, Verified};
use std::future::Future;
use wx_soter_verifier::assertion::{self, AuthenticationResponse};
use wx_soter_verifier::registration::{self, RegistrationResponse};
use wx_soter_verifier::{Error, SoterResult, User};

/// A `RegistrationResponseJSON`.
#[must_use]
pub fn registration(response: &str, options: &str, answers: &[u8]) -> String {
    let Ok(options) = serde_json::from_str::<RegistrationOptions>(options) else {
        return text(&Outcome::OptionsMalformed);
    };
    let asking = Asking::new(answers);
    let policy = options.policy();
    let verification = async {
        let response = RegistrationResponse::from_json(response)?;
        let expected =
            registration::Expected { challenge: &options.expected.challenge, ..Default::default() };
        registration::verify(&response, &expected, &policy, &asking).await
    };
    finish(&asking, verification, Refused::registration)
}

/// A result of `wx.startSoterAuthentication`.
#[must_use]
pub fn result(result_json: &str, result_json_signature: &str, options: &str, answers: &[u8]) -> String {
    let Ok(options) = serde_json::from_str::<AssertionOptions>(options) else {
        return text(&Outcome::OptionsMalformed);
    };
    let asking = Asking::new(answers);
    let policy = options.policy();
    let verification = async {
        let result = SoterResult::parse(result_json, result_json_signature)?;
        let record = options.record(result.credential_id()).ok_or(Error::CredentialUnknown)?;
        result.verify(&record, &expected(&options), &policy, &asking).await
    };
    finish(&asking, verification, Refused::assertion)
}

/// An `AuthenticationResponseJSON`.
#[must_use]
pub fn assertion(response: &str, options: &str, answers: &[u8]) -> String {
    let Ok(options) = serde_json::from_str::<AssertionOptions>(options) else {
        return text(&Outcome::OptionsMalformed);
    };
    let asking = Asking::new(answers);
    let policy = options.policy();
    let verification = async {
        let response = AuthenticationResponse::from_json(response)?;
        let record = options.record(&response.id).ok_or(Error::CredentialUnknown)?;
        assertion::verify(&response, &record, &expected(&options), &policy, &asking).await
    };
    finish(&asking, verification, Refused::assertion)
}

fn expected(options: &AssertionOptions) -> assertion::Expected<'_> {
    let uid = Some(options.uid.as_slice()).filter(|uid| !uid.is_empty());
    assertion::Expected {
        challenge: &options.expected.challenge,
        user: User::Identified(uid),
        // The keys that the caller gave are those that it allows.
        allowed: &[],
    }
}

fn finish<T: Into<Verified>>(
    asking: &Asking<'_>,
    verification: impl Future<Output = Result<T, Error>>,
    refused: fn(Error) -> Refused,
) -> String {
    match asking.run(verification) {
        Some(Progress::Ended(Ok(verified))) => text(&Outcome::Verified(verified.into())),
        Some(Progress::Ended(Err(error))) => text(&Outcome::Refused(refused(error))),
        Some(Progress::Stopped(question)) => text(&Outcome::Asked(question)),
        None => String::new(),
    }
}

/// Nothing where it cannot be written, which JavaScript takes for a failure.
fn text(outcome: &Outcome) -> String {
    serde_json::to_string(outcome).unwrap_or_default()
}
