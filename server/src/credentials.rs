//! Authentication of callers. Only hashes of access tokens are kept.

use crate::app_token::{self, TokenCache};
use crate::caller::Caller;
use crate::error::{Error, Field};
use crate::secret::Hash;
use crate::settings::{AccessToken, App};
use crate::store::Store;
use tokio::time::Instant;

/// The credentials that the configuration accepts.
pub struct Credentials {
    /// Access tokens, by their hashes.
    access_tokens: Vec<AccessToken>,
    /// Apps that fetch theirs.
    apps: Vec<App>,
    /// The app that the database knows by an empty name.
    default_app: Option<String>,
    /// Tokens of apps that were seen lately.
    cache: TokenCache,
}

impl Credentials {
    /// Those of the settings.
    #[must_use]
    pub fn new(access_tokens: Vec<AccessToken>, apps: Vec<App>, default_app: Option<String>) -> Self {
        Self { access_tokens, apps, default_app, cache: TokenCache::default() }
    }

    /// Whose token it is, by nothing but the configuration: guessing costs no database query. The token of an app may have
    /// expired, see [`Self::check_expiry`].
    ///
    /// # Errors
    ///
    /// [`Error::Missing`], [`Error::InvalidCredential`].
    pub fn caller(&self, token: Option<&str>) -> Result<Caller, Error> {
        let token = token.filter(|token| !token.is_empty()).ok_or(Error::Missing(Field::AccessToken))?;
        if let Some(index) = index_of(&self.access_tokens, &Hash::of(token)) {
            return Ok(Caller::Token(index));
        }
        let app = self.apps.iter().find(|app| app_token::is_of(app, token));
        app.map(|app| Caller::App(app.appid.clone())).ok_or(Error::InvalidCredential)
    }

    /// Whose keys and challenges a caller works on: an appid, or nothing for the default app, which is how the database knows
    /// them.
    #[must_use]
    pub fn app_of(&self, caller: &Caller) -> String {
        app_name(self.appid_of(caller), self.default_app.as_deref()).to_owned()
    }

    /// The appid of a caller; `None` for an access token without one.
    #[must_use]
    pub fn appid_of<'a>(&'a self, caller: &'a Caller) -> Option<&'a str> {
        match caller {
            Caller::Token(index) => self.access_tokens.get(*index)?.appid.as_deref(),
            Caller::App(appid) => Some(appid),
        }
    }

    /// Whether the token of an app was issued to it, and has not expired.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidCredential`], [`Error::TokenExpired`], [`Error::System`].
    pub async fn check_expiry(&self, store: &Store, appid: &str, token: &str) -> Result<(), Error> {
        let hash = Hash::of(token);
        let expires_at = match self.cache.get(&hash) {
            Some(expires_at) => expires_at,
            None => {
                let issued = store.access_token(&hash).await?;
                let issued = issued.filter(|issued| issued.appid == appid);
                // What is not there now never will be: it is in the database before anybody has it.
                self.cache.insert(&hash, issued.map(|issued| issued.expires_in))
            }
        };
        match expires_at {
            None => Err(Error::InvalidCredential),
            Some(expires_at) if expires_at <= Instant::now() => Err(Error::TokenExpired),
            Some(_) => Ok(()),
        }
    }

    /// The app of that id, if the secret is its own.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidAppid`], [`Error::InvalidSecret`].
    pub fn app(&self, appid: &str, secret: &str) -> Result<&App, Error> {
        let mut of_appid = self.apps.iter().filter(|app| app.appid == appid).peekable();
        of_appid.peek().ok_or(Error::InvalidAppid)?;
        // While a new secret takes the place of an old one, both are there.
        let hash = Hash::of(secret);
        of_appid.find(|app| app.secret.is(&hash)).ok_or(Error::InvalidSecret)
    }
}

/// How the database knows an app: the default one by an empty name.
#[must_use]
pub fn app_name<'a>(appid: Option<&'a str>, default_app: Option<&str>) -> &'a str {
    appid.filter(|appid| Some(*appid) != default_app).unwrap_or_default()
}

/// Compares with all of them, however early one matches, in constant time.
fn index_of(known: &[AccessToken], hash: &Hash) -> Option<usize> {
    known
        .iter()
        .enumerate()
        .fold(None, |found, (index, each)| if each.hash.is(hash) { Some(index) } else { found })
}
