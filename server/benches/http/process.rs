//! The service in a process of its own.

use soter_server::secret::Hash;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

pub const TOKEN: &str = "token-of-the-benchmark";

pub struct Process {
    child: Child,
    pub address: String,
}

impl Process {
    /// The program itself, or this one as a service that does not look at results.
    pub fn start(database_url: &str, unverified: bool) -> Self {
        let mut command = if unverified {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.arg("unverified");
            command
        } else {
            Command::new(env!("CARGO_BIN_EXE_soter-server"))
        };
        let mut child = command
            .env("SOTER_LISTEN", "127.0.0.1:0")
            .env("SOTER_MAX_RATE", "100000000")
            .env("SOTER_MAX_RATE_PER_OPENID", "100000000")
            .env("SOTER_MAX_CHALLENGES", "100000000")
            .env("DATABASE_URL", database_url)
            .env("SOTER_ACCESS_TOKEN_HASHES", Hash::of(TOKEN).to_hex())
            .env("RUST_LOG", "soter_server::run=info")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let listening: serde_json::Value = serde_json::from_str(&line).unwrap();
        Self { address: listening["address"].as_str().unwrap().to_owned(), child }
    }

    /// The most memory that it had, in bytes; 0 where the system does not say.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let peak = status.ok().and_then(|status| {
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:").map(str::to_owned))?;
            line.trim().trim_end_matches(" kB").parse::<u64>().ok()
        });
        peak.unwrap_or(0) * 1024
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
