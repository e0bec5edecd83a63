//! `POST /cgi-bin/soter/erase_openid`: deletes all that there is of an openid.

use crate::error::Error;
use crate::extract::{Authenticated, OpenidOnly};
use crate::service::Service;
use crate::verdict::Verdict;
use axum::extract::State;
use std::sync::Arc;

/// Handles the request. No result of the web that was accepted before is accepted again: its keys are never registered again, and its challenges
/// were issued to nobody. Of a mini program's result with a backend's own challenge nothing is known any more: WeChat is asked anew, and
/// may say yes again.
///
/// # Errors
///
/// What every request may fail with; [`Error::InvalidOpenid`] where there is nothing of the openid.
pub async fn handle(
    State(service): State<Arc<Service>>,
    Authenticated { owner, .. }: Authenticated<OpenidOnly>,
) -> Result<Verdict, Error> {
    let is_erased = service.store.erase(&owner).await?;
    is_erased.then_some(Verdict::Ok).ok_or(Error::InvalidOpenid)
}
