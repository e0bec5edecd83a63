//! The log, on standard error.

use crate::settings::LogForm;
use tracing_subscriber::EnvFilter;

/// Installs the subscriber.
pub fn install(form: LogForm) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // A log that nobody reads any more is no reason to stop serving; an error printed to standard error would panic.
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false);
    match form {
        LogForm::Json => log.json().flatten_event(true).init(),
        LogForm::Text => log.init(),
    }
}
