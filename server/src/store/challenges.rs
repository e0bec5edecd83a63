//! Challenges: each is spent once on a key and once on a result.

use super::database::Database;
use super::lane::{self, Job};
use super::{Owner, Store, until_unlocked};
use crate::challenge::{Challenge, Purpose};
use crate::secret::Hash;
use std::collections::HashMap;

/// An issued challenge.
#[derive(Clone, Debug)]
pub(super) struct NewChallenge {
    pub owner: Owner,
    pub hash: Hash,
    pub expires_at: i64,
    pub now: i64,
    /// Its owner may have fewer than this that are neither spent on a result nor expired.
    pub room: i64,
}

/// Why a challenge could not be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unspendable {
    /// It was spent before.
    SpentBefore,
    /// It was issued to this openid, too long ago.
    Expired,
    /// It was not issued to this openid, or so long ago that it is forgotten.
    NotIssued,
}

impl Unspendable {
    /// Of an issued challenge that could not be spent, by the expiry of its row if there is one.
    pub(super) const fn by_expiry(row: Option<Option<i64>>, now: i64) -> Self {
        match row {
            None => Self::NotIssued,
            Some(Some(expires_at)) if expires_at <= now => Self::Expired,
            Some(_) => Self::SpentBefore,
        }
    }
}

impl Store {
    /// Remembers an issued challenge until it expires; false where its owner has `max_open` already which are neither spent on a
    /// result nor expired.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn add_challenge(
        &self,
        owner: &Owner,
        challenge: &Challenge,
        now: i64,
        expires_at: i64,
        max_open: u32,
    ) -> Result<bool, sqlx::Error> {
        let new = NewChallenge {
            owner: owner.clone(),
            hash: challenge.hash,
            expires_at,
            now,
            room: max_open.into(),
        };
        until_unlocked(|| self.new_challenges.submit(new.clone())).await
    }
}

impl Store {
    /// Spends a challenge on a result that somebody else has checked, once for all instances. A backend's own is remembered until
    /// `keep_until`.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn spend_on_result(
        &self,
        owner: &Owner,
        challenge: &Challenge,
        now: i64,
        keep_until: i64,
    ) -> Result<Result<(), Unspendable>, sqlx::Error> {
        until_unlocked(async || {
            let mut transaction = self.begin(owner).await?;
            let spent = transaction.spend(owner, challenge, Purpose::Result, now, Some(keep_until)).await?;
            if spent.is_ok() {
                transaction.commit().await?;
            }
            Ok(spent)
        })
        .await
    }
}

/// Adds those that have gathered.
pub(super) async fn add_all(database: &dyn Database, mut jobs: Vec<Job<NewChallenge, bool>>) {
    // The database counts what was there before.
    let mut earlier: HashMap<Owner, i64> = HashMap::new();
    for job in &mut jobs {
        let number = earlier.entry(job.input.owner.clone()).or_default();
        job.input.room = job.input.room.saturating_sub(*number);
        *number = number.saturating_add(1);
    }
    let new: Vec<_> = jobs.iter().map(|job| job.input.clone()).collect();
    match database.add_challenges(&new).await {
        Ok(added) => {
            for (job, is_added) in jobs.into_iter().zip(added) {
                job.answer(|_| Ok(is_added));
            }
        }
        Err(error) => lane::fail(jobs, error),
    }
}
