//! Runs the calls' futures.
//!
//! `wasm_bindgen_futures::spawn_local` would do, at the price of a kilobyte and of looking for `queueMicrotask` on every
//! global object that there may be.

use super::sys;
use std::cell::Cell;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use wasm_bindgen::closure::Closure;

type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static TASKS: Cell<Vec<Task>> = const { Cell::new(Vec::new()) };
}

/// Wakes all tasks: few are open at a time, and to poll one too often does no harm.
struct All;

impl Wake for All {
    fn wake(self: Arc<Self>) {
        sys::queue_microtask(&Closure::once_into_js(run));
    }
}

/// Runs a future, beginning with the next [`run`], or the next microtask if nobody calls that.
pub fn spawn(task: Task) {
    keep(task);
    Arc::new(All).wake();
}

/// Begins what was spawned, so that the request to the authenticator leaves within the click that caused it: older
/// Safari knows of that click for no longer.
pub fn run() {
    let waker = Waker::from(Arc::new(All));
    // Tasks call into the page, which may spawn and run more meanwhile.
    for mut task in TASKS.take() {
        if task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            keep(task);
        }
    }
}

fn keep(task: Task) {
    let mut tasks = TASKS.take();
    tasks.push(task);
    TASKS.set(tasks);
}
