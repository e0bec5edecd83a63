//! Many jobs in one go: while the database works on some, the next ones gather, and it does them all together. With one job at a
//! time nothing waits.

use super::shared_error;
use super::waiting::Waiting;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// So many at most in one go.
const MAX_JOBS: usize = 256;

/// What a job's caller gets.
pub(super) type Outcome<O> = Result<O, sqlx::Error>;

/// The waiting jobs, and the task that does them.
#[derive(Debug)]
pub(super) struct Lane<I, O>(mpsc::UnboundedSender<(Job<I, O>, Waiting)>);

/// A job, whose caller waits for its outcome.
#[derive(Debug)]
pub(super) struct Job<I, O> {
    pub input: I,
    caller: oneshot::Sender<Outcome<O>>,
}

impl<I, O> Job<I, O> {
    /// Whether nobody waits for the outcome any longer, since the call was dropped.
    pub fn is_abandoned(&self) -> bool {
        self.caller.is_closed()
    }

    pub fn answer(self, outcome: impl FnOnce(I) -> Outcome<O>) {
        // Whoever is gone needs none.
        let _ = self.caller.send(outcome(self.input));
    }
}

impl<I: Send + 'static, O: Send + 'static> Lane<I, O> {
    /// Work that takes longer than `timeout` is dropped, and its connection with it: there is no answer from that.
    pub fn start<W>(timeout: Duration, work: impl Fn(Vec<Job<I, O>>) -> W + Send + 'static) -> Self
    where
        W: Future<Output = ()> + Send + 'static,
    {
        let (sender, mut waiting) = mpsc::unbounded_channel::<(Job<I, O>, Waiting)>();
        tokio::spawn(async move {
            let mut had_company = false;
            while let Some((first, its_turn)) = waiting.recv().await {
                // Those that are about to come get in. Where the last one was alone there are none: this wakes another thread,
                // which would take longer than the wait is worth.
                if had_company {
                    tokio::task::yield_now().await;
                }
                let mut jobs = vec![first];
                // From now on it is worked on, and does not wait any more.
                drop(its_turn);
                while jobs.len() < MAX_JOBS
                    && let Ok((job, its_turn)) = waiting.try_recv()
                {
                    jobs.push(job);
                    drop(its_turn);
                }
                had_company = jobs.len() > 1;
                jobs.retain(|job| !job.is_abandoned());
                if !jobs.is_empty() {
                    do_in_time(timeout, work(jobs)).await;
                }
            }
        });
        Self(sender)
    }

    /// Waits for the outcome of a job.
    pub async fn submit(&self, input: I) -> Outcome<O> {
        let (caller, outcome) = oneshot::channel();
        self.0
            .send((Job { input, caller }, Waiting::with_others()))
            .map_err(|_| sqlx::Error::WorkerCrashed)?;
        outcome.await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }
}

/// A panic ends these jobs, which are dropped with the work, and not the lane: nothing else is shared between one work and the
/// next that a panic could leave half done.
async fn do_in_time(timeout: Duration, work: impl Future<Output = ()>) {
    // In a block of its own, so that what is dropped after the time is dropped where a panic is caught, too.
    let in_time = async { tokio::time::timeout(timeout, work).await };
    match AssertUnwindSafe(in_time).catch_unwind().await {
        Ok(Ok(())) => {}
        Ok(Err(_)) => tracing::error!("the database took too long"),
        Err(panic) => {
            let says = panic.downcast_ref::<&str>().copied();
            let says =
                says.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or_default();
            tracing::error!(panic = says, "work for the database ended early");
        }
    }
}

/// Answers all jobs with one error.
pub(super) fn fail<I, O>(jobs: Vec<Job<I, O>>, error: sqlx::Error) {
    for (job, error) in jobs.into_iter().zip(shared_error::copies(error)) {
        job.answer(|_| Err(error));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use std::sync::{Arc, Mutex};
    use tokio::sync::Semaphore;

    /// Each answer is twice the question, once the test lets the work go on.
    fn doubling(seen: Arc<Mutex<Vec<usize>>>, go: Arc<Semaphore>) -> Lane<u32, u32> {
        Lane::start(Duration::from_secs(600), move |jobs: Vec<Job<u32, u32>>| {
            let (seen, go) = (seen.clone(), go.clone());
            async move {
                seen.lock().map(|mut seen| seen.push(jobs.len())).unwrap_or_default();
                if let Ok(permit) = go.acquire().await {
                    permit.forget();
                }
                for job in jobs {
                    job.answer(|number| Ok(number * 2));
                }
            }
        })
    }

    #[tokio::test]
    async fn what_gathers_is_done_together_and_what_was_dropped_is_not() {
        let (seen, go) = (Arc::<Mutex<Vec<usize>>>::default(), Arc::new(Semaphore::new(0)));
        let lane = Arc::new(doubling(seen.clone(), go.clone()));
        let submit = |number: u32| {
            let lane = lane.clone();
            tokio::spawn(async move { lane.submit(number).await })
        };
        let first = submit(1);
        while seen.lock().is_ok_and(|seen| seen.is_empty()) {
            tokio::task::yield_now().await;
        }
        let (second, dropped, third) = (submit(2), submit(3), submit(4));
        // All are in the queue once the tasks have run.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        dropped.abort();
        assert!(dropped.await.is_err());
        go.add_permits(2);
        for (task, answer) in [(first, 2), (second, 4), (third, 8)] {
            assert!(matches!(task.await, Ok(Ok(number)) if number == answer));
        }
        assert_eq!(seen.lock().map(|seen| seen.clone()).unwrap_or_default(), [1, 2]);
    }

    #[tokio::test]
    async fn those_who_wait_are_counted_and_those_who_are_worked_for_are_not() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        let _recorder = metrics::set_default_local_recorder(&recorder);
        let waiting = || {
            let text = handle.render();
            text.lines().find_map(|line| {
                line.strip_prefix(r#"soter_database_waiting{work="shared"} "#).map(str::to_owned)
            })
        };
        let (seen, go) = (Arc::<Mutex<Vec<usize>>>::default(), Arc::new(Semaphore::new(0)));
        let lane = Arc::new(doubling(seen.clone(), go.clone()));
        let submit = |number: u32| {
            let lane = lane.clone();
            tokio::spawn(async move { lane.submit(number).await })
        };
        let first = submit(1);
        while seen.lock().is_ok_and(|seen| seen.is_empty()) {
            tokio::task::yield_now().await;
        }
        assert_eq!(waiting().as_deref(), Some("0"));
        let others = [submit(2), submit(3)];
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert_eq!(waiting().as_deref(), Some("2"));
        go.add_permits(2);
        for task in others.into_iter().chain([first]) {
            assert!(matches!(task.await, Ok(Ok(_))));
        }
        assert_eq!(waiting().as_deref(), Some("0"));
    }

    #[tokio::test]
    async fn a_panic_fails_its_jobs_and_not_the_next_ones() {
        let lane: Lane<u32, u32> = Lane::start(Duration::from_secs(600), |jobs: Vec<Job<u32, u32>>| async {
            for job in jobs {
                assert_ne!(job.input, 0);
                job.answer(Ok);
            }
        });
        assert!(lane.submit(0).await.is_err());
        assert!(matches!(lane.submit(1).await, Ok(1)));
    }
}
