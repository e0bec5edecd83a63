//! A result by a key that an openid has already, which says that its owner wants a further one.

use super::verify_signature::{acceptance, check, refused};
use crate::audit;
use crate::body;
use crate::challenge::Challenge;
use crate::error::{Error, Field};
use crate::service::Service;
use crate::store::{Acceptance, Owner, Registering};
use crate::verdict::Reason;
use wx_soter_verifier::assertion::Assertion;
use wx_soter_verifier::{Error as Refusal, SoterResult};

/// Such a result, with a challenge that was issued: how old a backend's own is, only the backend knows.
pub struct ExistingKeyResult {
    result: SoterResult,
    challenge: Challenge,
}

/// Reads it where there is one; within, what is wrong about it.
///
/// # Errors
///
/// [`Error::Missing`], where there is one half of it.
pub fn result(
    json: Option<String>,
    signature: Option<String>,
) -> Result<Option<Result<ExistingKeyResult, Reason>>, Error> {
    let is_empty = |text: &Option<String>| text.as_deref().is_none_or(str::is_empty);
    if is_empty(&json) && is_empty(&signature) {
        return Ok(None);
    }
    let json = body::required(json, Field::JsonString)?;
    let signature = body::required(signature, Field::JsonSignature)?;
    Ok(Some(ExistingKeyResult::read(&json, &signature)))
}

impl ExistingKeyResult {
    fn read(json: &str, signature: &str) -> Result<Self, Reason> {
        let result = SoterResult::parse(json, signature)?;
        audit::note_existing_credential(result.credential_id());
        let challenge = Challenge::of(&result.raw);
        challenge.is_issued.then_some(Self { result, challenge }).ok_or(Reason::ChallengeUnknown)
    }

    /// Checks it with the key, which then stays as it is until the registration ends.
    ///
    /// # Errors
    ///
    /// The database failed; within, what is wrong about it.
    pub async fn check(
        &self,
        service: &Service,
        owner: &Owner,
        registering: &mut Registering,
    ) -> Result<Result<(Acceptance, Assertion), Refusal>, sqlx::Error> {
        let Some(key) = registering.existing_key(self.result.credential_id()).await? else {
            return Ok(Err(Refusal::CredentialUnknown));
        };
        let assertion = match check(service, &self.result, &key).await {
            Ok(assertion) => assertion,
            Err(error) => return Ok(Err(error)),
        };
        Ok(Ok((acceptance(service, owner, &self.challenge, key, &assertion), assertion)))
    }

    /// What a caller is told of an error of [`Self::check`].
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn reason(
        &self,
        service: &Service,
        owner: &Owner,
        error: Refusal,
    ) -> Result<Reason, sqlx::Error> {
        refused(service, owner, &self.challenge, error).await
    }
}
