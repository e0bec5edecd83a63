//! Access tokens: who may call. Only their hashes are kept.

use crate::error::{Error, Field};
use crate::fetched_token;
use crate::secret::Hash;
use crate::service::Service;

/// Who calls, for the limits: each configured token, and each app.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// The token of this place in the configuration.
    Token(usize),
    /// An app with a token that it fetched.
    App(String),
}

/// Whose token it is, by nothing but the configuration: guessing costs no question to the database. A fetched token may be
/// too old, see [`fetched_token::check_age`].
///
/// # Errors
///
/// [`Error::Missing`], [`Error::InvalidCredential`].
pub fn caller(service: &Service, token: Option<&str>) -> Result<Caller, Error> {
    let token = token.filter(|token| !token.is_empty()).ok_or(Error::Missing(Field::AccessToken))?;
    if let Some(place) = place(&service.access_tokens, &Hash::of(token)) {
        return Ok(Caller::Token(place));
    }
    let app = service.apps.iter().find(|app| fetched_token::is_of(app, token));
    app.map(|app| Caller::App(app.appid.clone())).ok_or(Error::InvalidCredential)
}

/// Looks at all of them, however early one matches.
fn place(known: &[Hash], hash: &Hash) -> Option<usize> {
    known
        .iter()
        .enumerate()
        .fold(None, |found, (place, each)| if each.is(hash) { Some(place) } else { found })
}
