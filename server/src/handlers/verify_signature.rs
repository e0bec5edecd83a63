//! `POST /cgi-bin/soter/verify_signature`: WeChat's call, with its fields and its response.

use crate::audit;
use crate::body;
use crate::challenge::Challenge;
use crate::error::{Error, Field};
use crate::extract::Authenticated;
use crate::service::Service;
use crate::settings::Challenges;
use crate::store::{self, LockedKey, StoredKey};
use crate::verdict::{Reason, Verdict};
use axum::extract::State;
use serde::Deserialize;
use std::sync::Arc;
use wx_soter_verifier::assertion::{Assertion, Counter, Expected};
use wx_soter_verifier::native::Native;
use wx_soter_verifier::{Error as Refusal, SoterResult, User};

/// The request's body.
#[derive(Deserialize)]
pub struct Request {
    openid: Option<String>,
    /// `resultJSON`
    json_string: Option<String>,
    /// `resultJSONSignature`
    json_signature: Option<String>,
}

/// Handles the request. `is_ok` is true once for each result, whichever instance gets the request.
///
/// # Errors
///
/// What every request may fail with; [`Error::InvalidOpenid`] where the openid has no key.
pub async fn handle(
    State(service): State<Arc<Service>>,
    Authenticated(body): Authenticated<Request>,
) -> Result<Verdict, Error> {
    let openid = body::openid(body.openid)?;
    let json = body::required(body.json_string, Field::JsonString)?;
    let signature = body::required(body.json_signature, Field::JsonSignature)?;
    let result = match SoterResult::parse(&json, &signature) {
        Ok(result) => result,
        Err(error) => return Ok(Verdict::No(error.into())),
    };
    audit::note_credential(result.credential_id());
    let challenge = Challenge::of(&result.raw);
    if !challenge.is_issued && service.challenges == Challenges::Issued {
        return Ok(Verdict::No(Reason::ChallengeUnknown));
    }
    store::until_unlocked(|| check_and_accept(&service, &openid, &result, &challenge)).await?
}

/// Results of one key are checked one after the other, so that each is checked with the counter of the one before it.
async fn check_and_accept(
    service: &Service,
    openid: &str,
    result: &SoterResult,
    challenge: &Challenge,
) -> Result<Result<Verdict, Error>, sqlx::Error> {
    let Some(key) = service.store.lock_key(openid, result.credential_id()).await? else {
        return unknown_key(service, openid).await;
    };
    let assertion = match check(service, result, key.key()).await {
        Ok(assertion) => assertion,
        Err(error) => return Ok(Ok(refused(key, challenge, error).await?)),
    };
    let now = service.clock.now();
    let spent = key.accept(&assertion.record, challenge, now, service.keep_until(now)).await?;
    Ok(Ok(match spent {
        Ok(()) => accepted(&assertion),
        Err(unspendable) => Verdict::No(unspendable.into()),
    }))
}

async fn check(
    service: &Service,
    result: &SoterResult,
    key: &StoredKey,
) -> Result<Assertion, wx_soter_verifier::Error> {
    // Whether it is unspent is for the database to say.
    let expected = Expected::new(result.raw.as_bytes(), User::Identified(key.uid.as_deref()));
    result.verify(&key.record, &expected, &service.policy, &Native).await
}

/// The counter of a result that is sent again has not grown either, which is no sign of a copied key then.
async fn refused(key: LockedKey, challenge: &Challenge, error: Refusal) -> Result<Verdict, sqlx::Error> {
    let is_replay = error == Refusal::SignCountNotIncreased && key.is_spent_on_result(challenge).await?;
    Ok(Verdict::No(if is_replay { Reason::ChallengeUsed } else { error.into() }))
}

async fn unknown_key(service: &Service, openid: &str) -> Result<Result<Verdict, Error>, sqlx::Error> {
    Ok(match service.store.count_keys(openid).await? {
        0 => Err(Error::InvalidOpenid),
        _ => Ok(Verdict::No(Refusal::CredentialUnknown.into())),
    })
}

fn accepted(assertion: &Assertion) -> Verdict {
    if let Counter::NotIncreased { .. } = assertion.counter {
        tracing::warn!("a signature counter has not grown: a copy of the key may be in use");
        metrics::counter!("soter_counters_not_increased_total").increment(1);
    }
    Verdict::Ok
}
