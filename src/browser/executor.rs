//! Runs the calls' futures.

use std::cell::RefCell;
use std::pin::Pin;
use std::task::{Context, Waker};

type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static READY: RefCell<Vec<Task>> = const { RefCell::new(Vec::new()) };
}

/// Runs a future, beginning with the next [`run_ready`], or the next microtask if nobody calls that.
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    READY.with_borrow_mut(|ready| ready.push(Box::pin(future)));
    wasm_bindgen_futures::spawn_local(async { run_ready() });
}

/// Begins what was spawned, so that the request to the authenticator leaves within the click that caused it: older
/// Safari knows of that click for no longer.
pub fn run_ready() {
    for mut task in READY.take() {
        // A future that is polled again with another waker wakes that one, so what waits can move to the other executor.
        if task
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
        {
            wasm_bindgen_futures::spawn_local(task);
        }
    }
}
