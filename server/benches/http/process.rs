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
    /// soter-server as it was just built.
    pub fn start(database_url: &str) -> Self {
        Self::of(Command::new(env!("CARGO_BIN_EXE_soter-server")), database_url)
    }

    /// This program as a service that does not look at results.
    pub fn start_unverified(database_url: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("unverified");
        Self::of(command, database_url)
    }

    pub fn of(mut command: Command, database_url: &str) -> Self {
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
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines.by_ref().find_map(|line| {
            let line: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
            line["address"].as_str().map(str::to_owned)
        });
        // What it says later must not stand in its way.
        std::thread::spawn(move || lines.for_each(drop));
        Self { address: address.unwrap(), child }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
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

/// Seconds of processor time that a process and those of its children that have ended took; 0 where the system does not say.
pub fn cpu_seconds(process: u32) -> f64 {
    // proc(5): after the name, which may have anything in it, utime, stime, cutime and cstime are the 12th to the 15th.
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: f64 =
        fields.split_whitespace().skip(11).take(4).filter_map(|field| field.parse::<f64>().ok()).sum();
    // Linux counts in hundredths, whatever its own clock does.
    ticks / 100.0
}

/// The same of a process with all of its children.
pub fn cpu_seconds_of_all(parent: u32) -> f64 {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let processes = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let children = processes.filter(|process| parent_of(*process) == Some(parent));
    children.map(cpu_seconds).sum::<f64>() + cpu_seconds(parent)
}

/// The process that started another.
pub fn parent_of(process: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
