//! The program itself, in a process of its own: with its own metrics and its own log, and free to be killed.

use super::{Database, ORIGIN, TOKEN, until};
use serde_json::Value;
use soter_server::secret::Hash;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Process {
    child: Child,
    pub address: String,
    log: Arc<Mutex<String>>,
}

impl Process {
    /// On a port that it chooses, with further options of the command line.
    pub fn start(database: &Database, options: &[&str]) -> Self {
        Self::with_log(database, options, "soter_server=info")
    }

    /// With as much of a log as `RUST_LOG` says.
    pub fn with_log(database: &Database, options: &[&str], rust_log: &str) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_soter-server"));
        program
            .args(["--listen", "127.0.0.1:0", "--rp-id", "example.org", "--origin", ORIGIN])
            .args(["--max-rate", "1000000", "--max-rate-per-openid", "1000000"])
            .args(["--max-challenges", "1000000", "--database-url", &database.url])
            .args(options)
            .env("SOTER_TIMEOUT_SECONDS", "600")
            .env("SOTER_ACCESS_TOKEN_HASHES", Hash::of(TOKEN).to_hex())
            .env("RUST_LOG", rust_log);
        Self::of(program)
    }

    /// By variables alone.
    pub fn in_environment(variables: &[(&str, &str)]) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_soter-server"));
        program.args(["--rp-id", "example.org", "--origin", ORIGIN]).env_clear();
        program.envs(variables.iter().copied());
        Self::of(program)
    }

    /// Runs until it listens.
    pub fn of(mut program: Command) -> Self {
        let mut child = program.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut begin = String::new();
        let address = loop {
            let start = begin.len();
            assert!(lines.read_line(&mut begin).unwrap() > 0, "it ended: {begin}");
            let line: Value = serde_json::from_str(&begin[start..]).unwrap();
            if line["message"] == "listening" {
                break line["address"].as_str().unwrap().to_owned();
            }
        };
        let log = Arc::new(Mutex::new(begin));
        let copy = log.clone();
        std::thread::spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|length| length > 0) {
                copy.lock().unwrap_or_else(PoisonError::into_inner).push_str(&line);
                line.clear();
            }
        });
        Self { child, address, log }
    }

    /// A call, which may fail where the process ends.
    pub async fn post(&self, client: &reqwest::Client, call: &str, body: &Value) -> Option<Value> {
        post(client, &self.address, call, body).await
    }

    /// Sends a call, or the beginning of one. It is under way for certain when this is over; whoever drops the stream hangs up.
    pub async fn send_and_be_read(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let head = format!("{head}\r\nexpect: 100-continue\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        // This comes when the call begins to read its body.
        let mut answer = [0; 25];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(body.as_bytes()).await.unwrap();
        stream
    }

    pub async fn get(&self, path: &str) -> (u16, String) {
        let response = reqwest::get(format!("http://{}{path}", self.address)).await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// What it has logged until now.
    pub fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a text in the log.
    pub async fn told(&self, text: &str) {
        until(text, async || self.log().contains(text)).await;
    }

    pub fn terminate(&self) {
        self.signal("TERM");
    }

    pub fn signal(&self, name: &str) {
        let id = self.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

/// SIGKILL, on Unix; also where a test fails.
impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub async fn post(client: &reqwest::Client, address: &str, call: &str, body: &Value) -> Option<Value> {
    let url = format!("http://{address}/cgi-bin/soter/{call}?access_token={TOKEN}");
    client.post(url).body(body.to_string()).send().await.ok()?.json().await.ok()
}
