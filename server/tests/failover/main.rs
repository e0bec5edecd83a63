//! What happens to connections whose server becomes a standby. Alone in its program, which runs while no other does: for a moment the
//! whole PostgreSQL reads only.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[path = "../service/common/mod.rs"]
mod common;

use common::at_end::AtEnd;
use common::{Database, Device, Server, no, ok, until};
use futures_util::future::join_all;
use serde_json::json;
use sqlx::{Connection, Executor, PgConnection};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;

const RESET: &str = "ALTER SYSTEM RESET default_transaction_read_only";
const RELOAD: &str = "SELECT pg_reload_conf()";

/// Without this each call would fail for as long as the connections live.
#[tokio::test(flavor = "multi_thread")]
async fn connections_to_a_server_that_only_reads_are_given_up() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let mut admin = PgConnection::connect(&database.url).await.unwrap();
    let is_superuser: String =
        sqlx::query_scalar("SELECT current_setting('is_superuser')").fetch_one(&mut admin).await.unwrap();
    if is_superuser != "on" {
        eprintln!("skipped: the user of SOTER_TEST_POSTGRES may not change the server");
        return;
    }
    let server = Server::with(&database, &["--max-connections", "4", "--timeout-seconds", "20"]).await;
    // It uses all of its connections, those that work for many at once too.
    let device = Device::new("key");
    server.register("alice", &device).await;
    let verify = async || {
        let result = device.result(&server.challenge("alice").await);
        assert_eq!(server.verify("alice", &result).await, ok());
    };
    verify().await;
    let mut watcher = PgConnection::connect(&database.url).await.unwrap();
    let mut own = Vec::new();
    for connection in [&mut admin, &mut watcher] {
        let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(connection).await.unwrap();
        own.push(pid);
    }
    let watcher = Mutex::new(watcher);
    let backends = async || -> Vec<i32> {
        let others = "SELECT pid FROM pg_stat_activity
                      WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> ALL($1)";
        sqlx::query_scalar(others).bind(&own).fetch_all(&mut *watcher.lock().await).await.unwrap()
    };
    let before = backends().await;
    assert_eq!(before.len(), 4);
    // Also where the test fails: others use the server after it.
    let _at_end = AtEnd::execute(&database, [RESET.to_owned(), RELOAD.to_owned()]);
    admin.execute("ALTER SYSTEM SET default_transaction_read_only = on").await.unwrap();
    admin.execute(RELOAD).await.unwrap();
    let fails = async || {
        let answer = server.post("get_challenge", &json!({ "openid": "alice" })).await;
        answer["errcode"] == -1
    };
    until("a failing call", fails).await;
    until("the end of readiness", async || {
        reqwest::get(server.url("/readyz")).await.unwrap().status() == 503
    })
    .await;
    admin.execute(RESET).await.unwrap();
    admin.execute(RELOAD).await.unwrap();
    until("readiness", async || reqwest::get(server.url("/readyz")).await.unwrap().status() == 200).await;
    verify().await;
    server.register("bob", &Device::new("another key")).await;
    // A connection that is given up ends on the server some time later.
    until("new connections alone", async || {
        let after = backends().await;
        after.len() == 4 && after.iter().all(|pid| !before.contains(pid))
    })
    .await;
}

/// As a failing network does, or an administrator.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_were_ended_are_made_anew() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let server = Server::start(&database).await;
    let device = Device::new("key");
    let mut admin = PgConnection::connect(&database.url).await.unwrap();
    server.register("alice", &device).await;
    for _ in 0..3 {
        let result = device.result(&server.challenge("alice").await);
        assert_eq!(server.verify("alice", &result).await, ok());
        // While they do nothing: no call is to notice.
        until("idle connections", async || {
            let state = server.service.store.pool_state();
            state.shared.open == 3 && state.shared.idle == 3
        })
        .await;
        let ended: i64 = sqlx::query_scalar(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
        )
        .fetch_one(&mut admin)
        .await
        .unwrap();
        assert!(ended >= 3, "{ended}");
        // What was used a moment ago is not tested again.
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    // Among their calls: each gets an answer, and nothing is accepted twice.
    let devices: Vec<_> = (0..20).map(|number| Device::new(&format!("key {number}"))).collect();
    for device in &devices {
        server.register("alice", device).await;
    }
    let accepted = AtomicUsize::new(0);
    let verify = async |device: &Device| {
        for _ in 0..20 {
            let answer = server.post("get_challenge", &json!({ "openid": "alice" })).await;
            let Some(challenge) = answer["challenge"].as_str() else {
                assert_eq!(answer["errcode"], -1, "{answer}");
                continue;
            };
            let result = device.result(challenge);
            let answer = server.verify("alice", &result).await;
            assert!(answer == ok() || answer["errcode"] == -1, "{answer}");
            let again = server.verify("alice", &result).await;
            if answer == ok() {
                accepted.fetch_add(1, Ordering::Relaxed);
                assert!(again == no("challenge-used") || again["errcode"] == -1, "{again}");
            }
        }
    };
    let mut end = async || {
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            admin
                .execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE datname = current_database() AND pid <> pg_backend_pid()",
                )
                .await
                .unwrap();
        }
    };
    tokio::join!(join_all(devices.iter().map(verify)), end());
    assert!(accepted.into_inner() > 0);
    let result = device.result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &result).await, ok());
    until("readiness", async || reqwest::get(server.url("/readyz")).await.unwrap().status() == 200).await;
}
