//! A fair lock for each owner, who is an openid of an app. Requests of one owner wait for it in the order in which they came, and before they take a
//! connection: so one owner, however many requests it gets or whoever has locked its rows, holds one connection of an
//! instance at most, and each request gets its verdict where all at once would abort each other. All rows that a request locks
//! belong to its owner.

use super::Owner;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// The locks of an instance: one for each owner who has a request in flight. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnerLocks(Arc<Mutex<HashMap<Owner, Entry>>>);

#[derive(Debug, Default)]
struct Entry {
    /// How many wait for the lock or hold it.
    users: usize,
    /// Tokio's is fair.
    lock: Arc<tokio::sync::Mutex<()>>,
}

/// Holds the lock of an owner until it is dropped.
#[derive(Debug)]
pub struct OwnerGuard {
    // Fields are dropped in this order: first the lock is released, then the entry.
    _guard: OwnedMutexGuard<()>,
    _user: User,
}

/// One of those who wait or hold; the last removes the entry.
#[derive(Debug)]
struct User {
    locks: OwnerLocks,
    owner: Owner,
}

impl OwnerLocks {
    /// Waits for the lock of an owner.
    pub async fn acquire(&self, owner: &Owner) -> OwnerGuard {
        let (user, lock) = self.entry(owner);
        OwnerGuard { _guard: lock.lock_owned().await, _user: user }
    }

    fn entry(&self, owner: &Owner) -> (User, Arc<tokio::sync::Mutex<()>>) {
        let mut entries = self.entries();
        let entry = entries.entry(owner.clone()).or_default();
        entry.users = entry.users.saturating_add(1);
        (User { locks: self.clone(), owner: owner.clone() }, entry.lock.clone())
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Owner, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let mut entries = self.locks.entries();
        if let Some(entry) = entries.get_mut(&self.owner) {
            entry.users = entry.users.saturating_sub(1);
            if entry.users == 0 {
                entries.remove(&self.owner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_lock_is_held_by_one_at_a_time_and_no_entry_is_left() {
        let locks = OwnerLocks::default();
        let alice = Owner::new("", "alice");
        let first = locks.acquire(&alice).await;
        // Neither another openid waits, nor the same one of another app.
        drop(locks.acquire(&Owner::new("", "bob")).await);
        drop(locks.acquire(&Owner::new("wx1", "alice")).await);
        let given_up = tokio::spawn({
            let (locks, alice) = (locks.clone(), alice.clone());
            async move { drop(locks.acquire(&alice).await) }
        });
        let waiting = tokio::spawn({
            let (locks, alice) = (locks.clone(), alice.clone());
            async move { drop(locks.acquire(&alice).await) }
        });
        while locks.entries().get(&alice).is_some_and(|entry| entry.users < 3) {
            tokio::task::yield_now().await;
        }
        given_up.abort();
        assert!(given_up.await.is_err_and(|error| error.is_cancelled()));
        assert!(!waiting.is_finished());
        drop(first);
        assert!(waiting.await.is_ok());
        assert!(locks.entries().is_empty());
    }
}
