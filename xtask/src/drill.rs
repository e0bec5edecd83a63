//! `cargo xtask drill`: what is lost when soter-server's database fails. Not a test: it takes a quarter of an hour, and wants root.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::workspace::Workspace;
use crate::{bench, browsers, command, python};

/// Debian's packages, and a program of each. Patroni is not among them: Debian's is from before quorum commit.
const PACKAGES: [(&str, &str); 6] = [
    ("postgresql", "pg_ctlcluster"),
    ("etcd-server", "etcd"),
    ("haproxy", "haproxy"),
    ("iproute2", "ip"),
    ("util-linux", "setpriv"),
    ("python3-venv", "python3"),
];

/// By which packages are told not to start their services (invoke-rc.d(8)).
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// What to try, and what to do with the figures.
#[derive(Args)]
pub struct Choice {
    /// Put the table into docs/scale.md
    #[arg(long)]
    write: bool,
    /// Only these failures: postgres, machine, pause, cut-off, disk, standby, standbys
    #[arg(long, conflicts_with = "write")]
    only: Option<String>,
    /// Without waiting for a standby, as Patroni has it unless told otherwise: to see that losses are found
    #[arg(long, conflicts_with = "write")]
    asynchronous: bool,
}

/// Runs it in a network of its own, which ends with it.
pub fn run(workspace: &Workspace, choice: &Choice) -> Result<()> {
    ensure_programs()?;
    let folder = workspace.steps().join("drill");
    let requirements = workspace.join("server/benches/drill/requirements.txt");
    // Debian's Python, which the user postgres may read.
    let python = Path::new("/usr/bin/python3");
    let python = python::environment(workspace, python, "drill", &requirements)?;
    let python = python.context("the drill wants Patroni")?;
    let logs = folder.join("logs");
    let _ = fs::remove_dir_all(&logs);
    fs::create_dir_all(&logs).with_context(|| format!("cannot make {}", logs.display()))?;
    let apart = workspace.join("server/benches/drill/apart.sh");
    let runner = [Path::new("sh"), &apart, &python].map(|part| format!("{:?}", part.display().to_string()));
    let mut drill = workspace.cargo();
    drill.arg("--config").arg(format!("target.'cfg(unix)'.runner = [{}]", runner.join(", ")));
    drill.args(["bench", "--package", "soter-server", "--profile", "server", "--bench", "drill", "--"]);
    drill.arg("--logs").arg(logs).arg("--postgres").arg(postgres()?);
    if let Some(only) = &choice.only {
        drill.args(["--only", only]);
    }
    drill.args(choice.asynchronous.then_some("--asynchronous"));
    bench::show(workspace, drill, choice.write, "docs/scale.md", "drill", |_| true)
}

fn ensure_programs() -> Result<()> {
    let is_root = command::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    ensure!(is_root, "the drill wants Linux and root: it makes networks and mounts, which end with it");
    let missing = || PACKAGES.into_iter().filter(|(_, program)| command::on_path(program).is_none());
    let names = || missing().map(|(package, _)| package).collect::<Vec<_>>();
    if browsers::is_debian() && missing().next().is_some() {
        install(&names())?;
    }
    ensure!(
        names().is_empty(),
        "the drill wants Debian's {}: run `apt-get update && apt-get install --no-install-recommends {}`",
        names().join(", "),
        names().join(" ")
    );
    Ok(())
}

/// Without the services that the packages have: neither are they started now, nor with the system.
fn install(packages: &[&str]) -> Result<()> {
    let is_ours = !Path::new(POLICY).exists();
    if is_ours {
        // 101: the action is forbidden.
        fs::write(POLICY, "#!/bin/sh\nexit 101\n").with_context(|| format!("cannot write {POLICY}"))?;
        command::run(Command::new("chmod").args(["755", POLICY]))?;
    }
    let installed = browsers::install(packages);
    if is_ours {
        fs::remove_file(POLICY).with_context(|| format!("cannot remove {POLICY}"))?;
    }
    installed?;
    for (package, service) in [("postgresql", "postgresql"), ("etcd-server", "etcd"), ("haproxy", "haproxy")]
    {
        if packages.contains(&package) && command::on_path("systemctl").is_some() {
            command::run(Command::new("systemctl").args(["disable", "--quiet", service]))?;
        }
    }
    Ok(())
}

/// The folder of the newest PostgreSQL's programs.
fn postgres() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").context("there is no /usr/lib/postgresql")?;
    let version = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let programs =
        versions.flatten().map(|entry| entry.path()).filter(|path| path.join("bin/postgres").is_file());
    let newest = programs.max_by_key(version).context("there is no PostgreSQL in /usr/lib/postgresql")?;
    Ok(newest.join("bin"))
}
