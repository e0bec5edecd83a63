//! How a call answers: `success` or `fail`, then `complete`; or a promise. Each call answers once, whatever happens.

use super::{executor, json, sys};
use crate::api::Api;
use crate::failure::Failure;
use crate::result::{Answer, Success};
use js_sys::{Function, Object, Promise, Reflect};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

thread_local! {
    /// Calls that have not answered yet.
    static OPEN: RefCell<Vec<Rc<Call>>> = const { RefCell::new(Vec::new()) };
}

struct Call {
    api: Api,
    answered: Cell<bool>,
    answer_to: AnswerTo,
}

enum AnswerTo {
    Callbacks {
        success: Option<Function>,
        fail: Option<Function>,
        complete: Option<Function>,
    },
    Promise {
        resolve: Function,
        reject: Function,
    },
}

/// Answers a call with the outcome of `work`, and returns what the call returns: a promise, or undefined where the
/// options have one of the callback keys. That the key is there decides, not what it holds, as in WeChat.
pub fn answer(
    api: Api,
    options: &JsValue,
    work: impl Future<Output = Result<Success, Failure>> + 'static,
) -> JsValue {
    let has_callbacks = options.is_object()
        && ["success", "fail", "complete"]
            .iter()
            .any(|name| Reflect::has(options, &(*name).into()).unwrap_or(false));
    let (answer_to, returned) = if has_callbacks {
        let callbacks = AnswerTo::Callbacks {
            success: sys::method(options, "success"),
            fail: sys::method(options, "fail"),
            complete: sys::method(options, "complete"),
        };
        (callbacks, JsValue::UNDEFINED)
    } else {
        let mut functions = None;
        let promise = Promise::new(&mut |resolve, reject| functions = Some((resolve, reject)));
        let (resolve, reject) = functions.unwrap_or_default();
        (AnswerTo::Promise { resolve, reject }, promise.into())
    };
    let call = Rc::new(Call {
        api,
        answered: Cell::new(false),
        answer_to,
    });
    OPEN.with_borrow_mut(|open| open.push(Rc::clone(&call)));
    executor::spawn(async move { call.settle(work.await) });
    returned
}

/// Answers all open calls with an internal error. After a panic nothing else would.
pub fn abandon(detail: &str) {
    let open = OPEN.try_with(|open| open.try_borrow_mut().map(|mut open| std::mem::take(&mut *open)));
    for call in open.into_iter().flatten().flatten() {
        call.settle(Err(Failure::internal(detail)));
    }
}

impl Call {
    /// Answers in a later microtask: never before the call has returned, and never on the stack of what went wrong.
    fn settle(self: Rc<Self>, outcome: Result<Success, Failure>) {
        if self.answered.replace(true) {
            return;
        }
        let _ = OPEN.try_with(|open| {
            open.try_borrow_mut()
                .map(|mut open| open.retain(|call| !Rc::ptr_eq(call, &self)))
        });
        let succeeded = outcome.is_ok();
        let answer = Answer::new(self.api, outcome);
        wasm_bindgen_futures::spawn_local(async move { self.deliver(succeeded, &answer) });
    }

    fn deliver(&self, succeeded: bool, answer: &Answer) {
        let object = json::to_js(answer);
        match &self.answer_to {
            AnswerTo::Callbacks {
                success,
                fail,
                complete,
            } => {
                run(if succeeded { success } else { fail }.as_ref(), &object);
                run(complete.as_ref(), &object);
            }
            AnswerTo::Promise { resolve, .. } if succeeded => run(Some(resolve), &object),
            AnswerTo::Promise { reject, .. } => {
                let error = js_sys::Error::new(answer.err_msg());
                run(Some(reject), &Object::assign(&error, object.unchecked_ref()));
            }
        }
    }
}

/// Runs a callback. What it throws is reported and stops nothing.
fn run(callback: Option<&Function>, argument: &JsValue) {
    let Some(callback) = callback else { return };
    if let Err(error) = callback.call1(&JsValue::UNDEFINED, argument)
        && sys::call(&js_sys::global(), "reportError", &[&error]).is_err()
    {
        sys::console_error(&error);
    }
}
