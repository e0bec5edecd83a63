//! `soter-server check`: what the service would do with its settings and its database. It changes nothing.

use crate::clock::SystemClock;
use crate::settings::Settings;
use crate::{inspection, log, unreached};

/// Prints what would be in force and what the database says, or fails as the service would.
///
/// # Errors
///
/// What would keep the service from starting, or from accepting anything.
#[allow(clippy::print_stdout, reason = "it is for the person who asks, not for the log")]
pub async fn check(settings: &Settings) -> anyhow::Result<()> {
    log::filter()?;
    for (name, value) in settings.in_force() {
        println!("{name}: {value}");
    }
    for warning in settings.warnings() {
        println!("warning: {warning}");
    }
    if !settings.has_credentials() {
        println!("no access token is configured: one would be made, and be good until the service ends");
    }
    let found = inspection::inspect_writable(&settings.database_url, &SystemClock).await?;
    println!("database: {found}");
    for warning in unreached::warnings(settings, &unreached::count(&settings.database_url).await?) {
        println!("warning: {warning}");
    }
    println!("the settings are right, and the database answers");
    Ok(())
}
