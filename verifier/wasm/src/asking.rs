//! Verification that stops where it has to ask whether a signature holds.

use crate::question::Question;
use std::cell::{Cell, RefCell};
use std::future::{Future, pending};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use wx_soter_verifier::SignatureVerifier;
use wx_soter_verifier::signature::Signed;

/// Gives the answers that are there, and then asks.
///
/// Nothing in a verification depends on time or chance, so with the same input the questions come again in the same order,
/// and each answer meets its question.
pub(crate) struct Asking<'a> {
    answers: &'a [u8],
    given: Cell<usize>,
    question: RefCell<Option<Question>>,
}

/// How far it came.
pub(crate) enum Progress<T> {
    /// To its end.
    Ended(T),
    /// To a question.
    Stopped(Question),
}

impl SignatureVerifier for Asking<'_> {
    async fn holds(&self, signed: Signed<'_>) -> bool {
        let Some(question) = Question::about(signed) else {
            return false;
        };
        let given = self.given.get();
        if let Some(answer) = self.answers.get(given) {
            self.given.set(given.saturating_add(1));
            return *answer == 1;
        }
        self.question.replace(Some(question));
        pending().await
    }
}

impl<'a> Asking<'a> {
    /// With the answers so far, in the order of their questions: 1 for a signature that holds.
    pub(crate) const fn new(answers: &'a [u8]) -> Self {
        Self { answers, given: Cell::new(0), question: RefCell::new(None) }
    }

    /// Runs to the end or to the next question; `None` if a future waits for something else, which none does.
    pub(crate) fn run<T>(&self, verification: impl Future<Output = T>) -> Option<Progress<T>> {
        match pin!(verification).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(ended) => Some(Progress::Ended(ended)),
            Poll::Pending => self.question.take().map(Progress::Stopped),
        }
    }
}
