//! Accepting results: the challenge is spent and the key's counter stored in one transaction, that of all results which have
//! gathered meanwhile. Nobody gets an answer before it is committed.

use super::database::{Database, NotAccepted, Transaction};
use super::keys::KeyName;
use super::lane::{self, Job};
use super::owner_locks::OwnerGuard;
use super::transaction::is_locked;
use super::{Owner, Store, StoredKey, Unspendable};
use crate::challenge::Challenge;
use wx_soter_verifier::CredentialRecord;

/// A result that was checked with a key as it was read.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// Whose it is.
    pub owner: Owner,
    /// The key's record as it was read.
    pub before: CredentialRecord,
    /// What it becomes.
    pub after: CredentialRecord,
    /// The challenge that is spent.
    pub challenge: Challenge,
    /// For how many seconds a backend's own challenge is remembered; `None` for as long as the owner has keys.
    pub keep_for: Option<i64>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// The challenge is spent, and the record stored.
    Accepted,
    /// The challenge stood in the way.
    Refused(Unspendable),
    /// The key is not as it was read, or others have locked it. It wants to be locked and checked again.
    NotAsRead,
}

/// The owner's turn goes with a result, so that it lasts until the database is done, even if the call is dropped.
pub(super) type Input = (Acceptance, OwnerGuard);
pub(super) type Output = (Accepted, OwnerGuard);

/// The turn of one owner among his requests in this instance.
#[derive(Debug)]
pub struct Turn {
    owner: Owner,
    guard: OwnerGuard,
}

/// A key whose row nobody else can change, in no instance, until it is dropped or a result of it is accepted: a result is
/// checked with the counter of the one before it.
pub struct LockedKey {
    key: StoredKey,
    transaction: Box<dyn Transaction>,
}

impl Store {
    /// Waits for the requests of that owner that came before.
    pub async fn turn(&self, owner: &Owner) -> Turn {
        Turn { owner: owner.clone(), guard: self.locks.acquire(owner).await }
    }

    /// Accepts a result whose key is still as it was read, together with others'. The turn comes back for another attempt.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn accept(&self, turn: Turn, result: Acceptance) -> Result<(Accepted, Turn), sqlx::Error> {
        let (accepted, guard) = self.acceptances.submit((result, turn.guard)).await?;
        Ok((accepted, Turn { guard, ..turn }))
    }

    /// Locks a key's row.
    ///
    /// # Errors
    ///
    /// The database failed, or [somebody else has locked it](super::until_unlocked).
    pub async fn lock_key(&self, turn: Turn, credential_id: &[u8]) -> Result<Option<LockedKey>, sqlx::Error> {
        let mut transaction = self.database.begin(turn.guard).await?;
        let name = KeyName { owner: turn.owner, credential_id: credential_id.to_vec() };
        let key = transaction.lock_key(&name).await?;
        Ok(key.map(|key| LockedKey { key, transaction }))
    }
}

impl LockedKey {
    /// The key.
    #[must_use]
    pub const fn key(&self) -> &StoredKey {
        &self.key
    }

    /// Spends the challenge and stores what a result changed in the record, or does neither.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn accept(mut self, result: Acceptance) -> Result<Accepted, sqlx::Error> {
        let accepted = self.transaction.accept(&[result]).await?;
        self.transaction.commit().await?;
        Ok(accepted.first().copied().unwrap_or(Accepted::NotAsRead))
    }
}

/// Accepts those that have gathered. Where the database cannot take them together, each is tried alone.
pub(super) async fn accept_all(database: &dyn Database, jobs: Vec<Job<Input, Output>>) {
    let Err(undone) = accept_together(database, jobs).await else {
        return;
    };
    if undone.jobs.len() == 1 && is_locked(&undone.error) {
        return fail(undone.jobs, undone.error);
    }
    tracing::debug!(error = %undone.error, "each alone");
    for job in undone.jobs {
        if let Err(Undone { jobs, error }) = accept_together(database, vec![job]).await {
            fail(jobs, error);
        }
    }
}

/// Jobs of which none is done, for certain, and why.
struct Undone {
    jobs: Vec<Job<Input, Output>>,
    error: sqlx::Error,
}

async fn accept_together(database: &dyn Database, mut jobs: Vec<Job<Input, Output>>) -> Result<(), Undone> {
    let batch = match database.begin_many().await {
        Ok(batch) => batch,
        // Each alone would wait as long again.
        Err(error) => {
            fail(jobs, error);
            return Ok(());
        }
    };
    // To begin may have taken long, and whoever is gone was told nothing.
    jobs.retain(|job| !job.is_abandoned());
    if jobs.is_empty() {
        return Ok(());
    }
    let results: Vec<_> = jobs.iter().map(|job| job.input.0.clone()).collect();
    match batch.accept(&results).await {
        Ok(accepted) => {
            for (job, accepted) in jobs.into_iter().zip(accepted) {
                job.answer(|(_, guard)| Ok((accepted, guard)));
            }
            Ok(())
        }
        Err(NotAccepted::Undone(error)) => Err(Undone { jobs, error }),
        Err(NotAccepted::Unknown(error)) => {
            lane::fail(jobs, error);
            Ok(())
        }
    }
}

/// Where a row is locked, the call waits for it on a connection of its own.
fn fail(jobs: Vec<Job<Input, Output>>, error: sqlx::Error) {
    if is_locked(&error) {
        for job in jobs {
            job.answer(|(_, guard)| Ok((Accepted::NotAsRead, guard)));
        }
    } else {
        lane::fail(jobs, error);
    }
}
