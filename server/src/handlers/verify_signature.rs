//! `POST /cgi-bin/soter/verify_signature`: WeChat's call, with its fields and its response.

use super::wechat_result;
use crate::audit;
use crate::body;
use crate::challenge::Challenge;
use crate::error::{Error, Field};
use crate::extract::{Authenticated, OfOpenid};
use crate::service::Service;
use crate::settings::Challenges;
use crate::store::{self, Acceptance, Accepted, Owner, StoredKey, Turn};
use crate::upstream::wechat_result::WeChatResult;
use crate::verdict::{Judge, Judged, Reason, Verdict};
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

impl OfOpenid for Request {
    fn take_openid(&mut self) -> Option<String> {
        self.openid.take()
    }
}

/// Handles the request. `is_ok` is true once for each result, whichever instance gets the request. (For a mini program's result with a
/// backend's own challenge that holds as long as the challenge is remembered.)
///
/// # Errors
///
/// What every request may fail with; [`Error::InvalidOpenid`] where the openid has no key; [`Error::NoVerdictOfWeChat`],
/// [`Error::WeChatQuota`].
pub async fn handle(
    State(service): State<Arc<Service>>,
    Authenticated { owner, body }: Authenticated<Request>,
) -> Result<Judged, Error> {
    let json = body::required(body.json_string, Field::JsonString)?;
    let signature = body::required(body.json_signature, Field::JsonSignature)?;
    let of_wechat = WeChatResult::read(&json);
    let judge = if of_wechat.is_some() { Judge::WeChat } else { Judge::WebAuthn };
    let by = service.upstream.is_some().then_some(judge);
    if let Some(judge) = by {
        audit::note_judge(judge);
    }
    let verdict = match of_wechat {
        Some(result) => wechat_result::verify(&service, &owner, &result, &json, &signature).await?,
        None => verify(&service, &owner, &json, &signature).await?,
    };
    Ok(Judged { verdict, by })
}

/// Checks a result of the web.
async fn verify(service: &Service, owner: &Owner, json: &str, signature: &str) -> Result<Verdict, Error> {
    let result = match SoterResult::parse(json, signature) {
        Ok(result) => result,
        Err(error) => return Ok(Verdict::No(error.into())),
    };
    audit::note_credential(result.credential_id());
    let challenge = Challenge::of(&result.raw);
    if !challenge.is_issued && service.challenges == Challenges::Issued {
        return Ok(Verdict::No(Reason::ChallengeUnknown));
    }
    store::until_unlocked(|| check_and_accept(service, owner, &result, &challenge)).await?
}

/// Results of one key are checked one after the other, so that each is checked with the counter of the one before it.
async fn check_and_accept(
    service: &Service,
    owner: &Owner,
    result: &SoterResult,
    challenge: &Challenge,
) -> Result<Result<Verdict, Error>, sqlx::Error> {
    let turn = service.store.turn(owner).await;
    let Some(key) = service.store.key(owner, result.credential_id()).await? else {
        return unknown_key(service, owner).await;
    };
    let assertion = match check(service, result, &key).await {
        Ok(assertion) => assertion,
        Err(error) => return Ok(Ok(Verdict::No(refused(service, owner, challenge, error).await?))),
    };
    let acceptance = acceptance(service, owner, challenge, key, &assertion);
    let (accepted, turn) = service.store.accept(turn, acceptance).await?;
    match verdict(accepted, &assertion) {
        Some(verdict) => Ok(Ok(verdict)),
        None => check_and_accept_locked(service, turn, owner, result, challenge).await,
    }
}

/// Where another instance works on the same key: nobody changes it between the check and the end.
async fn check_and_accept_locked(
    service: &Service,
    turn: Turn,
    owner: &Owner,
    result: &SoterResult,
    challenge: &Challenge,
) -> Result<Result<Verdict, Error>, sqlx::Error> {
    let Some(locked) = service.store.lock_key(turn, result.credential_id()).await? else {
        return unknown_key(service, owner).await;
    };
    let assertion = match check(service, result, locked.key()).await {
        Ok(assertion) => assertion,
        Err(error) => {
            // Another connection is to come, of the pool that this one is of.
            drop(locked);
            return Ok(Ok(Verdict::No(refused(service, owner, challenge, error).await?)));
        }
    };
    let acceptance = acceptance(service, owner, challenge, locked.key().clone(), &assertion);
    let verdict = verdict(locked.accept(acceptance).await?, &assertion);
    Ok(verdict.ok_or(Error::System))
}

pub(super) fn acceptance(
    service: &Service,
    owner: &Owner,
    challenge: &Challenge,
    key: StoredKey,
    assertion: &Assertion,
) -> Acceptance {
    Acceptance {
        owner: owner.clone(),
        before: key.record,
        after: assertion.record.clone(),
        challenge: *challenge,
        keep_for: service.keep_for_result(assertion.record.sign_count),
    }
}

/// `None` where the result is to be checked again.
fn verdict(accepted: Accepted, assertion: &Assertion) -> Option<Verdict> {
    match accepted {
        Accepted::Accepted => {
            report_counter(assertion);
            Some(Verdict::Ok)
        }
        Accepted::Refused(unspendable) => Some(Verdict::No(unspendable.into())),
        Accepted::NotAsRead => None,
    }
}

pub(super) async fn check(
    service: &Service,
    result: &SoterResult,
    key: &StoredKey,
) -> Result<Assertion, Refusal> {
    // Whether it is unspent is for the database to say.
    let expected = Expected::new(result.raw.as_bytes(), User::Identified(key.uid.as_deref()));
    result.verify(&key.record, &expected, &service.policy, &Native).await
}

/// The counter of a result that is sent again has not grown either, which is no sign of a copied key then.
pub(super) async fn refused(
    service: &Service,
    owner: &Owner,
    challenge: &Challenge,
    error: Refusal,
) -> Result<Reason, sqlx::Error> {
    let is_replay =
        error == Refusal::SignCountNotIncreased && service.store.is_spent_on_result(owner, challenge).await?;
    Ok(if is_replay { Reason::ChallengeUsed } else { error.into() })
}

async fn unknown_key(service: &Service, owner: &Owner) -> Result<Result<Verdict, Error>, sqlx::Error> {
    Ok(match service.store.count_keys(owner).await? {
        0 => Err(Error::InvalidOpenid),
        _ => Ok(Verdict::No(Refusal::CredentialUnknown.into())),
    })
}

pub(super) fn report_counter(assertion: &Assertion) {
    if let Counter::NotIncreased { .. } = assertion.counter {
        tracing::warn!("a signature counter has not grown: a copy of the key may be in use");
        metrics::counter!("soter_counters_not_increased_total").increment(1);
    }
}
