//! The service in a zone, and a HAProxy beside it that knows the way to the primary.

use crate::Arguments;
use crate::client::TOKEN;
use crate::machine::log;
use crate::network::{ZONES, Zone};
use anyhow::{Context, Result, bail, ensure};
use soter_server::secret::Hash;
use std::fs;
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// HAProxy has looked for the primary long before.
const START: Duration = Duration::from_secs(60);

pub struct Instance {
    zone: Zone,
    programs: [(&'static str, Child); 2],
}

impl Instance {
    pub async fn start(arguments: &Arguments, zone: Zone) -> Result<Self> {
        let [a, b, c] = ZONES.map(Zone::database);
        let settings = include_str!("haproxy.cfg").replace("{a}", &a).replace("{b}", &b).replace("{c}", &c);
        let file = format!("/run/drill/{zone}/haproxy.cfg");
        fs::write(&file, settings).context("cannot write HAProxy's settings")?;
        let mut haproxy = zone.command("haproxy");
        haproxy.args(["-db", "-f", &file]);
        log(&mut haproxy, &arguments.logs, &format!("{zone}-haproxy"))?;
        let haproxy = haproxy.spawn().context("cannot start HAProxy")?;
        let mut check = service(arguments, zone)?;
        check.arg("check");
        let started = Instant::now();
        while !check.status().context("cannot start soter-server")?.success() {
            ensure!(started.elapsed() < START, "soter-server finds no database by HAProxy in zone {zone}");
            sleep(Duration::from_millis(500)).await;
        }
        let service = service(arguments, zone)?.spawn().context("cannot start soter-server")?;
        Ok(Self { zone, programs: [("haproxy", haproxy), ("soter-server", service)] })
    }

    /// An error where a program has ended: none of what the drill does is a reason for that.
    pub fn ensure_runs(&mut self) -> Result<()> {
        for (name, program) in &mut self.programs {
            if let Some(status) = program.try_wait().context("cannot look after a program")? {
                bail!("{name} in zone {} has ended: {status}", self.zone);
            }
        }
        Ok(())
    }
}

fn service(arguments: &Arguments, zone: Zone) -> Result<Command> {
    let mut service = zone.command(env!("CARGO_BIN_EXE_soter-server"));
    service
        .env("SOTER_LISTEN", zone.instance())
        .env("SOTER_ACCESS_TOKEN_HASHES", Hash::of(TOKEN).to_hex())
        .env("DATABASE_URL", "postgres://soter:drill@127.0.0.1:5000/soter")
        .env("SOTER_MAX_RATE", "1000000")
        .env("SOTER_MAX_RATE_PER_OPENID", "1000000")
        .env("SOTER_MAX_CHALLENGES", "1000000")
        // Until the end of the drill: one that was spent and is not remembered as spent would be accepted again.
        .env("SOTER_CHALLENGE_SECONDS", "7200");
    log(&mut service, &arguments.logs, &format!("{zone}-soter-server"))?;
    Ok(service)
}
