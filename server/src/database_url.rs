//! What a database's URL says, looked at before it is used: drivers pass over parameters that they do not know.

use crate::nearest::nearest;
use anyhow::{Context, bail, ensure};
use percent_encoding::percent_decode_str;
use std::path::PathBuf;
use url::{Url, form_urlencoded};

/// The parameters of each driver.
const SQLITE: [&str; 4] = ["mode", "cache", "immutable", "vfs"];
const POSTGRES: [&str; 19] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
    "options[…]",
];

/// Refuses what would not work, or not as it reads.
///
/// # Errors
///
/// What is wrong; without any of the values, among which there may be a password.
pub fn check(url: &str) -> anyhow::Result<()> {
    if url.starts_with("sqlite:") { check_sqlite(url) } else { check_postgres(url) }
}

fn check_sqlite(url: &str) -> anyhow::Result<()> {
    ensure!(
        !(url.contains(":memory:") || url.contains("mode=memory")),
        "--database-url must be a file: each connection would have a memory of its own"
    );
    ensure!(
        sqlite_file(url).is_some_and(|file| !file.as_os_str().is_empty()),
        "--database-url names no file; it should be sqlite://FILE?mode=rwc"
    );
    for (name, value) in parameters(url) {
        known(&name, &SQLITE)?;
        let is_read_only =
            (name == "mode" && value == "ro") || (name == "immutable" && (value == "1" || value == "true"));
        ensure!(!is_read_only, "--database-url opens the file for reading alone ({name}={value})");
    }
    Ok(())
}

fn check_postgres(url: &str) -> anyhow::Result<()> {
    ensure!(is_postgres(url), "--database-url must begin with sqlite: or postgres:");
    Url::parse(url).context("--database-url is no URL")?;
    for (name, _) in parameters(url) {
        if !(name.starts_with("options[") && name.ends_with(']')) {
            known(&name, &POSTGRES)?;
        }
    }
    Ok(())
}

fn known(name: &str, all: &[&str]) -> anyhow::Result<()> {
    if !all.contains(&name) {
        let meant = nearest(name, all.iter().copied()).unwrap_or_default();
        bail!("--database-url has a parameter {name:?}, which does not exist; is it {meant:?}?");
    }
    Ok(())
}

fn parameters(url: &str) -> Vec<(String, String)> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Whether it is PostgreSQL's.
#[must_use]
pub fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

/// The file of an SQLite URL, as the driver reads it.
#[must_use]
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.trim_start_matches("//").split('?').next()?;
    Some(percent_decode_str(path).decode_utf8().ok()?.into_owned().into())
}

/// For the log: where the database is, and nothing that could be a secret.
#[must_use]
pub fn without_secrets(url: &str) -> String {
    if let Some(file) = sqlite_file(url) {
        return format!("sqlite://{}", file.display());
    }
    let Ok(parsed) = Url::parse(url) else {
        return "postgres:".to_owned();
    };
    let port = parsed.port().map(|port| format!(":{port}")).unwrap_or_default();
    let sslmode = parameters(url).into_iter().find(|(name, _)| name == "sslmode" || name == "ssl-mode");
    let sslmode = sslmode.map(|(_, mode)| format!("?sslmode={mode}")).unwrap_or_default();
    format!("postgres://{}{port}{}{sslmode}", parsed.host_str().unwrap_or_default(), parsed.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(url: &str) -> String {
        check(url).err().map(|error| format!("{error:#}")).unwrap_or_default()
    }

    #[test]
    fn what_a_driver_would_pass_over_is_refused() {
        for (url, told) in [
            (
                "postgres://u:secret@h/d?sslmod=verify-full",
                "\"sslmod\", which does not exist; is it \"sslmode\"?",
            ),
            ("postgres://u@h/d?sslmode=require&sslrootcrt=x", "is it \"sslrootcert\"?"),
            ("sqlite://keys.db?mod=rwc", "is it \"mode\"?"),
            ("sqlite://keys.db?mode=ro", "for reading alone (mode=ro)"),
            ("sqlite://keys.db?immutable=1", "for reading alone (immutable=1)"),
            ("sqlite:", "names no file"),
            ("sqlite://?mode=rwc", "names no file"),
            ("sqlite::memory:", "must be a file"),
            ("mysql://u:secret@h/d", "must begin with sqlite: or postgres:"),
            ("postgres://u:secret@h:port/d", "is no URL: invalid port number"),
        ] {
            let error = error(url);
            assert!(error.contains(told) && !error.contains("secret"), "{url}: {error}");
        }
    }

    #[test]
    fn what_is_right_is_taken() {
        for url in [
            "sqlite://keys.db?mode=rwc",
            "sqlite:keys.db",
            "sqlite:///var/lib/keys.db?mode=rw&cache=private",
            "postgres://u:p@h:5432/d?sslmode=verify-full&sslrootcert=/etc/ca.pem&options[search_path]=x",
            "postgresql:///d?host=/run/postgresql",
        ] {
            assert_eq!(error(url), "");
        }
    }

    #[test]
    fn the_log_gets_no_secret() {
        let url = "postgres://user:secret@db.example.org:6432/keys?password=secret&sslmode=require";
        assert_eq!(without_secrets(url), "postgres://db.example.org:6432/keys?sslmode=require");
        assert_eq!(without_secrets("sqlite:///a%20b/keys.db?mode=rwc"), "sqlite:///a b/keys.db");
    }
}
