//! Runs the calls' futures.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Waker};

type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static READY: Cell<Vec<Task>> = const { Cell::new(Vec::new()) };
}

/// Runs a future, beginning with the next [`run_ready`], or the next microtask if nobody calls that.
pub fn spawn(task: Task) {
    let mut ready = READY.take();
    ready.push(task);
    READY.set(ready);
    wasm_bindgen_futures::spawn_local(Box::pin(async { run_ready() }) as Task);
}

/// Begins what was spawned, so that the request to the authenticator leaves within the click that caused it: older
/// Safari knows of that click for no longer.
pub fn run_ready() {
    for mut task in READY.take() {
        // A future that is polled again with another waker wakes that one, so what waits can move to the other executor.
        if task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
            wasm_bindgen_futures::spawn_local(task);
        }
    }
}
