//! A fair lock for each openid. Requests of one openid wait for it in the order in which they came, and before they take a
//! connection: so one openid, however many requests it gets or whoever has locked its rows, holds one connection of an
//! instance at most, and each request gets its verdict where all at once would abort each other. All rows that a request locks
//! belong to its openid.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// The locks of an instance: one for each openid that has a request in flight. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct OpenidLocks(Arc<Mutex<HashMap<String, Entry>>>);

#[derive(Debug, Default)]
struct Entry {
    /// How many wait for the lock or hold it.
    users: usize,
    /// Tokio's is fair.
    lock: Arc<tokio::sync::Mutex<()>>,
}

/// Holds the lock of an openid until it is dropped.
pub(super) struct OpenidGuard {
    // Fields are dropped in this order: first the lock is released, then the entry.
    _guard: OwnedMutexGuard<()>,
    _user: User,
}

/// One of those who wait or hold; the last removes the entry.
struct User {
    locks: OpenidLocks,
    openid: String,
}

impl OpenidLocks {
    /// Waits for the lock of an openid.
    pub async fn acquire(&self, openid: &str) -> OpenidGuard {
        let (user, lock) = self.entry(openid);
        OpenidGuard { _guard: lock.lock_owned().await, _user: user }
    }

    fn entry(&self, openid: &str) -> (User, Arc<tokio::sync::Mutex<()>>) {
        let mut entries = self.entries();
        let entry = entries.entry(openid.to_owned()).or_default();
        entry.users = entry.users.saturating_add(1);
        (User { locks: self.clone(), openid: openid.to_owned() }, entry.lock.clone())
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let mut entries = self.locks.entries();
        if let Some(entry) = entries.get_mut(&self.openid) {
            entry.users = entry.users.saturating_sub(1);
            if entry.users == 0 {
                entries.remove(&self.openid);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_lock_is_held_by_one_at_a_time_and_no_entry_is_left() {
        let locks = OpenidLocks::default();
        let first = locks.acquire("alice").await;
        // Another openid does not wait.
        drop(locks.acquire("bob").await);
        let given_up = tokio::spawn({
            let locks = locks.clone();
            async move { drop(locks.acquire("alice").await) }
        });
        let waiting = tokio::spawn({
            let locks = locks.clone();
            async move { drop(locks.acquire("alice").await) }
        });
        while locks.entries().get("alice").is_some_and(|entry| entry.users < 3) {
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
