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
    /// In seconds.
    pub lifetime: i64,
    /// Its owner may have fewer than this that are neither spent on a result nor expired.
    pub room: i64,
}

/// What is known of a challenge.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownChallenge {
    pub has_expired: bool,
    pub is_spent_on_result: bool,
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
    /// Why a challenge cannot be spent on a result, if it cannot. A backend's own is good until it is spent, and again when it is
    /// forgotten.
    pub(super) const fn on_result(challenge: &Challenge, known: Option<KnownChallenge>) -> Option<Self> {
        match known {
            None if challenge.is_issued => Some(Self::NotIssued),
            Some(known) if challenge.is_issued && known.has_expired => Some(Self::Expired),
            Some(known) if known.is_spent_on_result => Some(Self::SpentBefore),
            Some(_) | None => None,
        }
    }

    /// Of an issued challenge that could not be spent, by whether its row has expired if there is one.
    pub(super) const fn of_issued(has_expired: Option<bool>) -> Self {
        match has_expired {
            None => Self::NotIssued,
            Some(true) => Self::Expired,
            Some(false) => Self::SpentBefore,
        }
    }
}

impl Store {
    /// Remembers an issued challenge until it expires, after so many seconds; false where its owner has `max_open` already which
    /// are neither spent on a result nor expired.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn add_challenge(
        &self,
        owner: &Owner,
        challenge: &Challenge,
        lifetime: u32,
        max_open: u32,
    ) -> Result<bool, sqlx::Error> {
        let new = NewChallenge {
            owner: owner.clone(),
            hash: challenge.hash,
            lifetime: lifetime.into(),
            room: max_open.into(),
        };
        until_unlocked(|| self.new_challenges.submit(new.clone())).await
    }
}

impl Store {
    /// Whether a result with this challenge was accepted.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn is_spent_on_result(
        &self,
        owner: &Owner,
        challenge: &Challenge,
    ) -> Result<bool, sqlx::Error> {
        let known = self.database.challenge(owner, challenge).await?;
        Ok(known.is_some_and(|known| known.is_spent_on_result))
    }

    /// Why a challenge could not be spent on a result now, if it could not.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn unspendable_on_result(
        &self,
        owner: &Owner,
        challenge: &Challenge,
    ) -> Result<Option<Unspendable>, sqlx::Error> {
        Ok(Unspendable::on_result(challenge, self.database.challenge(owner, challenge).await?))
    }

    /// Spends a challenge on a result that somebody else has checked, once for all instances. A backend's own is remembered for
    /// `keep_for` seconds.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn spend_on_result(
        &self,
        owner: &Owner,
        challenge: &Challenge,
        keep_for: i64,
    ) -> Result<Result<(), Unspendable>, sqlx::Error> {
        until_unlocked(async || {
            let mut transaction = self.begin(owner).await?;
            let spent = transaction.spend(owner, challenge, Purpose::Result, Some(keep_for)).await?;
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
