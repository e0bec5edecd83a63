//! Whether /readyz is true: ready is who can write.

use crate::common;

use common::process::Process;
use common::proxy::Proxy;
use common::{Database, ORIGIN, PATIENCE, Server, TOKEN, error, on_both, request, until};
use serde_json::json;
use soter_server::secret::Hash;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use std::process::Command;
use std::time::{Duration, Instant};

on_both! {
    a_locked_table_is_not_ready,
    calls_that_wait_for_a_connection_are_counted,
    monitoring_has_an_address_of_its_own,
}

async fn status(server: &Server) -> u16 {
    reqwest::get(server.url("/readyz")).await.unwrap().status().as_u16()
}

async fn a_locked_table_is_not_ready(database: Database) {
    let server = Server::start(&database).await;
    until("readiness", async || status(&server).await == 200).await;
    let mut other = AnyConnection::connect(&database.url).await.unwrap();
    if database.is_postgres() {
        other.execute("BEGIN").await.unwrap();
        other.execute("LOCK TABLE app_keys").await.unwrap();
    } else {
        other.execute("BEGIN IMMEDIATE").await.unwrap();
    }
    until("the end of readiness", async || status(&server).await == 503).await;
    other.execute("ROLLBACK").await.unwrap();
    until("readiness", async || status(&server).await == 200).await;
}

/// How many calls wait for a connection of that kind.
async fn waiting(process: &Process, work: &str) -> u32 {
    let (_, metrics) = process.get("/metrics").await;
    let name = format!(r#"soter_database_waiting{{work="{work}"}} "#);
    metrics.lines().find_map(|line| line.strip_prefix(&name)).unwrap().parse().unwrap()
}

async fn calls_that_wait_for_a_connection_are_counted(database: Database) {
    let process = Process::start(&database, &["--max-connections", "4"]);
    let nobody = async || waiting(&process, "single").await == 0 && waiting(&process, "shared").await == 0;
    // What it does at its start is over.
    until("nobody who waits", nobody).await;
    let mut other = AnyConnection::connect(&database.url).await.unwrap();
    let lock =
        if database.is_postgres() { "BEGIN; LOCK TABLE challenges, app_keys" } else { "BEGIN IMMEDIATE" };
    other.execute(lock).await.unwrap();
    // One of either kind has the connection, and the others wait for it.
    let (mut calls, started) = (Vec::new(), Instant::now());
    while waiting(&process, "single").await == 0 || waiting(&process, "shared").await == 0 {
        assert!(started.elapsed() < PATIENCE, "nobody waits");
        for call in ["remove_key", "get_challenge"] {
            let body = json!({ "openid": format!("user {}", calls.len()), "all": true });
            calls.push(process.send_and_be_read(&request(call, &body)).await);
        }
    }
    other.execute("ROLLBACK").await.unwrap();
    until("nobody who waits", nobody).await;
}

/// What is written into it afterwards is lost, and SQLite does not say so.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_file_is_not_ready() {
    let database = Database::sqlite();
    let server = Server::start(&database).await;
    until("readiness", async || status(&server).await == 200).await;
    let file = soter_server::database_url::sqlite_file(&database.url).unwrap();
    std::fs::remove_file(&file).unwrap();
    until("the end of readiness", async || status(&server).await == 503).await;
    std::fs::write(&file, "").unwrap();
    let answer = reqwest::get(server.url("/readyz")).await.unwrap().text().await.unwrap();
    assert_eq!(answer, "the database's file is gone");
}

/// A limit of the size of files stands for a disk that is full.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_not_ready_until_there_is_room() {
    let database = Database::sqlite();
    drop(Server::start(&database).await);
    let mut program = Command::new("sh");
    // Without its signal, which would end the process.
    program.args(["-c", "trap '' XFSZ; ulimit -S -f 600; exec \"$@\"", "sh"]);
    program.arg(env!("CARGO_BIN_EXE_soter-server"));
    program.args(["--listen", "127.0.0.1:0", "--rp-id", "example.org", "--origin", ORIGIN]);
    program.args(["--max-rate", "1000000", "--max-rate-per-openid", "1000000"]);
    program.args(["--max-challenges", "1000000", "--database-url", &database.url]);
    program.env("SOTER_ACCESS_TOKEN_HASHES", Hash::of(TOKEN).to_hex());
    let process = Process::of(program);
    let client = reqwest::Client::new();
    let challenge = async || {
        let answer = process.post(&client, "get_challenge", &json!({ "openid": "alice" })).await.unwrap();
        answer["errcode"] == 0
    };
    until("a full disk", async || !challenge().await).await;
    until("the end of readiness", async || process.get("/readyz").await.0 == 503).await;
    let room = ["--fsize=unlimited", "--pid", &process.id().to_string()];
    assert!(Command::new("prlimit").args(room).status().unwrap().success());
    until("readiness", async || process.get("/readyz").await.0 == 200).await;
    assert!(challenge().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_only_reads_is_refused_at_the_start() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let mut admin = sqlx::PgConnection::connect(&database.url).await.unwrap();
    let name: String = sqlx::query_scalar("SELECT current_database()").fetch_one(&mut admin).await.unwrap();
    let only_reads = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    admin.execute(AssertSqlSafe(only_reads)).await.unwrap();
    for command in [&["check"][..], &[]] {
        let output = Command::new(env!("CARGO_BIN_EXE_soter-server"))
            .args(command)
            .args(["--listen", "127.0.0.1:0", "--database-url", &database.url])
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains("only reads"), "{error}");
    }
}

/// Writing alone is not enough: a result is checked with a key that was read, on a connection of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_whose_keys_cannot_be_read_is_not_ready() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    drop(Server::start(&database).await);
    let mut admin = sqlx::PgConnection::connect(&database.url).await.unwrap();
    let (role, url) = role(&database, &mut admin, "blind").await;
    for grant in [
        "SELECT, INSERT, UPDATE, DELETE ON challenges, access_tokens, removed_keys",
        "SELECT ON _sqlx_migrations",
        "SELECT (app, openid, credential_id, sign_count), INSERT, UPDATE, DELETE ON app_keys",
    ] {
        admin.execute(AssertSqlSafe(format!("GRANT {grant} TO {role}"))).await.unwrap();
    }
    let server = Server::start(&Database::at(url)).await;
    assert_eq!(status(&server).await, 503);
    admin.execute(AssertSqlSafe(format!("GRANT SELECT ON app_keys TO {role}"))).await.unwrap();
    until("readiness", async || status(&server).await == 200).await;
    server.service.store.close().await;
    drop_role(&mut admin, &role).await;
}

/// The first who removes a key, or registers one, is not to be the one who finds out.
#[tokio::test(flavor = "multi_thread")]
async fn a_role_without_the_rights_of_all_calls_is_not_ready() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    drop(Server::start(&database).await);
    let mut admin = sqlx::PgConnection::connect(&database.url).await.unwrap();
    let (role, url) = role(&database, &mut admin, "partial").await;
    for grant in [
        "SELECT, INSERT, UPDATE, DELETE ON app_keys, challenges, access_tokens",
        "SELECT, INSERT ON removed_keys",
        "SELECT ON _sqlx_migrations",
    ] {
        admin.execute(AssertSqlSafe(format!("GRANT {grant} TO {role}"))).await.unwrap();
    }
    let server = Server::start(&Database::at(url.clone())).await;
    until("readiness", async || status(&server).await == 200).await;
    for right in [
        "INSERT on app_keys",
        "DELETE on app_keys",
        "INSERT on removed_keys",
        "SELECT on removed_keys",
        "INSERT on access_tokens",
    ] {
        admin.execute(AssertSqlSafe(format!("REVOKE {right} FROM {role}"))).await.unwrap();
        until("the end of readiness", async || status(&server).await == 503).await;
        let check = Command::new(env!("CARGO_BIN_EXE_soter-server"))
            .args(["check", "--database-url", &url])
            .env_clear()
            .output()
            .unwrap();
        let error = String::from_utf8(check.stderr).unwrap();
        assert!(!check.status.success() && error.contains(&format!("no right to {right}")), "{error}");
        admin.execute(AssertSqlSafe(format!("GRANT {right} TO {role}"))).await.unwrap();
        until("readiness", async || status(&server).await == 200).await;
    }
    server.service.store.close().await;
    drop_role(&mut admin, &role).await;
}

/// A role without rights, and the database's address with it.
async fn role(database: &Database, admin: &mut sqlx::PgConnection, name: &str) -> (String, String) {
    let role = format!("{name}_{}", std::process::id());
    admin.execute(AssertSqlSafe(format!("CREATE ROLE {role} LOGIN PASSWORD 'secret'"))).await.unwrap();
    let mut url = url::Url::parse(&database.url).unwrap();
    url.set_username(&role).unwrap();
    url.set_password(Some("secret")).unwrap();
    (role, url.into())
}

async fn drop_role(admin: &mut sqlx::PgConnection, role: &str) {
    admin.execute(AssertSqlSafe(format!("DROP OWNED BY {role}"))).await.unwrap();
    admin.execute(AssertSqlSafe(format!("DROP ROLE {role}"))).await.unwrap();
}

/// Whoever asks waits for one attempt, and not for the reason as well, which is for the log and takes as long again.
#[tokio::test(flavor = "multi_thread")]
async fn the_answer_comes_before_the_cause() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let proxy = Proxy::start(&database, Duration::ZERO).await;
    let process = Process::start(&proxy.database, &[]);
    until("readiness", async || process.get("/readyz").await.0 == 200).await;
    // Each message has one in its length, that which opens a connection too.
    proxy.hold("\0");
    until("the end of readiness", async || process.get("/readyz").await.0 == 503).await;
    process.told("the database does not answer a new connection").await;
    let log = process.log();
    let answered = log.find(r#""message":"not ready""#).unwrap();
    let explained = log.find(r#""message":"no connection to the database""#).unwrap();
    assert!(answered < explained, "{log}");
}

async fn monitoring_has_an_address_of_its_own(database: Database) {
    let process = Process::start(&database, &["--monitoring-listen", "localhost:0"]);
    let line = process.log();
    let line = line.lines().find(|line| line.contains(r#""message":"monitoring""#)).unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    for path in ["/healthz", "/readyz", "/metrics"] {
        let there = format!("http://{}{path}", line["address"].as_str().unwrap());
        until("an answer", async || reqwest::get(&there).await.unwrap().status() == 200).await;
        assert_eq!(process.get(path).await, (200, error(40066, "invalid url").to_string()));
    }
}
