//! The service `soter-server`, built and run beside a task.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use base16ct::lower::encode_string;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::workspace::Workspace;
use crate::{command, guardian};

/// Longer than it takes to start on a busy machine.
const START: Duration = Duration::from_secs(30);

/// Builds the service, and gives back where it is.
pub fn build(workspace: &Workspace) -> Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    // What cargo told this program about itself. The build scripts of some crates look at it, and would have half of the
    // service compiled anew whenever it is built from here after it was built from a shell, and the other way round.
    for (name, _) in std::env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| name.to_string_lossy().starts_with(start)) {
            cargo.env_remove(name);
        }
    }
    cargo
        .args(["build", "--package", "soter-server", "--bin", "soter-server", "--profile", "server"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(workspace.root())
        .stdin(Stdio::null());
    let messages = command::output(&mut cargo)?;
    let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs =
        artifacts.filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?)));
    programs.next().context("cargo named no program that it made")
}

/// The running service. It ends with this process, however that ends.
pub struct SoterServer {
    port: u16,
    access_token: String,
    guardian: Child,
    /// Closed, it tells the guardian to end the service.
    input: Option<ChildStdin>,
}

impl SoterServer {
    /// Starts the service for the pages of one origin, and waits until it answers.
    ///
    /// Its keys stay from one start to the next, as the browser's do.
    pub fn start(workspace: &Workspace, program: PathBuf, origin: &str) -> Result<Self> {
        fs::create_dir_all(workspace.steps()).context("cannot make the folder of the database")?;
        let database = workspace.steps().join("demo.db");
        let port = free_port()?;
        let access_token = random()?;
        let mut command = guardian::command(&program)?;
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SOTER_") {
                command.env_remove(name);
            }
        }
        let mut guardian = command
            .env("SOTER_LISTEN", format!("127.0.0.1:{port}"))
            .env("DATABASE_URL", format!("sqlite://{}?mode=rwc", database.display()))
            .env("SOTER_ORIGINS", origin)
            .env("SOTER_RP_ID", "localhost")
            .env("SOTER_ACCESS_TOKEN_HASHES", encode_string(&Sha256::digest(&access_token)))
            // The backend makes no challenges of its own, so what a page makes up is none.
            .env("SOTER_CHALLENGES", "issued")
            .env("SOTER_LOG", "text")
            .env("RUST_LOG", "warn")
            .stdin(Stdio::piped())
            .spawn()
            .context("cannot start the guardian of soter-server")?;
        let input = guardian.stdin.take();
        let mut server = Self { port, access_token, guardian, input };
        server
            .wait_until_ready()
            .with_context(|| format!("if {} is not its database, delete it", database.display()))?;
        Ok(server)
    }

    /// The address of a call, with the access token in it.
    pub fn address(&self, call: &str) -> String {
        format!("http://127.0.0.1:{}/cgi-bin/soter/{call}?access_token={}", self.port, self.access_token)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let started = Instant::now();
        let ready = format!("http://127.0.0.1:{}/readyz", self.port);
        while ureq::get(&ready).call().is_err() {
            if self.guardian.try_wait().context("cannot watch soter-server")?.is_some() {
                bail!("soter-server ended at once");
            }
            if started.elapsed() > START {
                bail!("soter-server does not answer");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for SoterServer {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.guardian.wait();
    }
}

/// 256 random bits, in hexadecimal digits.
pub fn random() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("no random numbers")?;
    Ok(encode_string(&bytes))
}

fn free_port() -> Result<u16> {
    let probe = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    Ok(probe.local_addr().context("the socket has no address")?.port())
}
