//! The log, on standard error.

use crate::nearest::nearest;
use crate::settings::LogForm;
use anyhow::{Context, bail, ensure};
use std::env::{self, VarError};
use tracing_subscriber::EnvFilter;

const VARIABLE: &str = "RUST_LOG";
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// How much of a log `RUST_LOG` wants; `info` without it.
///
/// # Errors
///
/// It is wrong: nobody should look for lines that were never written.
pub fn filter() -> anyhow::Result<EnvFilter> {
    match env::var(VARIABLE) {
        Ok(text) => parse(&text),
        Err(VarError::NotPresent) => Ok(EnvFilter::new("info")),
        Err(VarError::NotUnicode(_)) => bail!("{VARIABLE} is no text"),
    }
}

fn parse(text: &str) -> anyhow::Result<EnvFilter> {
    for directive in text.split(',').map(str::trim) {
        // A mistyped level reads like the name of a module, of which everything is wanted.
        let is_name = !directive.is_empty() && !directive.contains(['=', '[', ']', '{', '}']);
        let is_level = LEVELS.iter().any(|level| directive.eq_ignore_ascii_case(level));
        ensure!(
            !is_name || is_level,
            "{VARIABLE}: {directive:?} is no level; is it {:?}, or \"{directive}=info\" for that module?",
            nearest(directive, LEVELS).unwrap_or_default()
        );
    }
    EnvFilter::builder().parse(text).with_context(|| format!("{VARIABLE} is wrong"))
}

/// Installs the subscriber.
///
/// # Errors
///
/// `RUST_LOG` is wrong.
pub fn install(form: LogForm) -> anyhow::Result<()> {
    // A log that nobody reads any more is no reason to stop serving; an error printed to standard error would panic.
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter()?)
        .with_writer(std::io::stderr)
        .log_internal_errors(false);
    match form {
        LogForm::Json => log.json().flatten_event(true).init(),
        LogForm::Text => log.init(),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_passed_over_is_an_error() {
        for wrong in ["debgu", "soter_server", "soter_server=inof", "info,sqlx=loud", "[{"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        for right in
            ["", "info", "DEBUG", "soter_server=debug,warn", "warn,soter_server::store=trace", "[call]=debug"]
        {
            assert!(parse(right).is_ok(), "{right}");
        }
    }
}
