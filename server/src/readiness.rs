//! Readiness: whether a call that comes now could be answered. That is proved by writing what a call would write: a database
//! that still reads (a standby, a full disk, a file that was deleted) looks well and fails every call.

use crate::clock::Clock;
use crate::store::Store;
use crate::{database_url, inspection};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// No question waits longer than this.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// So long an answer holds, for everybody: how often it is asked for costs the database nothing.
const MAX_AGE: Duration = Duration::from_secs(1);

/// Why the service is not ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReady {
    /// It is shutting down.
    Stopping,
    /// A write failed.
    CannotWrite,
    /// A write took too long.
    SlowDatabase,
    /// The SQLite file was deleted or replaced, and what is written is lost.
    FileGone,
}

impl NotReady {
    /// A few words for whoever asks.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Stopping => "stopping",
            Self::CannotWrite => "the database cannot be written to",
            Self::SlowDatabase => "slow database",
            Self::FileGone => "the database's file is gone",
        }
    }
}

/// What can be asked whether it is ready.
pub trait Probe: Send + Sync {
    /// Tries it.
    fn probe(&self) -> impl Future<Output = Result<(), NotReady>> + Send;

    /// Tells the log more of a failure. That may take as long again, so nobody waits for it.
    fn explain(&self, _: NotReady) {}
}

/// The last answer of a probe, which is asked by one at a time.
pub struct Readiness<P> {
    probe: P,
    last: Mutex<Option<(Instant, Result<(), NotReady>)>>,
    is_in_doubt: AtomicBool,
}

impl<P: Probe> Readiness<P> {
    /// Of what the probe tries.
    pub const fn new(probe: P) -> Self {
        Self { probe, last: Mutex::const_new(None), is_in_doubt: AtomicBool::new(false) }
    }

    /// Whether it is ready, by an answer that is not older than `MAX_AGE`.
    ///
    /// # Errors
    ///
    /// It is not.
    pub async fn check(&self) -> Result<(), NotReady> {
        let mut last = self.last.lock().await;
        if let Some((at, answer)) = *last
            && at.elapsed() < MAX_AGE
        {
            return answer;
        }
        let answer = self.probe.probe().await;
        let before = last.replace((Instant::now(), answer)).map(|(_, answer)| answer);
        drop(last);
        match answer {
            Err(reason) if before != Some(answer) => tracing::error!(reason = reason.text(), "not ready"),
            Ok(()) if before.is_some_and(|before| before.is_err()) => tracing::info!("ready again"),
            _ => {}
        }
        if let Err(reason) = answer {
            self.probe.explain(reason);
        }
        answer
    }

    /// Asks as soon as something has failed, and not only when somebody wants to know: a probe also has the store give up
    /// connections that are of no use any more.
    pub fn doubt(self: &Arc<Self>)
    where
        P: 'static,
    {
        if self.is_in_doubt.swap(true, Ordering::Relaxed) {
            return;
        }
        let readiness = self.clone();
        tokio::spawn(async move {
            // An answer from before may still hold for others.
            let last = *readiness.last.lock().await;
            if let Some((at, _)) = last {
                tokio::time::sleep_until(at + MAX_AGE).await;
            }
            let _ = readiness.check().await;
            readiness.is_in_doubt.store(false, Ordering::Relaxed);
        });
    }
}

/// Writes into the database as calls do.
pub struct DatabaseProbe {
    store: Store,
    clock: Arc<dyn Clock>,
    url: String,
    file: Option<FileIdentity>,
}

impl DatabaseProbe {
    /// Of a store that was just opened by this URL.
    #[must_use]
    pub fn new(store: Store, url: &str, clock: Arc<dyn Clock>) -> Self {
        let file = database_url::sqlite_file(url).and_then(FileIdentity::of);
        Self { store, clock, url: url.to_owned(), file }
    }
}

/// A pool says no more than that no connection came in time. On such a day one more connection is made, and not several.
async fn cause_of_timeout(url: &str, clock: &dyn Clock) -> String {
    match timeout(PROBE_TIMEOUT, inspection::inspect_writable(url, clock)).await {
        Ok(Ok(_)) => {
            "all connections are in use: see --max-connections, and what the database waits for".to_owned()
        }
        Ok(Err(error)) => format!("{error:#}"),
        Err(_) => "the database does not answer a new connection".to_owned(),
    }
}

impl Probe for DatabaseProbe {
    async fn probe(&self) -> Result<(), NotReady> {
        if self.file.as_ref().is_some_and(|file| !file.is_there()) {
            return Err(NotReady::FileGone);
        }
        // Whoever asks may hang up; the connection is not to be given up with the question.
        let store = self.store.clone();
        let written = tokio::spawn(async move { timeout(PROBE_TIMEOUT, store.prove_writing()).await });
        match written.await {
            Ok(Ok(Ok(()))) => Ok(()),
            Ok(Ok(Err(sqlx::Error::PoolTimedOut)) | Err(_)) => Err(NotReady::SlowDatabase),
            Ok(Ok(Err(error))) => {
                tracing::error!(%error, "a write into the database failed");
                Err(NotReady::CannotWrite)
            }
            Err(_) => Err(NotReady::CannotWrite),
        }
    }

    fn explain(&self, reason: NotReady) {
        if reason == NotReady::SlowDatabase {
            let (url, clock) = (self.url.clone(), self.clock.clone());
            tokio::spawn(async move {
                let cause = cause_of_timeout(&url, &*clock).await;
                let error = sqlx::Error::PoolTimedOut;
                tracing::error!(%error, cause, "no connection to the database");
            });
        }
    }
}

/// Which file has a name. Another may get the name, while SQLite goes on writing into the one that it has opened.
#[cfg(unix)]
struct FileIdentity {
    file: std::path::PathBuf,
    device: u64,
    inode: u64,
}

#[cfg(unix)]
impl FileIdentity {
    fn of(file: std::path::PathBuf) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let metadata = std::fs::metadata(&file).ok()?;
        Some(Self { file, device: metadata.dev(), inode: metadata.ino() })
    }

    fn is_there(&self) -> bool {
        Self::of(self.file.clone()).is_some_and(|now| now.device == self.device && now.inode == self.inode)
    }
}

/// Elsewhere a file that is open cannot be deleted.
#[cfg(not(unix))]
struct FileIdentity;

#[cfg(not(unix))]
impl FileIdentity {
    fn of(_: std::path::PathBuf) -> Option<Self> {
        None
    }

    fn is_there(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[derive(Default)]
    struct Counted(AtomicUsize);

    impl Probe for Counted {
        async fn probe(&self) -> Result<(), NotReady> {
            self.0.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(100)).await;
            Err(NotReady::CannotWrite)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn however_many_ask_one_question_is_put_a_second() {
        let readiness = Arc::new(Readiness::new(Counted::default()));
        let asks = (0..5000).map(|_| {
            let readiness = readiness.clone();
            tokio::spawn(async move { readiness.check().await })
        });
        for ask in asks.collect::<Vec<_>>() {
            assert_eq!(ask.await.ok(), Some(Err(NotReady::CannotWrite)));
        }
        assert_eq!(readiness.probe.0.load(Ordering::Relaxed), 1);
        for _ in 0..100 {
            readiness.doubt();
        }
        tokio::time::sleep(MAX_AGE * 2).await;
        assert_eq!(readiness.probe.0.load(Ordering::Relaxed), 2);
    }
}
