//! The process is killed in the midst of its work. What it said was accepted is accepted for ever.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Database, Device, ORIGIN, Server, TOKEN, no, ok, on_both};
use serde_json::{Value, json};
use soter_server::secret::Hash;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

on_both! { nothing_accepted_is_lost }

/// The program itself, on a port that it chooses.
struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn start(database: &Database) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_soter-server"))
            .args(["--listen", "127.0.0.1:0", "--rp-id", "example.org", "--origin", ORIGIN])
            .args(["--max-rate", "1000000", "--database-url", &database.url])
            .env("SOTER_ACCESS_TOKEN_HASHES", Hash::of(TOKEN).to_hex())
            .env("RUST_LOG", "soter_server::run=info")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let listening: Value = serde_json::from_str(&line).unwrap();
        Self { address: listening["address"].as_str().unwrap().to_owned(), child }
    }
}

/// SIGKILL, on Unix; also where a test fails.
impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A call that may fail with the process.
async fn post(client: &reqwest::Client, address: &str, call: &str, body: &Value) -> Option<Value> {
    let url = format!("http://{address}/cgi-bin/soter/{call}?access_token={TOKEN}");
    client.post(url).body(body.to_string()).send().await.ok()?.json().await.ok()
}

/// What was accepted before the process was killed.
#[derive(Default)]
struct Accepted {
    devices: Vec<Arc<Device>>,
    bodies: Vec<Value>,
}

async fn nothing_accepted_is_lost(database: Database) {
    let accepted = Arc::new(Mutex::new(Accepted::default()));
    for round in 0..3 {
        let process = Process::start(&database);
        let users: Vec<_> = (0..8)
            .map(|number| {
                let name = format!("user {round} {number}");
                tokio::spawn(work(process.address.clone(), name, accepted.clone()))
            })
            .collect();
        let before = accepted.lock().unwrap().bodies.len();
        let enough = async {
            while accepted.lock().unwrap().bodies.len() < before + 100 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), enough).await.unwrap();
        drop(process);
        for user in users {
            user.await.unwrap();
        }
    }
    let server = Server::start(&database).await;
    let accepted = Arc::into_inner(accepted).unwrap().into_inner().unwrap();
    assert!(accepted.bodies.len() >= 300);
    for body in &accepted.bodies {
        let openid = body["openid"].as_str().unwrap();
        let sent: Value = serde_json::from_str(body["json_string"].as_str().unwrap()).unwrap();
        let record = server.service.store.key(openid, openid.as_bytes()).await.unwrap().unwrap().record;
        assert!(u64::from(record.sign_count) >= sent["counter"].as_u64().unwrap(), "a counter is lost");
        let answer = server.post("verify_signature", body).await;
        assert!(answer == no("challenge-used") || answer == no("sign-count-not-increased"), "{answer}");
    }
    // The keys are there, with a counter that is not higher than the device's.
    for device in &accepted.devices {
        let openid = String::from_utf8(device.credential_id.clone()).unwrap();
        let result = device.result(&server.challenge(&openid).await);
        assert_eq!(server.verify(&openid, &result).await, ok());
    }
}

/// Registers a key and authenticates, over and over, until the process is gone. Half of the devices keep no counter.
async fn work(address: String, name: String, accepted: Arc<Mutex<Accepted>>) {
    let client = reqwest::Client::new();
    for key in 0.. {
        let openid = format!("{name} {key}");
        let device = if key % 2 == 0 { Device::new(&openid) } else { Device::without_counter(&openid) };
        let device = Arc::new(device);
        let Some(()) = use_device(&client, &address, &openid, &device, &accepted).await else {
            return;
        };
    }
}

async fn use_device(
    client: &reqwest::Client,
    address: &str,
    openid: &str,
    device: &Arc<Device>,
    accepted: &Mutex<Accepted>,
) -> Option<()> {
    let challenge = challenge(client, address, openid).await?;
    let body = json!({ "openid": openid, "registration": device.registration(&challenge) });
    assert_eq!(post(client, address, "register_key", &body).await?, ok());
    accepted.lock().unwrap().devices.push(device.clone());
    for _ in 0..5 {
        let challenge = self::challenge(client, address, openid).await?;
        let body = device.result(&challenge).body(openid);
        assert_eq!(post(client, address, "verify_signature", &body).await?, ok());
        accepted.lock().unwrap().bodies.push(body);
    }
    Some(())
}

async fn challenge(client: &reqwest::Client, address: &str, openid: &str) -> Option<String> {
    let answer = post(client, address, "get_challenge", &json!({ "openid": openid })).await?;
    Some(answer["challenge"].as_str().unwrap().to_owned())
}
