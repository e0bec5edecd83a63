//! What is forgotten, when, and that nothing is accepted again for it.

use crate::common;

use common::process::Process;
use common::{
    Database, Device, Server, add_spent, error, let_time_pass, no, ok, on_both, parts, registered, until,
};
use serde_json::{Value, json};
use soter_server::secret::Hash;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

on_both! {
    a_used_challenge_is_forgotten_once_the_counter_refuses_its_result,
    a_used_challenge_is_forgotten_only_after_its_last_use,
    a_used_challenge_of_a_key_without_counter_is_remembered,
    a_used_challenge_is_remembered_where_counters_are_only_reported,
    a_registration_shortens_no_memory,
    the_last_key_takes_the_used_challenges_along,
    the_last_key_goes_before_what_goes_with_it,
    a_large_openid_is_erased,
    a_removed_key_is_not_registered_again,
    an_erased_openid_leaves_nothing_and_nothing_is_accepted_again,
}

const DAY: i64 = 24 * 60 * 60;

async fn sweep_after(server: &Server, database: &Database, seconds: i64) {
    let_time_pass(database, seconds).await;
    server.service.store.sweep().await.unwrap();
}

/// How many rows a table has, of those that meet a condition.
async fn rows(database: &Database, table: &str, condition: &str) -> i64 {
    let mut connection = AnyConnection::connect(&database.url).await.unwrap();
    let count = format!("SELECT count(*) FROM {table} WHERE {condition}");
    let count = sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    count
}

async fn register(server: &Server, openid: &str, device: &Device) -> Value {
    let registration = device.registration(&server.challenge(openid).await);
    server.post("register_key", &json!({ "openid": openid, "registration": registration })).await
}

async fn a_used_challenge_is_forgotten_once_the_counter_refuses_its_result(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::new("key"));
    server.register("alice", &device).await;
    let result = device.result("order 17");
    assert_eq!(server.verify("alice", &result).await, ok());
    sweep_after(&server, &database, 89 * DAY).await;
    assert_eq!(rows(&database, "challenges", "TRUE").await, 1);
    assert_eq!(server.verify("alice", &result).await, no("challenge-used"));
    sweep_after(&server, &database, 2 * DAY).await;
    assert_eq!(rows(&database, "challenges", "TRUE").await, 0);
    assert_eq!(server.verify("alice", &result).await, no("sign-count-not-increased"));
    // The backend may use the text again, for another result.
    assert_eq!(server.verify("alice", &device.result("order 17")).await, ok());
}

async fn a_used_challenge_is_forgotten_only_after_its_last_use(database: Database) {
    let server = Server::with(&database, &["--forget-after-days", "2"]).await;
    let device = Device::new("key");
    let body = json!({ "openid": "alice", "registration": device.registration("17"), "challenge": "17" });
    assert_eq!(server.post("register_key", &body).await, registered(&device));
    let_time_pass(&database, DAY).await;
    let result = device.result("17");
    assert_eq!(server.verify("alice", &result).await, ok());
    sweep_after(&server, &database, DAY + DAY / 2).await;
    assert_eq!(server.verify("alice", &result).await, no("challenge-used"));
    sweep_after(&server, &database, DAY).await;
    assert_eq!(rows(&database, "challenges", "TRUE").await, 0);
}

async fn a_used_challenge_of_a_key_without_counter_is_remembered(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::without_counter("key"));
    server.register("alice", &device).await;
    let result = device.result("order 17");
    assert_eq!(server.verify("alice", &result).await, ok());
    sweep_after(&server, &database, 100 * 365 * DAY).await;
    assert_eq!(server.verify("alice", &result).await, no("challenge-used"));
}

async fn a_used_challenge_is_remembered_where_counters_are_only_reported(database: Database) {
    let (server, device) = (Server::with(&database, &["--counter", "report"]).await, Device::new("key"));
    server.register("alice", &device).await;
    let result = device.result("order 17");
    assert_eq!(server.verify("alice", &result).await, ok());
    sweep_after(&server, &database, 100 * 365 * DAY).await;
    assert_eq!(server.verify("alice", &result).await, no("challenge-used"));
}

async fn a_registration_shortens_no_memory(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::without_counter("key"));
    server.register("alice", &device).await;
    let result = device.result("order 17");
    assert_eq!(server.verify("alice", &result).await, ok());
    let other = Device::new("other key");
    let registration = other.registration("order 17");
    let body = json!({ "openid": "alice", "registration": registration, "challenge": "order 17" });
    assert_eq!(server.post("register_key", &body).await, registered(&other));
    sweep_after(&server, &database, 91 * DAY).await;
    assert_eq!(server.verify("alice", &result).await, no("challenge-used"));
}

async fn the_last_key_takes_the_used_challenges_along(database: Database) {
    let server = Server::start(&database).await;
    let (phone, laptop) = (Device::without_counter("phone"), Device::without_counter("laptop"));
    for device in [&phone, &laptop] {
        server.register("alice", device).await;
    }
    let results = [phone.result("17"), laptop.result("18")];
    for result in &results {
        assert_eq!(server.verify("alice", result).await, ok());
    }
    let challenge = server.challenge("alice").await;
    let remove = |id: &[u8]| json!({ "openid": "alice", "cpu_id": parts::base64url(id) });
    assert_eq!(server.post("remove_key", &remove(b"phone")).await, ok());
    assert_eq!(server.verify("alice", &results[1]).await, no("challenge-used"));
    assert_eq!(rows(&database, "challenges", "expires_at IS NULL").await, 2);
    assert_eq!(server.post("remove_key", &remove(b"laptop")).await, ok());
    assert_eq!(rows(&database, "challenges", "expires_at IS NULL").await, 0);
    for device in [&phone, &laptop] {
        assert_eq!(register(&server, "alice", device).await, no("credential-removed"));
    }
    // What is open stays so.
    let tablet = Device::without_counter("tablet");
    let body = json!({ "openid": "alice", "registration": tablet.registration(&challenge) });
    assert_eq!(server.post("register_key", &body).await, registered(&tablet));
    for result in &results {
        assert_eq!(server.verify("alice", result).await, no("credential-unknown"));
    }
}

/// However many used challenges there are, and whatever holds them up.
async fn the_last_key_goes_before_what_goes_with_it(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::without_counter("key"));
    server.register("alice", &device).await;
    let result = device.result("order 17");
    assert_eq!(server.verify("alice", &result).await, ok());
    add_spent(&database, "alice", 2500).await;
    let open = server.challenge("alice").await;
    let remove = json!({ "openid": "alice", "all": true });
    if database.is_postgres() {
        let mut other = AnyConnection::connect(&database.url).await.unwrap();
        other.execute("BEGIN; SELECT FROM challenges FOR UPDATE").await.unwrap();
        let meanwhile = async {
            until("the end of the key", async || rows(&database, "app_keys", "TRUE").await == 0).await;
            assert_eq!(rows(&database, "challenges", "expires_at IS NULL").await, 2501);
            other.execute("ROLLBACK").await.unwrap();
        };
        assert_eq!(tokio::join!(server.post("remove_key", &remove), meanwhile).0, ok());
    } else {
        assert_eq!(server.post("remove_key", &remove).await, ok());
    }
    assert_eq!(rows(&database, "challenges", "expires_at IS NULL").await, 0);
    assert_eq!(register(&server, "alice", &device).await, no("credential-removed"));
    // What was left by a call that was given up goes with the next one.
    add_spent(&database, "alice", 1000).await;
    assert_eq!(server.post("remove_key", &remove).await, error(40003, "invalid openid"));
    assert_eq!(rows(&database, "challenges", "expires_at IS NULL").await, 0);
    // But what somebody needs who has a new key does not.
    let laptop = Device::without_counter("laptop");
    let body = json!({ "openid": "alice", "registration": laptop.registration(&open) });
    assert_eq!(server.post("register_key", &body).await, registered(&laptop));
    let own = laptop.result("order 18");
    assert_eq!(server.verify("alice", &own).await, ok());
    let unknown = json!({ "openid": "alice", "cpu_id": parts::base64url(b"key") });
    assert_eq!(server.post("remove_key", &unknown).await, no("credential-unknown"));
    assert_eq!(server.verify("alice", &own).await, no("challenge-used"));
    assert_eq!(server.verify("alice", &result).await, no("credential-unknown"));
}

async fn a_large_openid_is_erased(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::without_counter("key"));
    server.register("alice", &device).await;
    let result = device.result("order 17");
    assert_eq!(server.verify("alice", &result).await, ok());
    server.challenge("alice").await;
    add_spent(&database, "alice", 3000).await;
    add_spent(&database, "bob", 10).await;
    let erase = json!({ "openid": "alice" });
    assert_eq!(server.post("erase_openid", &erase).await, ok());
    assert_eq!(rows(&database, "challenges", "openid = 'alice'").await, 0);
    assert_eq!(rows(&database, "challenges", "openid = 'bob'").await, 10);
    assert_eq!(register(&server, "alice", &device).await, no("credential-removed"));
    server.register("alice", &Device::without_counter("laptop")).await;
    assert_eq!(server.verify("alice", &result).await, no("credential-unknown"));
}

async fn a_removed_key_is_not_registered_again(database: Database) {
    let token = format!("wx2:{}", Hash::of("token-of-wx2").to_hex());
    let server = Server::with(&database, &["--access-token-hash", &token]).await;
    let device = Device::new("key");
    server.register("alice", &device).await;
    assert_eq!(register(&server, "alice", &device).await, no("credential-registered"));
    assert_eq!(server.post("remove_key", &json!({ "openid": "alice", "all": true })).await, ok());
    for openid in ["alice", "bob"] {
        assert_eq!(register(&server, openid, &device).await, no("credential-removed"));
    }
    // The challenge is not spent on it.
    let challenge = server.challenge("alice").await;
    let body =
        |device: &Device| json!({ "openid": "alice", "registration": device.registration(&challenge) });
    assert_eq!(server.post("register_key", &body(&device)).await, no("credential-removed"));
    let new = Device::new("new key");
    assert_eq!(server.post("register_key", &body(&new)).await, registered(&new));
    // Another app knows nothing of that.
    let challenge = server.post_with("token-of-wx2", "get_challenge", &json!({ "openid": "alice" })).await;
    let registration = device.registration(challenge["challenge"].as_str().unwrap());
    let body = json!({ "openid": "alice", "registration": registration });
    assert_eq!(server.post_with("token-of-wx2", "register_key", &body).await, registered(&device));
}

async fn an_erased_openid_leaves_nothing_and_nothing_is_accepted_again(database: Database) {
    let token = format!("wx2:{}", Hash::of("token-of-wx2").to_hex());
    let server = Server::with(&database, &["--access-token-hash", &token]).await;
    let erase = json!({ "openid": "alice" });
    assert_eq!(server.post("erase_openid", &erase).await, error(40003, "invalid openid"));
    let (phone, bobs) = (Device::without_counter("phone"), Device::without_counter("bob's"));
    server.register("alice", &phone).await;
    server.register("bob", &bobs).await;
    server.post_with("token-of-wx2", "get_challenge", &json!({ "openid": "alice" })).await;
    let used = [phone.result("order 17"), phone.result(&server.challenge("alice").await)];
    for result in &used {
        assert_eq!(server.verify("alice", result).await, ok());
    }
    let bobs_result = bobs.result("order 17");
    assert_eq!(server.verify("bob", &bobs_result).await, ok());
    let open = server.challenge("alice").await;

    assert_eq!(server.post("erase_openid", &erase).await, ok());
    for table in ["app_keys", "challenges"] {
        assert_eq!(rows(&database, table, "openid = 'alice' AND app = ''").await, 0, "{table}");
        assert!(rows(&database, table, "openid = 'bob'").await > 0, "{table}");
    }
    assert_eq!(rows(&database, "challenges", "openid = 'alice' AND app = 'wx2'").await, 1);
    assert_eq!(server.post("erase_openid", &erase).await, error(40003, "invalid openid"));
    for result in &used {
        assert_eq!(server.verify("alice", result).await, error(40003, "invalid openid"));
    }
    assert_eq!(server.verify("bob", &bobs_result).await, no("challenge-used"));
    // Nor with the same key, nor with another.
    assert_eq!(register(&server, "alice", &phone).await, no("credential-removed"));
    let laptop = Device::without_counter("laptop");
    server.register("alice", &laptop).await;
    for result in &used {
        assert_eq!(server.verify("alice", result).await, no("credential-unknown"));
    }
    assert_eq!(server.verify("alice", &laptop.result(&open)).await, no("challenge-unknown"));
    // Challenges alone are erased, too.
    assert_eq!(server.post("erase_openid", &erase).await, ok());
    server.challenge("alice").await;
    assert_eq!(server.post("erase_openid", &erase).await, ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_start_warns_where_a_backends_own_challenges_are_accepted() {
    let warns = |options: &[&str]| {
        let process = Process::start(&Database::sqlite(), options);
        process.log().contains("--challenges issued refuses others")
    };
    assert!(warns(&[]));
    assert!(!warns(&["--challenges", "issued"]));
}
