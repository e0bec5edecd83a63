//! Access tokens that an app fetches with its secret, as it does from WeChat.
//!
//! Such a token is random, followed by a code of that under the app's secret, by which any instance sees whose it is. That it
//! was given out, and when, is in the database: a hash of a secret in the configuration is not enough to make one.

use crate::error::Error;
use crate::secret::{self, Hash};
use crate::service::Service;
use crate::settings::App;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use wx_soter_webauthn::base64url;

/// How long a token is good, in seconds; as WeChat's.
pub const LIFETIME: i64 = 7200;

/// So many tokens are remembered, so that not every call asks the database for one.
const MAX_REMEMBERED: usize = 10_000;

/// Tokens that were in the database, with the time of their end.
#[derive(Default)]
pub struct Remembered(Mutex<HashMap<[u8; 32], i64>>);

impl Remembered {
    fn get(&self, hash: &Hash) -> Option<i64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(hash.as_bytes()).copied()
    }

    fn add(&self, hash: &Hash, expires_at: i64) {
        let mut remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= MAX_REMEMBERED {
            remembered.clear();
        }
        remembered.insert(*hash.as_bytes(), expires_at);
    }
}

/// A new token for an app.
///
/// # Errors
///
/// [`Error::System`]
pub async fn issue(service: &Service, app: &App) -> Result<String, Error> {
    let random = secret::random()?;
    let code = code(app, &random).ok_or(Error::System)?;
    let code = base64url::encode(&code.finalize().into_bytes());
    let token = format!("{random}{code}");
    let expires_at = service.clock.now().saturating_add(LIFETIME);
    service.store.add_access_token(&Hash::of(&token), &app.appid, expires_at).await?;
    Ok(token)
}

/// Whether it looks like a token of the app; no longer if the app's secret was changed.
#[must_use]
pub fn is_of(app: &App, token: &str) -> bool {
    let middle = token.len() / 2;
    let Some((random, sent)) = token.split_at_checked(middle) else {
        return false;
    };
    // Compares in constant time.
    let sent = base64url::decode(sent);
    code(app, random).zip(sent).is_some_and(|(code, sent)| code.verify_slice(&sent).is_ok())
}

/// Whether a token that [is an app's](is_of) was given out, and is still good.
///
/// # Errors
///
/// [`Error::InvalidCredential`], [`Error::TokenExpired`], [`Error::System`].
pub async fn check_age(service: &Service, token: &str) -> Result<(), Error> {
    let hash = Hash::of(token);
    let expires_at = match service.fetched_tokens.get(&hash) {
        Some(expires_at) => expires_at,
        None => {
            let expires_at = service.store.access_token(&hash).await?.ok_or(Error::InvalidCredential)?;
            service.fetched_tokens.add(&hash, expires_at);
            expires_at
        }
    };
    (expires_at > service.clock.now()).then_some(()).ok_or(Error::TokenExpired)
}

/// HMAC takes a key of any length, so there always is one.
fn code(app: &App, random: &str) -> Option<Hmac<Sha256>> {
    let mut code = Hmac::<Sha256>::new_from_slice(app.secret.as_bytes()).ok()?;
    code.update(random.as_bytes());
    Some(code)
}
