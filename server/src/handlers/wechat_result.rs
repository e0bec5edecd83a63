//! Results of mini programs, which WeChat checks. Their challenges are spent here all the same: nothing is known of whether WeChat says
//! yes to one result twice.

use crate::challenge::Challenge;
use crate::error::Error;
use crate::service::Service;
use crate::settings::Challenges;
use crate::store::Owner;
use crate::upstream::answer::Answer;
use crate::upstream::wechat_result::WeChatResult;
use crate::verdict::{Reason, Verdict};

/// Has WeChat check a result, and spends its challenge. As with a result of the web nothing is spent on one that does not hold, and one
/// that was accepted is refused from then on: with an issued challenge for ever, with a backend's own for as long as that is remembered.
///
/// # Errors
///
/// The database failed, or there is no verdict of WeChat's.
pub async fn verify(
    service: &Service,
    owner: &Owner,
    result: &WeChatResult,
    json: &str,
    signature: &str,
) -> Result<Verdict, Error> {
    let Some(app) = service.upstream.as_ref().and_then(|upstream| upstream.app(&owner.app)) else {
        return Ok(Verdict::No(Reason::UpstreamNotSet));
    };
    if let Err(error) = WeChatResult::check_size(json, signature) {
        return Ok(Verdict::No(error.into()));
    }
    let challenge = Challenge::of(&result.raw);
    if !challenge.is_issued && service.challenges == Challenges::Issued {
        return Ok(Verdict::No(Reason::ChallengeUnknown));
    }
    // It takes nothing of the app's quota to say so.
    if let Some(why) = service.store.unspendable_on_result(owner, &challenge).await? {
        return Ok(Verdict::No(why.into()));
    }
    match app.verify(&owner.openid, json, signature).await? {
        Answer::No => return Ok(Verdict::No(Reason::RefusedByWeChat)),
        Answer::Yes => {}
    }
    // Of all who got a yes for this challenge, one spends it.
    let spent = service.store.spend_on_result(owner, &challenge, service.keep_own_challenge()).await?;
    Ok(spent.map_or_else(|why| Verdict::No(why.into()), |()| Verdict::Ok))
}
