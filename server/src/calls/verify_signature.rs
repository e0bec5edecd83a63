//! `POST /cgi-bin/soter/verify_signature`: WeChat's call, with its fields and its answer.

use super::Call;
use crate::body;
use crate::challenge::Challenge;
use crate::error::{Error, Field};
use crate::service::Service;
use crate::settings::Challenges;
use crate::store::{Acceptance, StoredKey};
use crate::verdict::{Reason, Verdict};
use axum::extract::State;
use serde::Deserialize;
use std::sync::Arc;
use wx_soter_verifier::assertion::{Assertion, Counter, Expected};
use wx_soter_verifier::native::Native;
use wx_soter_verifier::{Error as Refusal, SoterResult, User};

/// What a backend sends.
#[derive(Deserialize)]
pub struct Body {
    openid: Option<String>,
    /// `resultJSON`
    json_string: Option<String>,
    /// `resultJSONSignature`
    json_signature: Option<String>,
}

/// Answers the call. `is_ok` is true once for each result, whichever instance is asked.
///
/// # Errors
///
/// What every call may fail with; [`Error::InvalidOpenid`] where the openid has no key.
pub async fn call(State(service): State<Arc<Service>>, Call(body): Call<Body>) -> Result<Verdict, Error> {
    let openid = body::openid(body.openid)?;
    let json = body::required(body.json_string, Field::JsonString)?;
    let signature = body::required(body.json_signature, Field::JsonSignature)?;
    let result = match SoterResult::parse(&json, &signature) {
        Ok(result) => result,
        Err(error) => return Ok(Verdict::No(error.into())),
    };
    let challenge = Challenge::of(&result.raw);
    if !challenge.is_issued && service.challenges == Challenges::Issued {
        return Ok(Verdict::No(Reason::ChallengeUnknown));
    }
    check_and_accept(&service, &openid, &result, &challenge).await
}

async fn check_and_accept(
    service: &Service,
    openid: &str,
    result: &SoterResult,
    challenge: &Challenge,
) -> Result<Verdict, Error> {
    // Another result of the same key may come between the check and the acceptance. Then the check must be done over,
    // with that result's counter; this one's is refused then, or is higher still.
    for _ in 0..4 {
        let Some(key) = service.store.key(openid, result.credential_id()).await? else {
            return unknown_key(service, openid).await;
        };
        let assertion = match check(service, result, &key).await {
            Ok(assertion) => assertion,
            Err(error) => return refused(service, openid, challenge, error).await,
        };
        let now = service.clock.now();
        let keep_until = service.keep_until(now);
        let after = &assertion.record;
        match service.store.accept(openid, &key.record, after, challenge, now, keep_until).await? {
            Acceptance::Accepted => return Ok(accepted(&assertion)),
            Acceptance::Refused(unspendable) => return Ok(Verdict::No(unspendable.into())),
            Acceptance::KeyChanged => {}
        }
    }
    tracing::warn!("a key's results come faster than they can be checked");
    Err(Error::System)
}

async fn check(
    service: &Service,
    result: &SoterResult,
    key: &StoredKey,
) -> Result<Assertion, wx_soter_verifier::Error> {
    let expected = Expected {
        // That it is good is for the database to say.
        challenge: result.raw.as_bytes(),
        user: User::Identified(key.uid.as_deref()),
        allowed: &[],
    };
    result.verify(&key.record, &expected, &service.policy, &Native).await
}

/// The counter of a result that is sent again has not grown either, which is no sign of a copied key then.
async fn refused(
    service: &Service,
    openid: &str,
    challenge: &Challenge,
    error: Refusal,
) -> Result<Verdict, Error> {
    let is_replay = error == Refusal::SignCountNotIncreased
        && service.store.is_spent_on_result(openid, challenge).await?;
    Ok(Verdict::No(if is_replay { Reason::ChallengeUsed } else { error.into() }))
}

async fn unknown_key(service: &Service, openid: &str) -> Result<Verdict, Error> {
    match service.store.count_keys(openid).await? {
        0 => Err(Error::InvalidOpenid),
        _ => Ok(Verdict::No(Refusal::CredentialUnknown.into())),
    }
}

fn accepted(assertion: &Assertion) -> Verdict {
    if let Counter::NotIncreased { .. } = assertion.counter {
        tracing::warn!("a signature counter has not grown: a copy of the key may be in use");
        metrics::counter!("soter_counters_not_increased_total").increment(1);
    }
    Verdict::Ok
}
