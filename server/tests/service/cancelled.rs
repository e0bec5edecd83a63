//! Calls that are dropped before they are answered, since their client hung up or their time was over: whatever they were
//! doing, they leave nothing half done, and a trace.

use crate::common;

use common::process::Process;
use common::proxy::Proxy;
use common::{Database, Device, Server, error, let_time_pass, no, ok, on_both, parts, registered, until};
use futures_util::future::join_all;
use serde_json::{Value, json};
use soter_server::secret::Hash;
use sqlx::{AnyConnection, Connection, Executor};
use std::ops::Range;
use std::time::Duration;

/// On one thread, so that a call waits wherever it can: nobody does its work while it looks whether that is done.
mod one_thread {
    use super::{Database, a_call_dropped_at_any_of_its_waits_leaves_nothing_half_done};

    #[tokio::test]
    async fn sqlite() {
        a_call_dropped_at_any_of_its_waits_leaves_nothing_half_done(Database::sqlite()).await;
    }

    #[tokio::test]
    async fn postgres() {
        if let Some(database) = Database::postgres().await {
            a_call_dropped_at_any_of_its_waits_leaves_nothing_half_done(database).await;
        }
    }
}

on_both! {
    dropped_calls_are_counted_and_logged,
    removed_keys_stay_removed_while_clients_hang_up,
}

const UNKNOWN: &str = "invalid openid";

/// A PostgreSQL that is two milliseconds away, so that calls are in the midst of something for most of their time.
async fn proxy(database: &Database) -> Option<Proxy> {
    match database.is_postgres() {
        true => Some(Proxy::start(database, Duration::from_millis(2)).await),
        false => None,
    }
}

fn remove(openid: &str) -> Value {
    json!({ "openid": openid, "all": true })
}

/// What is confirmed right after it on the same connection is there for another instance too: it was committed. Of four
/// connections one works for single calls.
async fn a_call_dropped_at_any_of_its_waits_leaves_nothing_half_done(database: Database) {
    let proxy = proxy(&database).await;
    let one = proxy.as_ref().map_or(&database, |proxy| &proxy.database);
    let one = Server::with(one, &["--max-connections", "4"]).await;
    let other = Server::start(&database).await;
    for call in ["verify_signature", "register_key", "remove_key", "get_challenge"] {
        for times in 0.. {
            let openid = format!("{call} {times}");
            let device = Device::new(&openid);
            other.register(&openid, &device).await;
            let result = device.result(&other.challenge(&openid).await);
            let second = Device::new(&format!("second key of {openid}"));
            let body = match call {
                "verify_signature" => result.body(&openid),
                "register_key" => {
                    let registration = second.registration(&other.challenge(&openid).await);
                    json!({ "openid": openid, "registration": registration })
                }
                "remove_key" => json!({ "openid": openid, "cpu_id": parts::base64url(openid.as_bytes()) }),
                _ => json!({ "openid": openid }),
            };
            let answer = one.post_unless_it_waits(times, call, &body).await;
            let challenge = one.challenge(&openid).await;
            if call == "verify_signature" {
                // Both the challenge and the counter, or neither.
                let again = other.verify(&openid, &result).await;
                let is_whole = again == no("challenge-used") || (again == ok() && answer.is_none());
                assert!(is_whole, "{openid}: {again}");
            }
            let removed = one.post("remove_key", &remove(&openid)).await;
            assert!(
                removed == ok() || (call == "remove_key" && removed == error(40003, UNKNOWN)),
                "{removed}"
            );
            let late = device.result(&challenge);
            assert_eq!(other.verify(&openid, &late).await, error(40003, UNKNOWN), "{openid}");
            let new = Device::new(&format!("new key of {openid}"));
            let body = json!({ "openid": openid, "registration": new.registration(&challenge) });
            assert_eq!(other.post("register_key", &body).await, registered(&new), "{openid}");
            if answer.is_some() {
                assert!(times > 0, "{call} was never dropped");
                break;
            }
        }
    }
}

/// BEGIN's answer is on its way when the client hangs up. sqlx 0.9.0 counts a transaction only when the answer is there.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_hangs_up_before_a_transaction_begins_undoes_nothing_that_comes_after() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let proxy = Proxy::start(&database, Duration::ZERO).await;
    let app = ["--app", &format!("wx1234:{}", Hash::of("secret").to_hex())];
    let one = Server::with(&proxy.database, &[&app[..], &["--max-connections", "4"]].concat()).await;
    let other = Server::with(&database, &app).await;
    let device = Device::new("key");
    one.register("alice", &device).await;
    // Nothing of the kind is registered, so that this changes nothing however it comes out.
    let nothing = json!({ "openid": "alice", "cpu_id": parts::base64url(b"no key") });
    let hang_up = async || {
        proxy.hold("BEGIN");
        let client = one.send("remove_key", &nothing).await;
        proxy.holds_one().await;
        drop(client);
        one.is_quiet().await;
        proxy.let_go();
    };

    hang_up().await;
    let bobs = Device::new("bob's");
    one.register("bob", &bobs).await;
    let result = bobs.result(&other.challenge("bob").await);
    assert_eq!(other.verify("bob", &result).await, ok(), "the key is lost");

    hang_up().await;
    let token = "/cgi-bin/token?grant_type=client_credential&appid=wx1234&secret=secret";
    let token: Value = reqwest::get(one.url(token)).await.unwrap().json().await.unwrap();
    let token = token["access_token"].as_str().unwrap();
    let answer = other.post_with(token, "get_challenge", &json!({ "openid": "alice" })).await;
    assert_eq!(answer["errcode"], 0, "the token is lost");

    let challenge = other.challenge("bob").await;
    hang_up().await;
    let_time_pass(&database, 301).await;
    one.service.store.sweep().await.unwrap();
    let body = json!({ "openid": "bob", "registration": Device::new("second").registration(&challenge) });
    assert_eq!(other.post("register_key", &body).await, no("challenge-unknown"), "nothing was swept");

    hang_up().await;
    assert_eq!(one.post("remove_key", &remove("alice")).await, ok());
    let late = device.result(&other.challenge("alice").await);
    assert_eq!(other.verify("alice", &late).await, error(40003, UNKNOWN), "the key is alive");
}

/// Somebody else has locked what the call needs, so that it waits for as long as the test wants.
async fn lock(database: &Database) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(&database.url).await.unwrap();
    if database.is_postgres() {
        connection.execute("BEGIN").await.unwrap();
        connection.execute("SELECT * FROM app_keys FOR UPDATE").await.unwrap();
    } else {
        connection.execute("BEGIN IMMEDIATE").await.unwrap();
    }
    connection
}

async fn dropped_calls_are_counted_and_logged(database: Database) {
    let device = Device::new("key");
    Server::start(&database).await.register("alice", &device).await;
    let locked = lock(&database).await;
    let body = device.result("17").body("alice");
    let counted = async |process: &Process, outcome: &str| {
        let line = format!(r#"soter_calls_total{{call="verify_signature",outcome="{outcome}"}} 1"#);
        until(&line, async || process.get("/metrics").await.1.contains(&line)).await;
        process.told(&format!(r#""call":"verify_signature","outcome":"{outcome}""#)).await;
    };

    let patient = Process::start(&database, &[]);
    drop(patient.send_and_be_read(&common::request("verify_signature", &body)).await);
    counted(&patient, "cancelled-by-client").await;
    // SQLite is for one process.
    drop(patient);

    let client = reqwest::Client::new();
    let process = Process::start(&database, &["--timeout-seconds", "1"]);
    let answer = process.post(&client, "verify_signature", &body).await.unwrap();
    assert_eq!(answer, error(-1, "system error"));
    counted(&process, "cancelled-by-deadline").await;

    // Neither spent the challenge.
    locked.close().await.unwrap();
    drop(process);
    let patient = Process::start(&database, &[]);
    assert_eq!(patient.post(&client, "verify_signature", &body).await.unwrap(), ok());
}

/// How many calls are dropped; more by `SOTER_TEST_DROPPED`.
fn dropped_calls() -> usize {
    std::env::var("SOTER_TEST_DROPPED").map_or(2000, |number| number.parse().unwrap())
}

async fn removed_keys_stay_removed_while_clients_hang_up(database: Database) {
    const CLIENTS: usize = 20;
    const CALLS: usize = 4;
    let other = Server::start(&database).await;
    let proxy = proxy(&database).await;
    let one = Server::start(proxy.as_ref().map_or(&database, |proxy| &proxy.database)).await;
    let name = |client: usize| format!("impatient {client}");
    let mut results = Vec::new();
    for client in 0..CLIENTS {
        let device = Device::without_counter(&name(client));
        other.register(&name(client), &device).await;
        results.push((0..CALLS).map(|number| device.result(&format!("order {number}"))).collect::<Vec<_>>());
    }
    let impatient = async |client: usize| {
        for result in &results[client] {
            let body = result.body(&name(client));
            let stream = one.send("verify_signature", &body).await;
            tokio::time::sleep(Duration::from_micros(rand::random_range(0..25_000))).await;
            drop(stream);
        }
    };
    let honest = async |number: usize| {
        let openid = format!("user {number}");
        let device = Device::new(&openid);
        let challenge = one.challenge(&openid).await;
        let body = json!({ "openid": openid, "registration": device.registration(&challenge) });
        assert_eq!(
            other.post("register_key", &body).await,
            registered(&device),
            "the challenge of {openid} is lost"
        );
        assert_eq!(one.post("remove_key", &remove(&openid)).await, ok());
        let late = device.result(&challenge);
        assert_eq!(other.verify(&openid, &late).await, error(40003, UNKNOWN), "{openid} is alive");
    };
    for round in 0..dropped_calls().div_ceil(CLIENTS * CALLS) {
        // Some in between, and as many afterwards as there are connections.
        let honest = async |users: Range<usize>| join_all(users.map(|user| honest(round * 16 + user))).await;
        tokio::join!(join_all((0..CLIENTS).map(impatient)), honest(0..4));
        honest(4..16).await;
    }
    one.is_quiet().await;
}
