//! What the store asks of a database. SQLite and PostgreSQL each answer with SQL of their own, and one suite of tests holds for
//! both.
//!
//! What must not happen twice is compared and set by one statement, or under a lock of the key's row, so that it holds
//! between any number of instances.

use super::owner_locks::OwnerGuard;
use super::{
    Acceptance, Accepted, IssuedToken, KeyName, KnownChallenge, ListedKey, NewChallenge, Owner, PoolState,
    StoredKey, Unspendable,
};
use crate::challenge::{Challenge, Purpose};
use crate::secret::Hash;
use async_trait::async_trait;

/// A database. All errors are of its connection or its server, never of what was asked.
#[async_trait]
pub(super) trait Database: Send + Sync {
    /// Begins a transaction on what belongs to one owner, who is locked in this instance until it ends.
    async fn begin(&self, turn: OwnerGuard) -> Result<Box<dyn Transaction>, sqlx::Error>;

    /// Gets ready to accept results of many owners, which may take long.
    async fn begin_many(&self) -> Result<Box<dyn Batch>, sqlx::Error>;

    /// Remembers issued challenges, and says of each whether its owner had room for one more. They need not survive a power
    /// failure: a lost one is refused.
    async fn add_challenges(&self, challenges: &[NewChallenge]) -> Result<Vec<bool>, sqlx::Error>;

    /// Keys as they are now, in the order of their names.
    async fn keys(&self, names: &[KeyName]) -> Result<Vec<Option<StoredKey>>, sqlx::Error>;

    /// How many keys an owner has.
    async fn count_keys(&self, owner: &Owner) -> Result<i64, sqlx::Error>;

    /// All keys of an owner, by the time of their registration.
    async fn list_keys(&self, owner: &Owner) -> Result<Vec<ListedKey>, sqlx::Error>;

    /// What is known of a challenge; `None` where nothing is.
    async fn challenge(
        &self,
        owner: &Owner,
        challenge: &Challenge,
    ) -> Result<Option<KnownChallenge>, sqlx::Error>;

    /// Remembers a fetched access token until it expires, after so many seconds.
    async fn add_access_token(&self, hash: &Hash, appid: &str, lifetime: i64) -> Result<(), sqlx::Error>;

    /// A fetched access token.
    async fn access_token(&self, hash: &Hash) -> Result<Option<IssuedToken>, sqlx::Error>;

    /// Deletes so many challenges that have expired, or fewer, and says how many.
    async fn sweep_challenges(&self, limit: i64) -> Result<u64, sqlx::Error>;

    /// Deletes so many access tokens that have expired, or fewer, and says how many.
    async fn sweep_access_tokens(&self, limit: i64) -> Result<u64, sqlx::Error>;

    /// Reads a key that nobody has, adds a challenge that nobody can use and deletes it again, waits for the disk, and takes the
    /// locks that a result takes, on each of the connections by which results are accepted and keys change. Where the server only
    /// reads, gives up all connections to it.
    async fn prove_writing(&self, nobody: &NewChallenge) -> Result<(), sqlx::Error>;

    /// The connections as they are.
    fn pool_state(&self) -> PoolState;

    /// How many challenges have not expired, and how many seconds ago the first of all challenges expired.
    async fn challenge_figures(&self) -> Result<(i64, Option<i64>), sqlx::Error>;

    /// Its clock, in seconds since 1970.
    async fn now(&self) -> Result<i64, sqlx::Error>;

    /// Ends all connections, after what they are doing.
    async fn close(&self);
}

/// Many results, accepted by one transaction. It waits for no key that others have locked, and for nothing else for long.
#[async_trait]
pub(super) trait Batch: Send {
    /// As [`Transaction::accept`], and makes it last: what has an outcome is on the disk.
    async fn accept(self: Box<Self>, results: &[Acceptance]) -> Result<Vec<Accepted>, NotAccepted>;
}

/// Why a [`Batch`] has no outcomes.
#[derive(Debug)]
pub(super) enum NotAccepted {
    /// Nothing is done, for certain.
    Undone(sqlx::Error),
    /// Nobody knows whether it is done.
    Unknown(sqlx::Error),
}

/// A transaction. It is rolled back where it is dropped.
#[async_trait]
pub(super) trait Transaction: Send {
    /// For each result: if its key is as it was when the result was checked, and its challenge can be spent, does both, or
    /// neither. An owner may come once only.
    async fn accept(&mut self, results: &[Acceptance]) -> Result<Vec<Accepted>, sqlx::Error>;

    /// Locks a key until the end, waiting for whoever has locked it.
    async fn lock_key(&mut self, name: &KeyName) -> Result<Option<StoredKey>, sqlx::Error>;

    /// Spends a challenge. One that a backend made by itself is remembered for `keep_for` seconds, or without a limit, so that
    /// it is not spent again.
    async fn spend(
        &mut self,
        owner: &Owner,
        challenge: &Challenge,
        purpose: Purpose,
        keep_for: Option<i64>,
    ) -> Result<Result<(), Unspendable>, sqlx::Error>;

    /// How many keys an owner has. Until the end nobody else adds one.
    async fn count_keys(&mut self, owner: &Owner) -> Result<i64, sqlx::Error>;

    /// Stores a key; false where the app has one of that id.
    async fn insert_key(&mut self, owner: &Owner, key: &StoredKey) -> Result<bool, sqlx::Error>;

    /// Whether the app had a key of that id which was removed.
    async fn was_removed(&mut self, app: &str, credential_id: &[u8]) -> Result<bool, sqlx::Error>;

    /// Deletes the key of that id, or all keys, of an owner, remembers that they were removed, and says how many.
    async fn delete_keys(&mut self, owner: &Owner, credential_id: Option<&[u8]>) -> Result<u64, sqlx::Error>;

    /// Looks at so many challenges of an owner whose hashes come after one, deletes them, or those of them that are remembered
    /// without a limit, and says how many. With the hash of the last that was looked at, where more may come after it.
    async fn delete_challenges(
        &mut self,
        owner: &Owner,
        lasting_ones: bool,
        after: &[u8],
        limit: i64,
    ) -> Result<(u64, Option<Vec<u8>>), sqlx::Error>;

    /// Makes it all last. Once this was begun and failed, nobody knows whether it does.
    async fn commit(self: Box<Self>) -> Result<(), sqlx::Error>;
}
