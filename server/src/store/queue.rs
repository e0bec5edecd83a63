//! Calls of one openid wait for their turn here, in the order in which they came and before they take a connection: so one
//! openid, however many calls it gets or whoever has locked its rows, holds one connection of an instance at most, and each
//! call gets its verdict where all at once would give each other up. All rows that a call locks belong to its openid.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// All queues of an instance: one for each openid that has a call under way. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Queues(Arc<Mutex<HashMap<String, Queue>>>);

#[derive(Debug, Default)]
struct Queue {
    /// Those who wait, and the one whose turn it is.
    members: usize,
    /// Tokio's is fair.
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// It is this one's turn until it is dropped.
pub(super) struct Turn {
    // Fields are dropped in this order: first the next one's turn comes, then the place is given up.
    _turn: OwnedMutexGuard<()>,
    _place: Place,
}

/// A place in a queue, which ends with its last member.
struct Place {
    queues: Queues,
    openid: String,
}

impl Queues {
    /// Waits for the turn of a call.
    pub async fn turn(&self, openid: &str) -> Turn {
        let (place, turn) = self.join(openid);
        Turn { _turn: turn.lock_owned().await, _place: place }
    }

    fn join(&self, openid: &str) -> (Place, Arc<tokio::sync::Mutex<()>>) {
        let mut queues = self.lock();
        let queue = queues.entry(openid.to_owned()).or_default();
        queue.members = queue.members.saturating_add(1);
        (Place { queues: self.clone(), openid: openid.to_owned() }, queue.turn.clone())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Queue>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut queues = self.queues.lock();
        if let Some(queue) = queues.get_mut(&self.openid) {
            queue.members = queue.members.saturating_sub(1);
            if queue.members == 0 {
                queues.remove(&self.openid);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn turns_come_one_by_one_and_nothing_is_left() {
        let queues = Queues::default();
        let first = queues.turn("alice").await;
        // Another openid does not wait.
        drop(queues.turn("bob").await);
        let given_up = tokio::spawn({
            let queues = queues.clone();
            async move { drop(queues.turn("alice").await) }
        });
        let waiting = tokio::spawn({
            let queues = queues.clone();
            async move { drop(queues.turn("alice").await) }
        });
        while queues.lock().get("alice").is_some_and(|queue| queue.members < 3) {
            tokio::task::yield_now().await;
        }
        given_up.abort();
        assert!(given_up.await.is_err_and(|error| error.is_cancelled()));
        assert!(!waiting.is_finished());
        drop(first);
        assert!(waiting.await.is_ok());
        assert!(queues.lock().is_empty());
    }
}
