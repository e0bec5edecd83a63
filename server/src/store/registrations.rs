//! Registrations: whether an openid may have one more key is decided while nobody else gives it one.

use super::database::Transaction;
use super::keys::KeyName;
use super::{Acceptance, Accepted, Owner, Store, StoredKey, Unspendable};
use crate::challenge::{Challenge, Purpose};

/// A registration under way. Until it is dropped nobody else, in no instance, adds a key of that owner.
pub struct Registering {
    owner: Owner,
    keys: i64,
    transaction: Box<dyn Transaction>,
}

/// A key that was verified.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The key.
    pub key: StoredKey,
    /// The challenge that is spent on it.
    pub challenge: Challenge,
    /// For how many seconds a backend's own challenge is remembered; `None` for as long as the owner has keys.
    pub keep_for: Option<i64>,
}

/// What became of an attempt to store a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addition {
    /// It is stored.
    Added,
    /// The challenge stood in the way.
    Refused(Unspendable),
    /// The challenge of the result by an existing key did.
    ResultRefused(Unspendable),
    /// The app has a key of that credential id already, of this openid or another.
    RegisteredBefore,
    /// The app had a key of that credential id, which was removed.
    RemovedBefore,
}

impl Store {
    /// Begins a registration.
    ///
    /// # Errors
    ///
    /// The database failed, or [somebody else has locked the owner](super::until_unlocked).
    pub async fn registering(&self, owner: &Owner) -> Result<Registering, sqlx::Error> {
        let mut transaction = self.begin(owner).await?;
        let keys = transaction.count_keys(owner).await?;
        Ok(Registering { owner: owner.clone(), keys, transaction })
    }
}

impl Registering {
    /// How many keys the owner has.
    #[must_use]
    pub const fn keys(&self) -> i64 {
        self.keys
    }

    /// One of the keys that the owner has, which nobody changes meanwhile.
    ///
    /// # Errors
    ///
    /// The database failed, or [somebody else has locked it](super::until_unlocked).
    pub async fn existing_key(&mut self, credential_id: &[u8]) -> Result<Option<StoredKey>, sqlx::Error> {
        let name = KeyName { owner: self.owner.clone(), credential_id: credential_id.to_vec() };
        self.transaction.lock_key(&name).await
    }

    /// Accepts the result by an existing key where there is one, spends the challenge and stores the key; or does nothing.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn add(mut self, new: &NewKey, result: Option<Acceptance>) -> Result<Addition, sqlx::Error> {
        if let Some(result) = result {
            match self.transaction.accept(&[result]).await?.first() {
                Some(Accepted::Accepted) => {}
                Some(Accepted::Refused(why)) => return Ok(Addition::ResultRefused(*why)),
                // It was locked, and so is as it was read.
                Some(Accepted::NotAsRead) | None => return Err(sqlx::Error::RowNotFound),
            }
        }
        let spent = self.transaction.spend(&self.owner, &new.challenge, Purpose::Key, new.keep_for).await?;
        if let Err(why) = spent {
            return Ok(Addition::Refused(why));
        }
        if !self.transaction.insert_key(&self.owner, &new.key).await? {
            return Ok(Addition::RegisteredBefore);
        }
        // Only now: the insertion has waited for a removal that was under way.
        if self.transaction.was_removed(&self.owner.app, &new.key.record.id).await? {
            return Ok(Addition::RemovedBefore);
        }
        self.transaction.commit().await?;
        Ok(Addition::Added)
    }
}
