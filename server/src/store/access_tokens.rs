//! Access tokens that the service gave for an appid and its secret.

use super::{Store, until_unlocked};
use crate::secret::Hash;

/// An access token as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedToken {
    /// The app that it was given to.
    pub appid: String,
    /// In how many seconds it expires; none are left of one that has expired.
    pub expires_in: i64,
}

impl Store {
    /// Remembers a token until it expires, after so many seconds.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn add_access_token(&self, hash: &Hash, appid: &str, lifetime: i64) -> Result<(), sqlx::Error> {
        until_unlocked(|| self.database.add_access_token(hash, appid, lifetime)).await
    }

    /// A token, unless it is forgotten. The lookup is by the hash of what was sent, so that its time tells nothing
    /// about a token.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn access_token(&self, hash: &Hash) -> Result<Option<IssuedToken>, sqlx::Error> {
        self.database.access_token(hash).await
    }
}
