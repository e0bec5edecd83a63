//! Limits, health, metrics, the log, and the end.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use axum_server::Handle;
use common::{Database, Device, ORIGIN, Server, TOKEN, error, ok};
use futures_util::future::join_all;
use serde_json::{Value, json};
use soter_server::router::router;
use soter_server::run;
use soter_server::secret::Hash;
use sqlx::{Connection, Executor};
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn a_caller_is_limited_and_others_are_not() {
    let database = Database::sqlite();
    let other = Hash::of("another token").to_hex();
    let options = ["--max-rate", "5", "--access-token-hash", &other];
    let server = Server::with(&database, &options).await;
    let client = reqwest::Client::new();
    let call = async |token: &str| -> Value {
        let url = server.url(&format!("/cgi-bin/soter/get_challenge?access_token={token}"));
        client.post(url).body(r#"{"openid":"alice"}"#).send().await.unwrap().json().await.unwrap()
    };
    let mut answers = Vec::new();
    for _ in 0..20 {
        answers.push(call(TOKEN).await["errcode"].clone());
    }
    assert!(answers[..5].iter().all(|code| *code == 0), "{answers:?}");
    assert!(answers.contains(&45011.into()), "{answers:?}");
    assert_eq!(call("another token").await["errcode"], 0);
    // Whoever has no token is limited, too, all together.
    let mut answers = Vec::new();
    for number in 0..20 {
        answers.push(call(&format!("guess{number}")).await["errcode"].clone());
    }
    assert!(answers.contains(&40001.into()) && answers.contains(&45011.into()), "{answers:?}");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(call(TOKEN).await["errcode"], 0);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let database = Database::sqlite();
    let server = Server::with(&database, &["--timeout-seconds", "1"]).await;
    let path = format!("/cgi-bin/soter/get_challenge?access_token={}", TOKEN.replace(' ', "%20"));
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 9\r\n\r\n{{");
    stream.write_all(head.as_bytes()).await.unwrap();
    let started = Instant::now();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with(&error(-1, "system error").to_string()), "{answer}");
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn health_follows_the_database_and_the_end() {
    let database = Database::sqlite();
    let server = Server::start(&database).await;
    let status = async |path: &str| reqwest::get(server.url(path)).await.unwrap().status().as_u16();
    assert_eq!((status("/healthz").await, status("/readyz").await), (200, 200));
    server.service.store.close().await;
    assert_eq!((status("/healthz").await, status("/readyz").await), (200, 503));
    let answer = server.post("get_challenge", &json!({ "openid": "alice" })).await;
    assert_eq!(answer, error(-1, "system error"));

    let server = Server::start(&database).await;
    server.service.stop();
    assert_eq!(reqwest::get(server.url("/readyz")).await.unwrap().status(), 503);
    // Until it has ended it goes on answering.
    assert_eq!(server.challenge("alice").await.len(), 49);
}

#[tokio::test]
async fn metrics_count_calls_by_outcome_and_invent_no_names() {
    let database = Database::sqlite();
    let server = Server::start(&database).await;
    let device = Device::without_counter("key");
    server.register("alice", &device).await;
    let result = device.result(&server.challenge("alice").await);
    server.verify("alice", &result).await;
    server.verify("alice", &result).await;
    reqwest::get(server.url("/cgi-bin/soter/made-up-name")).await.unwrap();
    let metrics = reqwest::get(server.url("/metrics")).await.unwrap().text().await.unwrap();
    for line in [
        r#"soter_calls_total{call="verify_signature",outcome="ok"}"#,
        r#"soter_calls_total{call="verify_signature",outcome="challenge-used"}"#,
        r#"soter_calls_total{call="unknown",outcome="40066"}"#,
        r#"soter_call_duration_seconds_bucket{call="get_challenge",le="0.0005"}"#,
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
    assert!(!metrics.contains("made-up-name") && !metrics.contains("alice"));
}

#[test]
fn the_log_holds_no_secret_and_the_end_is_graceful() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("keys.db").display());
    let mut child = Command::new(env!("CARGO_BIN_EXE_soter-server"))
        .args(["--listen", "127.0.0.1:0", "--rp-id", "example.org", "--origin", ORIGIN])
        .args(["--database-url", &url, "--drain-seconds", "2"])
        .env("SOTER_ACCESS_TOKEN_HASHES", Hash::of(TOKEN).to_hex())
        .env("SOTER_APPS", format!("wx1234:{}", Hash::of("the-secret-of-the-app").to_hex()))
        .env("RUST_LOG", "trace")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    let mut log = String::new();
    let address = loop {
        let start = log.len();
        lines.read_line(&mut log).unwrap();
        let line: Value = serde_json::from_str(&log[start..]).unwrap();
        if line["message"] == "listening" {
            break line["address"].as_str().unwrap().to_owned();
        }
    };
    let reader = std::thread::spawn(move || {
        lines.read_to_string(&mut log).unwrap();
        log
    });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut secrets = runtime.block_on(use_all_secrets(&address));
    let killed = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(killed.success());
    // For a while it says that it ends, and answers.
    std::thread::sleep(Duration::from_millis(500));
    let (ready, answer) = runtime.block_on(async {
        let ready = reqwest::get(format!("http://{address}/readyz")).await.unwrap().status();
        (ready, post(&address, TOKEN, "get_challenge", json!({ "openid": "alice" })).await)
    });
    assert_eq!(ready, 503);
    secrets.push(answer["challenge"].as_str().unwrap().to_owned());
    assert!(child.wait().unwrap().success());
    let log = reader.join().unwrap();
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret}");
    }
    for line in log.lines() {
        serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
    let told = r#""call":"verify_signature","outcome":"challenge-used""#;
    assert!(log.contains(told) && log.contains("stopping"), "{log}");
}

#[test]
fn a_log_that_nobody_reads_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("keys.db").display());
    let mut child = Command::new(env!("CARGO_BIN_EXE_soter-server"))
        .args(["--listen", "127.0.0.1:0", "--rp-id", "example.org", "--origin", ORIGIN])
        .args(["--database-url", &url, "--drain-seconds", "0"])
        .env("SOTER_ACCESS_TOKEN_HASHES", Hash::of(TOKEN).to_hex())
        .env("RUST_LOG", "soter_server=info")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    // The reader is gone after the first line.
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    let listening: Value = serde_json::from_str(&line).unwrap();
    let address = listening["address"].as_str().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for _ in 0..3 {
        let answer = runtime.block_on(post(address, TOKEN, "get_challenge", json!({ "openid": "alice" })));
        assert_eq!(answer["errcode"], 0);
    }
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}

async fn post(address: &str, token: &str, call: &str, body: Value) -> Value {
    let url = format!("http://{address}/cgi-bin/soter/{call}?access_token={token}");
    reqwest::Client::new().post(url).body(body.to_string()).send().await.unwrap().json().await.unwrap()
}

/// Everything that is a secret, in calls that are answered well and in others.
async fn use_all_secrets(address: &str) -> Vec<String> {
    let device = Device::new("key");
    let app = "grant_type=client_credential&appid=wx1234&secret";
    let fetched = format!("http://{address}/cgi-bin/token?{app}=the-secret-of-the-app");
    let fetched: Value = reqwest::get(fetched).await.unwrap().json().await.unwrap();
    let fetched = fetched["access_token"].as_str().unwrap();
    reqwest::get(format!("http://{address}/cgi-bin/token?{app}=a-wrong-secret")).await.unwrap();
    let answer = post(address, fetched, "get_challenge", json!({ "openid": "alice" })).await;
    let challenge = answer["challenge"].as_str().unwrap().to_owned();
    let registration = json!({ "openid": "alice", "registration": device.registration(&challenge) });
    assert_eq!(post(address, TOKEN, "register_key", registration).await, ok());
    let result = device.result(&challenge);
    assert_eq!(post(address, TOKEN, "verify_signature", result.body("alice")).await, ok());
    post(address, TOKEN, "verify_signature", result.body("alice")).await;
    post(address, "a-wrong-token", "verify_signature", result.body("alice")).await;
    let secrets = [TOKEN, "a%20token", fetched, "a-wrong-token", "the-secret-of-the-app", "a-wrong-secret"];
    let mut secrets: Vec<_> = secrets.map(str::to_owned).into();
    secrets.extend([challenge.clone(), common::parts::base64url(challenge.as_bytes()), result.signature]);
    secrets
}

#[tokio::test]
async fn strangers_keep_nobody_out() {
    let database = Database::sqlite();
    let app = format!("wx1234:{}", Hash::of("secret").to_hex());
    let server = Server::with(&database, &["--max-rate", "5", "--app", &app]).await;
    let mut answers = Vec::new();
    for number in 0..20 {
        let answer =
            server.post_with(&format!("guess{number}"), "get_challenge", &json!({ "openid": "alice" })).await;
        answers.push(answer["errcode"].clone());
    }
    assert!(answers.contains(&45011.into()), "{answers:?}");
    let query = "grant_type=client_credential&appid=wx1234&secret=secret";
    let token: Value =
        reqwest::get(server.url(&format!("/cgi-bin/token?{query}"))).await.unwrap().json().await.unwrap();
    let token = token["access_token"].as_str().unwrap();
    let answer = server.post_with(token, "get_challenge", &json!({ "openid": "alice" })).await;
    assert_eq!(answer["errcode"], 0);
}

#[tokio::test]
async fn connections_that_say_nothing_are_closed() {
    let database = Database::sqlite();
    let service = Server::start(&database).await.service.clone();
    let handle = Handle::new();
    let listener = run::server(([127, 0, 0, 1], 0).into(), handle.clone(), Duration::from_secs(1));
    tokio::spawn(listener.serve(router(service).into_make_service()));
    let address = handle.listening().await.unwrap();
    for begin in ["", "PRI * HT", "POST /cgi-bin/soter/get_challenge HTTP/1.1\r\nhost:"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(begin.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer));
        assert!(read.await.is_ok(), "{begin:?} is still open");
    }
}

/// As an instance that vanished in the midst of its work leaves it.
#[tokio::test(flavor = "multi_thread")]
async fn a_locked_row_holds_up_nobody_else() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let server = Server::start(&database).await;
    server.register("alice", &Device::new("key")).await;
    let mut other = sqlx::PgConnection::connect(&database.url).await.unwrap();
    other.execute("BEGIN").await.unwrap();
    other.execute("SELECT * FROM keys FOR UPDATE").await.unwrap();
    let remove = json!({ "openid": "alice", "all": true });
    let stuck = join_all((0..30).map(|_| server.post("remove_key", &remove)));
    let others = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let challenge = server.challenge("bob").await;
        (challenge, reqwest::get(server.url("/healthz")).await.unwrap().status())
    };
    let (answers, _) = tokio::join!(stuck, others);
    assert!(answers.iter().all(|answer| *answer == error(-1, "system error")), "{answers:?}");
    // All connections are free again, though the row is locked still.
    assert_eq!(reqwest::get(server.url("/readyz")).await.unwrap().status(), 200);
    join_all((0..30).map(|_| server.challenge("bob"))).await;
    other.execute("ROLLBACK").await.unwrap();
    assert_eq!(server.post("remove_key", &remove).await, ok());
}

#[test]
fn settings_that_are_wrong_are_named() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_soter-server")).args(arguments).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    for (arguments, told) in [
        (["--database-url", "sqlite::memory:"], "must be a file"),
        (["--rp-id", "example.org"], "no --origin is a page of --rp-id"),
        (["--listen", "0.0.0.0:0"], "wants access tokens"),
        (["--origin", "https://localhost/"], "should it be \"https://localhost\"?"),
        (["--origin", "example.org"], "is no origin"),
        (["--rp-id", "https://example.org"], "must be a domain"),
        (["--rp-id", "127.0.0.1"], "must be a domain"),
        (["--database-url", "mysql://x"], "must begin with sqlite: or postgres:"),
        (["--database-url", "sqlite:///no/such/folder/keys.db?mode=rwc"], "cannot open the database"),
        (["--access-token-hash", "secret"], "64 hexadecimal digits"),
        (["--challenge-seconds", "0"], "0 is not in"),
    ] {
        let error = run(&arguments);
        assert!(error.contains(told), "{arguments:?}: {error}");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_soter-server")).arg("token").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let words: Vec<_> = text.split_whitespace().collect();
    let hash = words.last().unwrap();
    assert!(words.iter().any(|word| Hash::of(word).to_hex() == **hash), "{text}");
}
