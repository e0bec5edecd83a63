//! Access tokens that an app fetches with its secret, as it does from WeChat.
//!
//! Such a token is random, followed by a MAC of that under the hash of the app's secret, by which any instance sees whose it
//! is. That it was issued, and when, is in the database: a hash of a secret in the configuration is not enough to make one.

use crate::error::Error;
use crate::secret::{self, Hash};
use crate::settings::App;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use wx_soter_webauthn::base64url;

/// How long a token is valid, in seconds; as WeChat's.
pub const LIFETIME: i64 = 7200;

/// So many tokens are cached, so that not every request queries the database for one.
const MAX_CACHED: usize = 10_000;

/// Tokens that were looked up in the database, with the time of their expiry; `None` for one that was not there. Nobody sets the
/// clock that this is read from.
#[derive(Default)]
pub struct TokenCache(Mutex<HashMap<[u8; 32], Option<Instant>>>);

impl TokenCache {
    /// When the token of that hash expires, if it is cached.
    pub fn get(&self, hash: &Hash) -> Option<Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(hash.as_bytes()).copied()
    }

    /// Caches a token that expires in so many seconds, or that does not exist, and says when it expires. A full cache is emptied.
    pub fn insert(&self, hash: &Hash, expires_in: Option<i64>) -> Option<Instant> {
        let seconds = expires_in.map(|seconds| seconds.clamp(0, LIFETIME).unsigned_abs());
        let expires_at = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cached.len() >= MAX_CACHED {
            cached.clear();
        }
        cached.insert(*hash.as_bytes(), expires_at);
        expires_at
    }
}

/// A new token for an app, which is valid once it is in the database.
///
/// # Errors
///
/// [`Error::System`]
pub fn generate(app: &App) -> Result<String, Error> {
    let random = secret::random()?;
    let mac = mac(app, &random).ok_or(Error::System)?;
    let mac = base64url::encode(&mac.finalize().into_bytes());
    Ok(format!("{random}{mac}"))
}

/// Whether it has the MAC of the app; no longer if the app's secret was changed.
#[must_use]
pub fn is_of(app: &App, token: &str) -> bool {
    let middle = token.len() / 2;
    let Some((random, sent)) = token.split_at_checked(middle) else {
        return false;
    };
    // Compares in constant time.
    let sent = base64url::decode(sent);
    mac(app, random).zip(sent).is_some_and(|(mac, sent)| mac.verify_slice(&sent).is_ok())
}

/// HMAC takes a key of any length, so there always is one.
fn mac(app: &App, random: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(app.secret.as_bytes()).ok()?;
    mac.update(random.as_bytes());
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_cached_token_expires_when_the_database_said_it_would() {
        let (cache, hash) = (TokenCache::default(), Hash::of("token"));
        let is_good = || cache.get(&hash).flatten().is_some_and(|end| end > Instant::now());
        assert!(cache.insert(&hash, Some(20)).is_some());
        tokio::time::advance(Duration::from_secs(19)).await;
        assert!(is_good());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(!is_good());
        for (expires_in, is_issued) in [(None, false), (Some(-5), true)] {
            assert_eq!(cache.insert(&hash, expires_in).is_some(), is_issued);
            assert!(!is_good());
        }
    }
}
