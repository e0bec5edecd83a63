//! Runs the calls' futures.
//!
//! What a call waits for is JavaScript's business, which tells the module when something is there; so the module never
//! sees a promise. `wasm_bindgen_futures::spawn_local` would do the same with a promise and a closure for each wait, and
//! costs every page more than a kilobyte.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Waker};

type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static TASKS: Cell<Vec<Task>> = const { Cell::new(Vec::new()) };
}

/// Runs a future, and begins at once: the request to the authenticator has to leave within the click that caused it,
/// since older Safari knows of that click for no longer. Only [`resume`] polls it again; its
/// waker does nothing.
pub fn spawn(task: Task) {
    poll(task);
}

/// Goes on with what has something to go on with. Few tasks are open at a time, so all are asked.
pub fn resume() {
    // Tasks call into the page, which may spawn more meanwhile.
    for task in take() {
        poll(task);
    }
}

fn poll(mut task: Task) {
    if task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
        let mut tasks = take();
        tasks.push(task);
        let _ = TASKS.try_with(|open| open.set(tasks));
    }
}

// Nothing is left after the thread has ended, and a page's never does; to panic about it would cost bytes.
fn take() -> Vec<Task> {
    TASKS.try_with(Cell::take).unwrap_or_default()
}
