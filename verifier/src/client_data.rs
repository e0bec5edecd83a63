//! The steps that look at client data (§5.8.1).

use crate::error::Error;
use crate::policy::{Iframes, Policy};
use wx_soter_webauthn::base64url;

pub use wx_soter_webauthn::client_data::{Ceremony, ClientData, MAX_SIZE};

/// All steps on client data, in their order.
pub(crate) fn check(
    data: &ClientData,
    ceremony: Ceremony,
    challenge: &[u8],
    policy: &Policy,
) -> Result<(), Error> {
    check_type(data, ceremony)?;
    check_challenge(data, challenge)?;
    check_origin(data, &policy.origins)?;
    check_cross_origin(data, &policy.iframes)?;
    check_top_origin(data, &policy.iframes)
}

/// §7.1 step 7, §7.2 step 10.
fn check_type(data: &ClientData, ceremony: Ceremony) -> Result<(), Error> {
    (data.kind == ceremony.client_data_type()).then_some(()).ok_or(Error::TypeMismatch)
}

/// §7.1 step 8, §7.2 step 11. An empty challenge was never sent.
fn check_challenge(data: &ClientData, sent: &[u8]) -> Result<(), Error> {
    let is_sent = !sent.is_empty() && data.challenge == base64url::encode(sent);
    is_sent.then_some(()).ok_or(Error::ChallengeMismatch)
}

/// §7.1 step 9, §7.2 step 12.
fn check_origin(data: &ClientData, allowed: &[String]) -> Result<(), Error> {
    allowed.contains(&data.origin).then_some(()).ok_or(Error::OriginNotAllowed)
}

/// §7.1 step 10, §7.2 step 13.
fn check_cross_origin(data: &ClientData, iframes: &Iframes) -> Result<(), Error> {
    let is_refused = data.cross_origin == Some(true) && *iframes == Iframes::Refuse;
    (!is_refused).then_some(()).ok_or(Error::CrossOriginNotAllowed)
}

/// §7.1 step 11, §7.2 step 14.
fn check_top_origin(data: &ClientData, iframes: &Iframes) -> Result<(), Error> {
    match (&data.top_origin, iframes) {
        (None, _) => Ok(()),
        // Sub-step 1.
        (Some(_), Iframes::Refuse) => Err(Error::TopOriginNotExpected),
        // Sub-step 2.
        (Some(top), Iframes::Within(pages)) => {
            pages.contains(top).then_some(()).ok_or(Error::TopOriginNotAllowed)
        }
    }
}
