//! Keys: credential records and whose they are.

use super::database::{Database, Transaction};
use super::lane::{self, Job};
use super::{Owner, SWEEP_SIZE, Store, until_unlocked};
use crate::secret::Hash;
use wx_soter_verifier::CredentialRecord;

/// A key as it is stored.
#[derive(Clone, Debug)]
pub struct StoredKey {
    /// The credential record.
    pub record: CredentialRecord,
    /// The user handle, where the backend told it.
    pub uid: Option<Vec<u8>>,
}

impl StoredKey {
    /// Reads the column, which is separated by commas.
    pub(super) fn transports(column: &str) -> Vec<String> {
        column.split(',').filter(|name| !name.is_empty()).map(Into::into).collect()
    }
}

/// A key, and what became of it.
#[derive(Clone, Debug)]
pub struct ListedKey {
    /// The key.
    pub key: StoredKey,
    /// When it was registered, in seconds since 1970.
    pub created_at: i64,
    /// When a result of it was accepted last, in seconds since 1970.
    pub used_at: Option<i64>,
}

/// What one key is found by.
#[derive(Clone, Debug)]
pub(super) struct KeyName {
    pub owner: Owner,
    pub credential_id: Vec<u8>,
}

impl KeyName {
    /// By which it is known after its removal.
    pub fn removed_hash(app: &str, credential_id: &[u8]) -> Hash {
        Hash::of_bytes(&[app.as_bytes(), &[0], credential_id].concat())
    }
}

/// What a removal takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Removal<'a> {
    /// The key of that id.
    Key(&'a [u8]),
    /// All keys.
    Keys,
    /// All keys and all challenges.
    Owner,
}

impl Store {
    /// A key of an openid as it is now.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn key(&self, owner: &Owner, credential_id: &[u8]) -> Result<Option<StoredKey>, sqlx::Error> {
        self.key_reads.submit(KeyName { owner: owner.clone(), credential_id: credential_id.to_vec() }).await
    }

    /// How many keys an openid has.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn count_keys(&self, owner: &Owner) -> Result<i64, sqlx::Error> {
        self.database.count_keys(owner).await
    }

    /// All keys of an openid, the first one first.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn list_keys(&self, owner: &Owner) -> Result<Vec<ListedKey>, sqlx::Error> {
        self.database.list_keys(owner).await
    }

    /// Forgets a key of an openid for good; false if it has none such.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn remove_key(&self, owner: &Owner, credential_id: &[u8]) -> Result<bool, sqlx::Error> {
        self.remove(owner, Removal::Key(credential_id)).await
    }

    /// Forgets all keys of an openid for good.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn remove_keys(&self, owner: &Owner) -> Result<bool, sqlx::Error> {
        self.remove(owner, Removal::Keys).await
    }

    /// Forgets all that there is of an openid; false if there is nothing.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn erase(&self, owner: &Owner) -> Result<bool, sqlx::Error> {
        self.remove(owner, Removal::Owner).await
    }

    /// A result of a key that is gone for good is not accepted, whatever its challenge. So the last key takes along the
    /// challenges that are remembered without a limit. They may be many, and take longer than a call has: the key goes first, for
    /// certain. What is left of them harms nobody, and goes when the call is made again.
    async fn remove(&self, owner: &Owner, removal: Removal<'_>) -> Result<bool, sqlx::Error> {
        let credential_id = match removal {
            Removal::Key(credential_id) => Some(credential_id),
            Removal::Keys | Removal::Owner => None,
        };
        let remove = async || {
            let mut transaction = self.begin(owner).await?;
            // Nobody adds one until the end.
            let keys = transaction.count_keys(owner).await?;
            let deleted = transaction.delete_keys(owner, credential_id).await?;
            transaction.commit().await?;
            Ok((deleted, i64::try_from(deleted).is_ok_and(|deleted| deleted < keys)))
        };
        let (mut deleted, is_any_left) = until_unlocked(remove).await?;
        let mut next = if is_any_left { None } else { Some(Vec::new()) };
        while let Some(after) = next {
            let forgotten;
            (forgotten, next) = until_unlocked(|| self.forget_some(owner, removal, &after)).await?;
            if removal == Removal::Owner {
                deleted = deleted.saturating_add(forgotten);
            }
        }
        Ok(deleted > 0)
    }

    /// Forgets some challenges of an owner without keys: how many, and after which of them to go on, if there are more.
    async fn forget_some(
        &self,
        owner: &Owner,
        removal: Removal<'_>,
        after: &[u8],
    ) -> Result<(u64, Option<Vec<u8>>), sqlx::Error> {
        let mut transaction = self.begin(owner).await?;
        if transaction.count_keys(owner).await? > 0 {
            // Whoever has got one meanwhile needs what is remembered, unless all is to go.
            if removal != Removal::Owner {
                return Ok((0, None));
            }
            transaction.delete_keys(owner, None).await?;
        }
        let is_owner = removal == Removal::Owner;
        let forgotten = transaction.delete_challenges(owner, !is_owner, after, SWEEP_SIZE).await?;
        transaction.commit().await?;
        Ok(forgotten)
    }

    /// Waits for the lock of the owner and for a connection, in this order, so that each owner holds one connection at most.
    pub(super) async fn begin(&self, owner: &Owner) -> Result<Box<dyn Transaction>, sqlx::Error> {
        self.database.begin(self.locks.acquire(owner).await).await
    }
}

/// Reads those that have gathered.
pub(super) async fn read_all(database: &dyn Database, jobs: Vec<Job<KeyName, Option<StoredKey>>>) {
    let names: Vec<_> = jobs.iter().map(|job| job.input.clone()).collect();
    match database.keys(&names).await {
        Ok(keys) => {
            for (job, key) in jobs.into_iter().zip(keys) {
                job.answer(|_| Ok(key));
            }
        }
        Err(error) => lane::fail(jobs, error),
    }
}
