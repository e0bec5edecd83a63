//! Limits, health, metrics, the log, and the end.

use crate::common;

use axum_server::Handle;
use common::process::Process;
use common::{
    Database, Device, ORIGIN, PATIENCE, Server, TOKEN, add_spent, error, let_time_pass, no, ok, on_both,
    registered, until,
};
use futures_util::future::join_all;
use serde_json::{Value, json};
use soter_server::listener::{self, ConnectionCap, HeadTimeouts};
use soter_server::router::router;
use soter_server::secret::Hash;
use sqlx::{Connection, Executor, Row};
use std::io::{BufRead, BufReader, ErrorKind};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

on_both! {
    an_openid_is_limited_and_others_are_not,
    an_openid_has_so_many_open_challenges,
    an_expired_token_takes_nothing_from_its_app_and_from_nobody,
    spent_challenges_are_not_counted_one_by_one,
}

/// Sends calls with these tokens, all at once. Of so many some are over the limit of five calls a second, unless they took
/// half a minute.
async fn challenges(server: &Server, token: impl Fn(usize) -> String) -> Vec<Value> {
    let body = json!({ "openid": "alice" });
    let calls = (0..200).map(|number| {
        let (token, body) = (token(number), &body);
        async move { server.post_with(&token, "get_challenge", body).await["errcode"].clone() }
    });
    join_all(calls).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_is_limited_and_others_are_not() {
    let database = Database::sqlite();
    let other = Hash::of("another token").to_hex();
    let server = Server::with(&database, &["--max-rate", "5", "--access-token-hash", &other]).await;
    let started = Instant::now();
    let answers = challenges(&server, |_| TOKEN.to_owned()).await;
    let most = 5.0 + 5.0 * started.elapsed().as_secs_f64();
    let accepted = answers.iter().filter(|code| **code == 0).count();
    assert!(accepted >= 5 && accepted as f64 <= most, "{accepted} of at most {most}: {answers:?}");
    assert!(answers.iter().all(|code| *code == 0 || *code == 45011), "{answers:?}");
    assert_eq!(
        server.post_with("another token", "get_challenge", &json!({ "openid": "alice" })).await["errcode"],
        0
    );
    // Whoever has no token is limited, too, all together.
    let answers = challenges(&server, |number| format!("guess{number}")).await;
    assert!(answers.contains(&40001.into()) && answers.contains(&45011.into()), "{answers:?}");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(server.post_with(TOKEN, "get_challenge", &json!({ "openid": "alice" })).await["errcode"], 0);
}

/// Whoever floods a call for one openid takes nothing from the others who share the backend's token.
async fn an_openid_is_limited_and_others_are_not(database: Database) {
    let server = Server::with(&database, &["--max-rate", "100", "--max-rate-per-openid", "5"]).await;
    let started = Instant::now();
    let answers = challenges(&server, |_| TOKEN.to_owned()).await;
    let most = 5.0 + 5.0 * started.elapsed().as_secs_f64();
    let accepted = answers.iter().filter(|code| **code == 0).count();
    assert!(accepted >= 5 && accepted as f64 <= most, "{accepted} of at most {most}: {answers:?}");
    assert!(answers.iter().all(|code| *code == 0 || *code == 45901), "{answers:?}");
    // 200 calls would have used up all of the token's.
    for number in 0..50 {
        server.challenge(&format!("user {number}")).await;
    }
}

/// Whoever floods fills no table either.
async fn an_openid_has_so_many_open_challenges(database: Database) {
    let server = Server::with(&database, &["--max-challenges", "5", "--challenge-seconds", "3600"]).await;
    let device = Device::new("key");
    server.register("bob", &device).await;
    let answers = challenges(&server, |_| TOKEN.to_owned()).await;
    assert_eq!(answers.iter().filter(|code| **code == 0).count(), 5);
    assert!(answers.iter().all(|code| *code == 0 || *code == 45902), "{answers:?}");
    assert_eq!(server.service.store.challenge_figures().await.unwrap().0, 6);
    for _ in 0..10 {
        // One that is spent makes room.
        assert_eq!(server.verify("bob", &device.result(&server.challenge("bob").await)).await, ok());
    }
    let_time_pass(&database, 3601).await;
    server.challenge("alice").await;
}

/// Old tokens are in the logs of half the world.
async fn an_expired_token_takes_nothing_from_its_app_and_from_nobody(database: Database) {
    let app = format!("wx1:{}", Hash::of("secret").to_hex());
    let options = ["--app", &app, "--max-rate", "5", "--max-rate-per-openid", "1"];
    let server = Server::with(&database, &options).await;
    let fetch = async || -> String {
        let query = "grant_type=client_credential&appid=wx1&secret=secret";
        let answer = reqwest::get(server.url(&format!("/cgi-bin/token?{query}"))).await.unwrap();
        answer.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned()
    };
    let old = fetch().await;
    let_time_pass(&database, 7201).await;
    let new = fetch().await;
    let answers = challenges(&server, |_| old.clone()).await;
    assert!(answers.iter().all(|code| *code == 42001), "{answers:?}");
    assert_eq!(server.post_with(&new, "get_challenge", &json!({ "openid": "alice" })).await["errcode"], 0);
    // It is counted with those who guess, who alone would be too few: one in 300 milliseconds.
    let limited = async |token: &str| {
        let answer = server.post_with(token, "get_challenge", &json!({ "openid": "alice" })).await;
        answer["errcode"] == 45011
    };
    until("the limit of those who guess", async || {
        tokio::time::sleep(Duration::from_millis(300)).await;
        challenges(&server, |_| old.clone()).await;
        limited("guess").await
    })
    .await;
    // What was deleted is unknown, however often it is asked for.
    server.service.store.sweep().await.unwrap();
    let other = Server::with(&database, &["--app", &app]).await;
    for _ in 0..2 {
        let answer = other.post_with(&old, "get_challenge", &json!({ "openid": "alice" })).await;
        assert_eq!(answer["errcode"], 40001);
    }
}

/// Who has used thousands, and of whom they are remembered, waits no longer for a new one, nor for a result. The plans are made while
/// the table is empty.
async fn spent_challenges_are_not_counted_one_by_one(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::new("key"));
    server.register("alice", &device).await;
    let verify = async || {
        assert_eq!(server.verify("alice", &device.result(&server.challenge("alice").await)).await, ok());
    };
    verify().await;
    add_spent(&database, "alice", 5000).await;
    let mut connection = sqlx::AnyConnection::connect(&database.url).await.unwrap();
    let keep = "UPDATE challenges SET expires_at = 10000000000 WHERE expires_at IS NULL";
    connection.execute(keep).await.unwrap();
    if database.is_postgres() {
        let statistics = "SELECT idx_scan, idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = 'challenges_open_until'";
        let (mut scans, mut rows) = (0_i64, 0_i64);
        let started = Instant::now();
        while scans < 3 && started.elapsed() < PATIENCE {
            verify().await;
            // They are written when the connection has nothing to do.
            tokio::time::sleep(Duration::from_millis(500)).await;
            (scans, rows) = sqlx::query_as(statistics).fetch_one(&mut connection).await.unwrap();
        }
        assert!(scans >= 3 && rows <= scans * (scans + 1), "{scans} {rows}");
    } else {
        let plan = "EXPLAIN QUERY PLAN SELECT value FROM json_each('[]')
                    WHERE (SELECT count(*) FROM challenges AS open
                           WHERE open.app = value ->> 'app' AND open.openid = value ->> 'openid'
                           AND NOT open.spent_on_result AND open.expires_at > unixepoch()
                           AND open.expires_at <= unixepoch() + (value ->> 'lifetime')) < value ->> 'room'";
        let lines = sqlx::query(plan).fetch_all(&mut connection).await.unwrap();
        let lines: Vec<String> = lines.iter().map(|line| line.try_get("detail").unwrap()).collect();
        let search = "INDEX challenges_open_until (app=? AND openid=? AND expires_at>? AND expires_at<?)";
        assert!(lines.iter().any(|line| line.contains(search)), "{lines:?}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let database = Database::sqlite();
    let patient = Server::start(&database).await;
    let server = Server::with(&database, &["--timeout-seconds", "1"]).await;
    let path = format!("/cgi-bin/soter/get_challenge?access_token={}", TOKEN.replace(' ', "%20"));
    let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 9\r\n\r\n{{");
    let mut waiting = TcpStream::connect(patient.address).await.unwrap();
    waiting.write_all(head.as_bytes()).await.unwrap();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with(&error(44901, "post data incomplete").to_string()), "{answer}");
    // Another setting, another end.
    assert!(waiting.try_read(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock));
}

#[tokio::test]
async fn health_follows_the_database_and_the_end() {
    let database = Database::sqlite();
    let server = Server::start(&database).await;
    let status = async |path: &str| reqwest::get(server.url(path)).await.unwrap().status().as_u16();
    // A database that takes long to answer is not ready.
    until("readiness", async || status("/readyz").await == 200).await;
    assert_eq!(status("/healthz").await, 200);
    server.service.store.close().await;
    until("its end", async || status("/readyz").await == 503).await;
    assert_eq!(status("/healthz").await, 200);
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

#[tokio::test]
async fn the_log_holds_no_secret_and_the_end_is_announced() {
    let database = Database::sqlite();
    let app = format!("wx1234:{}", Hash::of("the-secret-of-the-app").to_hex());
    let process = Process::with_log(
        &database,
        &["--drain-seconds", "600", "--default-app", "wx1234", "--app", &app],
        "trace",
    );
    let mut secrets = use_all_secrets(&process.address).await;
    process.terminate();
    process.told("stopping").await;
    // For a while it says that it ends, and answers.
    until("the end of readiness", async || process.get("/readyz").await == (503, "stopping".to_owned()))
        .await;
    let answer = post(&process.address, TOKEN, "get_challenge", json!({ "openid": "alice" })).await;
    secrets.push(answer["challenge"].as_str().unwrap().to_owned());
    process.told(r#""call":"verify_signature","outcome":"challenge-used""#).await;
    let log = process.log();
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret}");
    }
    for line in log.lines() {
        serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
}

/// A call that is under way when the port is closed is answered.
#[tokio::test]
async fn the_end_is_graceful() {
    let database = Database::sqlite();
    let mut process = Process::start(&database, &["--drain-seconds", "0"]);
    let request = common::request("get_challenge", &json!({ "openid": "alice" }));
    let (begin, end) = request.split_at(request.len() - 5);
    let mut stream = process.send_and_be_read(begin).await;
    process.terminate();
    let is_closed = async || TcpStream::connect(&process.address).await.is_err();
    until("the port to be closed", is_closed).await;
    stream.write_all(end.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains("soter-"), "{answer}");
    assert!(process.wait().success());
}

#[test]
fn a_log_that_nobody_reads_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("keys.db").display());
    let mut child = Command::new(env!("CARGO_BIN_EXE_soter-server"))
        .args(["--listen", "127.0.0.1:0", "--rp-id", "example.org", "--origin", ORIGIN])
        .args(["--database-url", &url, "--drain-seconds", "0", "--timeout-seconds", "600"])
        .env("SOTER_ACCESS_TOKEN_HASHES", Hash::of(TOKEN).to_hex())
        .env("RUST_LOG", "soter_server=info")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The reader is gone once it has the address.
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let listening = lines
        .find_map(|line| {
            let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
            (line["message"] == "listening").then_some(line)
        })
        .unwrap();
    drop(lines);
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
    assert_eq!(post(address, TOKEN, "register_key", registration).await, registered(&device));
    let result = device.result(&challenge);
    assert_eq!(post(address, TOKEN, "verify_signature", result.body("alice")).await, ok());
    post(address, TOKEN, "verify_signature", result.body("alice")).await;
    post(address, "a-wrong-token", "verify_signature", result.body("alice")).await;
    let secrets = [TOKEN, "a%20token", fetched, "a-wrong-token", "the-secret-of-the-app", "a-wrong-secret"];
    let mut secrets: Vec<_> = secrets.map(str::to_owned).into();
    secrets.extend([challenge.clone(), common::parts::base64url(challenge.as_bytes()), result.signature]);
    secrets
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_keep_nobody_out() {
    let database = Database::sqlite();
    let app = format!("wx1234:{}", Hash::of("secret").to_hex());
    let server = Server::with(&database, &["--max-rate", "5", "--app", &app]).await;
    let answers = challenges(&server, |number| format!("guess{number}")).await;
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
    let heads = HeadTimeouts { first: Duration::from_secs(1), next: PATIENCE };
    let cap = ConnectionCap::new(usize::MAX);
    let listener = listener::server(([127, 0, 0, 1], 0).into(), handle.clone(), heads, cap);
    tokio::spawn(listener.serve(router(service).into_make_service()));
    let address = handle.listening().await.unwrap();
    for begin in ["", "PRI * HT", "POST /cgi-bin/soter/get_challenge HTTP/1.1\r\nhost:"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(begin.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer));
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
    let device = Device::new("key");
    server.register("alice", &device).await;
    let mut other = sqlx::PgConnection::connect(&database.url).await.unwrap();
    other.execute("BEGIN").await.unwrap();
    other.execute("SELECT * FROM app_keys FOR UPDATE").await.unwrap();
    let mut watcher = sqlx::PgConnection::connect(&database.url).await.unwrap();
    let mut waiting = async || -> i64 {
        let waiting = "SELECT count(*) FROM pg_stat_activity
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        sqlx::query_scalar(waiting).fetch_one(&mut watcher).await.unwrap()
    };

    let (remove, result) = (json!({ "openid": "alice", "all": true }), device.result("17").body("alice"));
    let removals = join_all((0..30).map(|_| server.post("remove_key", &remove)));
    let results = join_all((0..30).map(|_| server.post("verify_signature", &result)));
    let others = async {
        server.has_under_way(60).await;
        // Some of them hang up, and come again.
        for _ in 0..30 {
            let stream = server.send("verify_signature", &result).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
            drop(stream);
        }
        // However many they are, they hold one connection.
        for _ in 0..30 {
            server.challenge("bob").await;
            assert!(waiting().await <= 1);
        }
        join_all((0..30).map(|_| server.challenge("bob"))).await;
        until("readiness", async || reqwest::get(server.url("/readyz")).await.unwrap().status() == 200).await;
        other.execute("ROLLBACK").await.unwrap();
    };
    let (removals, results, ()) = tokio::join!(removals, results, others);
    let gone = error(40003, "invalid openid");
    assert_eq!(removals.iter().filter(|answer| **answer == ok()).count(), 1);
    assert!(removals.iter().all(|answer| *answer == ok() || *answer == gone), "{removals:?}");
    let verdicts = [ok(), no("challenge-used"), gone];
    assert!(results.iter().all(|answer| verdicts.contains(answer)), "{results:?}");
    assert!(results.iter().filter(|answer| **answer == ok()).count() <= 1, "{results:?}");
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
