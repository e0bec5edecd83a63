//! `soter-server check`: what the service would do with its settings and its database. It changes nothing; WeChat is asked for the access
//! tokens that it would give anyway.

use crate::clock::SystemClock;
use crate::disk_reserve::DiskReserve;
use crate::settings::Settings;
use crate::upstream::Upstream;
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
    let found = inspection::inspect_at_start(&settings.database_url, &SystemClock).await?;
    println!("database: {found}");
    if DiskReserve::new(&settings.database_url, settings.disk_reserve_mib).is_reached() {
        println!(
            "warning: less than --disk-reserve-mib is free where the database is: there would be no new challenges (45903)"
        );
    }
    for warning in unreached::warnings(settings, &unreached::count(&settings.database_url).await?) {
        println!("warning: {warning}");
    }
    for line in upstream(settings).await? {
        println!("{line}");
    }
    println!("the settings are right, and the database answers");
    Ok(())
}

/// What WeChat says to each app. The service starts without it, and checks results of the web, so that nothing of this is an error.
async fn upstream(settings: &Settings) -> anyhow::Result<Vec<String>> {
    let Some(upstream) = Upstream::of(settings)? else {
        return Ok(vec!["results of mini programs are refused: --upstream is not set".to_owned()]);
    };
    let mut lines = Vec::new();
    for app in upstream.apps() {
        let appid = app.appid();
        lines.push(match app.check().await {
            Ok(()) => format!("WeChat gives {appid} an access token"),
            Err(failure) => format!("warning: WeChat gives {appid} no access token: {failure}"),
        });
    }
    lines.sort_unstable();
    Ok(lines)
}
