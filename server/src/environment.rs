//! Environment variables that look like settings and are none. A mistyped name would leave a default in force that nobody
//! wanted.

use crate::nearest::nearest;
use anyhow::bail;

/// Variables of the service begin with it.
const PREFIX: &str = "SOTER_";

/// Those of the project's own tests, which the programs that they start inherit.
const TESTS_PREFIX: &str = "SOTER_TEST_";

/// Refuses a variable that begins as the service's do, and is no setting of the command.
///
/// # Errors
///
/// Its name, and the nearest that exists. Never its value, which might be a secret.
pub fn check(command: &clap::Command, names: impl IntoIterator<Item = String>) -> anyhow::Result<()> {
    let known: Vec<&str> =
        command.get_arguments().filter_map(|argument| argument.get_env()?.to_str()).collect();
    for name in names {
        let is_setting = name.starts_with(PREFIX) && !name.starts_with(TESTS_PREFIX);
        if !is_setting || known.contains(&name.as_str()) || is_service_link(&name) {
            continue;
        }
        let meant = nearest(&name, known.iter().copied()).unwrap_or_default();
        bail!("there is no setting {name} in the environment; is it {meant}?");
    }
    Ok(())
}

/// Kubernetes tells each container the address of each service, in Docker's form: a service named `soter-server` makes
/// `SOTER_SERVER_SERVICE_HOST` and `SOTER_SERVER_PORT_8787_TCP_ADDR`.
fn is_service_link(name: &str) -> bool {
    let is_port = |rest: &str| {
        let mut parts = rest.split('_');
        parts.next().is_some_and(|port| port.parse::<u16>().is_ok())
            && parts.next().is_some_and(|protocol| ["TCP", "UDP", "SCTP"].contains(&protocol))
    };
    name.ends_with("_SERVICE_HOST")
        || name.ends_with("_SERVICE_PORT")
        || name.contains("_SERVICE_PORT_")
        || name.ends_with("_PORT")
        || name.split_once("_PORT_").is_some_and(|(_, rest)| is_port(rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Arg, Command};

    fn checked(name: &str) -> anyhow::Result<()> {
        let settings = ["SOTER_CHALLENGES", "SOTER_CHALLENGE_SECONDS", "DATABASE_URL"];
        let command = Command::new("test").args(settings.map(|name| Arg::new(name).long(name).env(name)));
        check(&command, [name.to_owned()])
    }

    #[test]
    fn what_is_no_setting_is_refused_with_the_nearest() {
        let error = checked("SOTER_CHALLENGE").err().map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(error, "there is no setting SOTER_CHALLENGE in the environment; is it SOTER_CHALLENGES?");
        assert!(checked("SOTER_IMPORTANT").is_err() && checked("SOTER_").is_err());
    }

    #[test]
    fn what_others_set_is_left_alone() {
        for name in [
            "SOTER_CHALLENGES",
            "PATH",
            "SOTER_SERVICE_HOST",
            "SOTER_SERVICE_PORT",
            "SOTER_SERVICE_PORT_HTTP",
            "SOTER_SERVER_PORT",
            "SOTER_SERVER_PORT_8787_TCP",
            "SOTER_SERVER_PORT_8787_TCP_ADDR",
            "SOTER_TEST_POSTGRES",
        ] {
            assert!(checked(name).is_ok(), "{name}");
        }
    }
}
