//! Connections of clients, and signals.
#![cfg(unix)]

use crate::common;

use common::process::Process;
use common::{Database, ORIGIN, PATIENCE, until};
use std::process::Command;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Through a shell that does something before.
fn after(shell: &str, database: &Database) -> Process {
    let mut program = Command::new("sh");
    program.args(["-c", &format!("{shell}; exec \"$@\""), "sh", env!("CARGO_BIN_EXE_soter-server")]);
    program.args(["--listen", "127.0.0.1:0", "--rp-id", "example.org", "--origin", ORIGIN]);
    program.args(["--database-url", &database.url]);
    Process::of(program)
}

/// Whether it is closed without a word.
async fn is_closed(mut stream: TcpStream) -> bool {
    let mut byte = [0; 1];
    let read = stream.read(&mut byte);
    !matches!(tokio::time::timeout(PATIENCE, read).await.unwrap(), Ok(1..))
}

async fn get(address: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_beyond_the_cap_are_closed_and_others_go_on() {
    let database = Database::sqlite();
    let process = Process::start(&database, &["--max-clients", "2", "--monitoring-listen", "127.0.0.1:0"]);
    let mut open = Vec::new();
    for _ in 0..2 {
        let mut stream = get(&process.address).await;
        // An answer: it is among those that are counted.
        stream.read_exact(&mut [0; 12]).await.unwrap();
        open.push(stream);
    }
    assert!(is_closed(get(&process.address).await).await);
    process.told("connections are refused").await;
    open[0].write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    // Where one goes another may come.
    drop(open.pop());
    until("room", async || !is_closed(get(&process.address).await).await).await;
}

/// Whoever reaches it is not to use up what calls need.
#[tokio::test(flavor = "multi_thread")]
async fn the_listener_for_monitoring_has_a_cap_of_its_own() {
    let database = Database::sqlite();
    let process = Process::start(&database, &["--monitoring-listen", "127.0.0.1:0"]);
    let line = process.log();
    let line = line.lines().find(|line| line.contains(r#""message":"monitoring""#)).unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    let address = line["address"].as_str().unwrap();
    let mut open = Vec::new();
    loop {
        let mut stream = get(address).await;
        if !matches!(stream.read(&mut [0; 1]).await, Ok(1..)) {
            break;
        }
        open.push(stream);
        assert!(open.len() < 1000);
    }
    assert!(open.len() >= 100, "{}", open.len());
    process.told("connections are refused").await;
    assert_eq!(process.get("/openapi.json").await.0, 200);
    drop(open);
    until("room", async || !is_closed(get(address).await).await).await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_open_files_is_raised_and_respected() {
    let database = Database::sqlite();
    let process = after("ulimit -S -n 200; ulimit -H -n 500", &database);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", process.id())).unwrap();
    let files: Vec<_> = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .unwrap()
        .split_whitespace()
        .skip(3)
        .take(2)
        .collect();
    assert_eq!(files, ["500", "500"]);
    process.told(r#""wanted":10000,"possible":440"#).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sighup_ends_nothing_and_a_second_sigterm_ends_at_once() {
    let database = Database::sqlite();
    let mut process = Process::start(&database, &["--drain-seconds", "600"]);
    process.signal("HUP");
    process.told("SIGHUP changes nothing").await;
    assert_eq!(process.get("/healthz").await.0, 200);
    process.terminate();
    process.told("stopping").await;
    process.terminate();
    assert_eq!(process.wait().code(), Some(1));
}
