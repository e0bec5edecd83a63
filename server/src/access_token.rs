//! Access tokens: who may call. Only their hashes are kept.

use crate::error::{Error, Field};
use crate::secret::{self, Hash};
use crate::service::Service;
use crate::settings::App;

/// How long a fetched token is good, in seconds; as WeChat's.
pub const LIFETIME: i64 = 7200;

/// Who called, for the limits: each configured token, and each app.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// The token of this place in the configuration.
    Token(usize),
    /// An app that fetched its token.
    App(String),
}

/// Whose token it is.
///
/// # Errors
///
/// [`Error::Missing`], [`Error::InvalidCredential`], [`Error::TokenExpired`], [`Error::System`].
pub async fn caller(service: &Service, token: Option<&str>) -> Result<Caller, Error> {
    let token = token.filter(|token| !token.is_empty()).ok_or(Error::Missing(Field::AccessToken))?;
    let hash = Hash::of(token);
    if let Some(place) = place(&service.access_tokens, &hash) {
        return Ok(Caller::Token(place));
    }
    if service.apps.is_empty() {
        return Err(Error::InvalidCredential);
    }
    let (appid, expires_at) = service.store.access_token(&hash).await?.ok_or(Error::InvalidCredential)?;
    // An app that was taken out of the configuration is out at once.
    let is_app = service.apps.iter().any(|app| app.appid == appid);
    match (is_app, expires_at > service.clock.now()) {
        (false, _) => Err(Error::InvalidCredential),
        (true, false) => Err(Error::TokenExpired),
        (true, true) => Ok(Caller::App(appid)),
    }
}

/// A new token for an app that knows its secret.
///
/// # Errors
///
/// [`Error::InvalidAppid`], [`Error::InvalidSecret`], [`Error::System`].
pub async fn issue(service: &Service, appid: &str, secret: &str) -> Result<String, Error> {
    let app = service.apps.iter().find(|app| app.appid == appid).ok_or(Error::InvalidAppid)?;
    check_secret(app, secret)?;
    let token = secret::random()?;
    let expires_at = service.clock.now().saturating_add(LIFETIME);
    service.store.add_access_token(&Hash::of(&token), appid, expires_at).await?;
    Ok(token)
}

fn check_secret(app: &App, secret: &str) -> Result<(), Error> {
    app.secret.is(&Hash::of(secret)).then_some(()).ok_or(Error::InvalidSecret)
}

/// Looks at all of them, however early one matches.
fn place(known: &[Hash], hash: &Hash) -> Option<usize> {
    known
        .iter()
        .enumerate()
        .fold(None, |found, (place, each)| if each.is(hash) { Some(place) } else { found })
}
