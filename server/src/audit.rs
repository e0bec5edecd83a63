//! Who registered, verified and removed what: a line of JSON for each such call, however it came out, in a stream apart from the
//! log. No openid is in it but its SHA-256, and nothing by which anything could be accepted.

use crate::caller::Caller;
use crate::observation::Outcome;
use crate::secret::Hash;
use crate::verdict::Judge;
use serde::Serialize;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use wx_soter_webauthn::base64url;

/// The calls that are in it.
const CALLS: [&str; 4] = ["register_key", "verify_signature", "remove_key", "erase_openid"];

/// Where the lines go.
pub trait Sink: Send + Sync {
    /// Adds a line, which ends with a line feed.
    ///
    /// # Errors
    ///
    /// It could not be added.
    fn write(&self, line: &[u8]) -> io::Result<()>;
}

/// What is not wanted.
#[derive(Debug)]
pub struct NoSink;

impl Sink for NoSink {
    fn write(&self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
}

/// A file that only grows; a line is written at once, so that no two of them mix.
#[derive(Debug)]
pub struct FileSink(Mutex<File>);

impl FileSink {
    /// Opens or makes it.
    ///
    /// # Errors
    ///
    /// It cannot be written to.
    pub fn open(file: &Path) -> io::Result<Self> {
        Ok(Self(Mutex::new(File::options().create(true).append(true).open(file)?)))
    }
}

impl Sink for FileSink {
    fn write(&self, line: &[u8]) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write_all(line)
    }
}

/// What is known of a call while it is under way.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    caller: Option<Caller>,
    app: Option<String>,
    openid: Option<Hash>,
    credential_id: Option<String>,
    existing_credential_id: Option<String>,
    judge: Option<Judge>,
}

tokio::task_local! {
    /// Of the call that is under way. A task's own, so that whatever learns something can tell it, and it need not pass through
    /// each function.
    static SUBJECT: Arc<Mutex<Subject>>;
}

/// Notes who makes the call, and for which app, unless it is by an access token without an APPID.
pub fn note_caller(caller: &Caller, appid: Option<&str>) {
    note(|subject| {
        subject.caller = Some(caller.clone());
        subject.app = appid.map(str::to_owned);
    });
}

/// Notes whom it is about.
pub fn note_openid(openid: &str) {
    note(|subject| subject.openid = Some(Hash::of(openid)));
}

/// Notes which key it is about.
pub fn note_credential(id: &[u8]) {
    note(|subject| subject.credential_id = Some(base64url::encode(id)));
}

/// Notes by which key somebody confirmed that there is to be a further one.
pub fn note_existing_credential(id: &[u8]) {
    note(|subject| subject.existing_credential_id = Some(base64url::encode(id)));
}

/// Notes who checks the result, where there are two who do.
pub fn note_judge(judge: Judge) {
    note(|subject| subject.judge = Some(judge));
}

fn note(change: impl FnOnce(&mut Subject)) {
    let _ = SUBJECT.try_with(|subject| change(&mut subject.lock().unwrap_or_else(PoisonError::into_inner)));
}

/// Runs a call whose parts may note things.
pub async fn scope<F: Future>(subject: Arc<Mutex<Subject>>, call: F) -> F::Output {
    SUBJECT.scope(subject, call).await
}

#[derive(Serialize)]
struct Line<'a> {
    /// Seconds since 1970.
    time: f64,
    request_id: &'a str,
    call: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    openid_sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    existing_credential_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'static str>,
    outcome: &'a str,
}

/// Writes the line of a call that is over.
pub fn record(sink: &dyn Sink, request_id: &str, call: &str, subject: &Mutex<Subject>, outcome: Outcome) {
    if !CALLS.contains(&call) {
        return;
    }
    let subject = subject.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let access_token = match &subject.caller {
        Some(Caller::Token(index)) => Some(*index),
        Some(Caller::App(_)) | None => None,
    };
    let line = Line {
        time: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64(),
        request_id,
        call,
        app: subject.app.as_deref(),
        access_token,
        openid_sha256: subject.openid.map(Hash::to_hex),
        credential_id: subject.credential_id.as_deref(),
        existing_credential_id: subject.existing_credential_id.as_deref(),
        by: subject.judge.map(Judge::name),
        outcome: &outcome.name(),
    };
    let written = serde_json::to_vec(&line).map_err(io::Error::from).and_then(|mut line| {
        line.push(b'\n');
        sink.write(&line)
    });
    if let Err(error) = written {
        metrics::counter!("soter_audit_errors_total").increment(1);
        tracing::error!(%error, "a line of the audit is lost");
    }
}
