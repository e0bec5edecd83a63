//! Further keys: what a registration for an openid takes that has keys already.

use crate::common;

use common::{
    Database, Device, Made, Server, error, let_time_pass, no, no_by_result, ok, on_both, parts, registered,
};
use futures_util::future::join_all;
use serde_json::{Value, json};
use soter_server::challenge::Challenge;
use soter_server::store::{self, Addition, NewKey, Owner, StoredKey};
use sqlx::Connection;

on_both! {
    a_further_key_takes_a_result_by_an_existing_one,
    a_result_that_does_not_hold_registers_nothing,
    a_result_of_an_existing_key_has_an_issued_challenge,
    a_registration_and_its_result_are_accepted_together_or_not_at_all,
    a_result_that_is_sent_is_checked_whatever_is_set,
    there_are_no_further_keys_where_that_is_set,
    of_first_keys_that_come_at_once_one_is_the_first,
    an_openid_has_as_many_keys_as_is_set,
}

const BY_EXISTING_KEY: [&str; 2] = ["--further-keys", "by-existing-key"];

/// A registration for alice with a fresh challenge, and a result if there is one.
async fn body(server: &Server, device: &Device, result: Option<&Made>) -> Value {
    let registration = device.registration(&server.challenge("alice").await);
    let mut body = json!({ "openid": "alice", "registration": registration });
    if let Some(result) = result {
        body["json_string"] = result.json.to_string().into();
        body["json_signature"] = result.signature.clone().into();
    }
    body
}

async fn register(server: &Server, device: &Device, result: Option<&Made>) -> Value {
    server.post("register_key", &body(server, device, result).await).await
}

async fn result(server: &Server, device: &Device) -> Made {
    device.result(&server.challenge("alice").await)
}

async fn a_further_key_takes_a_result_by_an_existing_one(database: Database) {
    let server = Server::with(&database, &BY_EXISTING_KEY).await;
    let (phone, laptop, tablet) = (Device::new("phone"), Device::new("laptop"), Device::new("tablet"));
    server.register("alice", &phone).await;
    assert_eq!(register(&server, &laptop, None).await, no("existing-key-required"));
    assert_eq!(server.verify("alice", &result(&server, &laptop).await).await, no("credential-unknown"));
    let confirmed = result(&server, &phone).await;
    assert_eq!(register(&server, &laptop, Some(&confirmed)).await, registered(&laptop));
    assert_eq!(server.verify("alice", &result(&server, &laptop).await).await, ok());
    // It is spent, and its counter is stored.
    assert_eq!(server.verify("alice", &confirmed).await, no("challenge-used"));
    assert_eq!(register(&server, &tablet, Some(&confirmed)).await, no_by_result("challenge-used"));
    let confirmed = result(&server, &laptop).await;
    assert_eq!(register(&server, &tablet, Some(&confirmed)).await, registered(&tablet));
    // Once all are removed, there is a first key again.
    assert_eq!(server.post("remove_key", &json!({ "openid": "alice", "all": true })).await, ok());
    server.register("alice", &Device::new("another phone")).await;
}

async fn a_result_that_does_not_hold_registers_nothing(database: Database) {
    let server = Server::with(&database, &BY_EXISTING_KEY).await;
    let (phone, thief) = (Device::new("phone"), Device::new("thief's"));
    server.register("alice", &phone).await;
    server.register("bob", &Device::new("bob's")).await;
    let good = result(&server, &phone).await;
    let other = result(&server, &phone).await;
    let expired = result(&server, &phone).await;
    let_time_pass(&database, 301).await;
    let bobs = Device::new("bob's").result(&server.challenge("alice").await);
    let for_bob = phone.result(&server.challenge("bob").await);
    let elsewhere = Device { origin: "https://evil.example", ..Device::new("phone") };
    let unverified = Device { flags: 0x01, ..Device::new("phone") };
    for (reason, result) in [
        ("signature-invalid", Made { signature: other.signature, ..good.clone() }),
        ("challenge-expired", expired),
        ("credential-unknown", result(&server, &thief).await),
        ("credential-unknown", bobs),
        ("challenge-unknown", for_bob),
        ("origin-not-allowed", result(&server, &elsewhere).await),
        ("user-not-verified", result(&server, &unverified).await),
        ("result-malformed", Made { json: json!({}), ..good }),
    ] {
        assert_eq!(register(&server, &thief, Some(&result)).await, no_by_result(reason));
    }
    let mut half = body(&server, &thief, Some(&result(&server, &phone).await)).await;
    half["json_signature"] = Value::Null;
    assert_eq!(server.post("register_key", &half).await, error(41902, "json_signature missing"));
    let mut half = body(&server, &thief, Some(&result(&server, &phone).await)).await;
    half["json_string"] = "".into();
    assert_eq!(server.post("register_key", &half).await, error(41901, "json_string missing"));
    assert_eq!(server.verify("alice", &result(&server, &thief).await).await, no("credential-unknown"));
}

/// How old one of the backend's own is, nobody but the backend knows.
async fn a_result_of_an_existing_key_has_an_issued_challenge(database: Database) {
    let server = Server::with(&database, &BY_EXISTING_KEY).await;
    let (phone, laptop) = (Device::new("phone"), Device::new("laptop"));
    server.register("alice", &phone).await;
    let own = phone.result("order 17");
    assert_eq!(register(&server, &laptop, Some(&own)).await, no_by_result("challenge-unknown"));
    assert_eq!(server.verify("alice", &own).await, ok());
}

async fn a_registration_and_its_result_are_accepted_together_or_not_at_all(database: Database) {
    let server = Server::with(&database, &BY_EXISTING_KEY).await;
    let (phone, laptop) = (Device::without_counter("phone"), Device::new("laptop"));
    server.register("alice", &phone).await;
    // The registration's challenge stands in the way: the result is still good.
    let confirmed = result(&server, &phone).await;
    let mut stale = body(&server, &laptop, Some(&confirmed)).await;
    stale["registration"] = laptop.registration(&server.challenge("bob").await);
    assert_eq!(server.post("register_key", &stale).await, no("challenge-unknown"));
    // So does a credential id that is registered.
    server.register("carol", &Device::new("carol's")).await;
    let carols = Device::new("carol's");
    assert_eq!(register(&server, &carols, Some(&confirmed)).await, no("credential-registered"));
    // The result's does: the registration is still good.
    let used = result(&server, &phone).await;
    assert_eq!(server.verify("alice", &used).await, ok());
    let mut again = body(&server, &laptop, Some(&used)).await;
    assert_eq!(server.post("register_key", &again).await, no_by_result("challenge-used"));
    again["json_string"] = confirmed.json.to_string().into();
    again["json_signature"] = confirmed.signature.clone().into();
    assert_eq!(server.post("register_key", &again).await, registered(&laptop));
    assert_eq!(server.verify("alice", &confirmed).await, no("challenge-used"));
}

async fn a_result_that_is_sent_is_checked_whatever_is_set(database: Database) {
    let server = Server::start(&database).await;
    let (phone, laptop, tablet) = (Device::new("phone"), Device::new("laptop"), Device::new("tablet"));
    // Nobody can have made one with a key that is not there.
    let first = register(&server, &phone, Some(&result(&server, &phone).await)).await;
    assert_eq!(first, no_by_result("credential-unknown"));
    server.register("alice", &phone).await;
    let confirmed = result(&server, &phone).await;
    assert_eq!(register(&server, &laptop, Some(&confirmed)).await, registered(&laptop));
    assert_eq!(register(&server, &tablet, Some(&confirmed)).await, no_by_result("challenge-used"));
    assert_eq!(register(&server, &tablet, None).await, registered(&tablet));
}

async fn there_are_no_further_keys_where_that_is_set(database: Database) {
    let server = Server::with(&database, &["--further-keys", "none"]).await;
    let (phone, laptop) = (Device::new("phone"), Device::new("laptop"));
    server.register("alice", &phone).await;
    assert_eq!(register(&server, &laptop, None).await, no("further-key-not-allowed"));
    let confirmed = result(&server, &phone).await;
    assert_eq!(register(&server, &laptop, Some(&confirmed)).await, no("further-key-not-allowed"));
    assert_eq!(server.verify("alice", &confirmed).await, ok());
    server.register("bob", &laptop).await;
}

async fn of_first_keys_that_come_at_once_one_is_the_first(database: Database) {
    let one = Server::with(&database, &BY_EXISTING_KEY).await;
    // SQLite is for one instance.
    let other =
        if database.is_postgres() { Some(Server::with(&database, &BY_EXISTING_KEY).await) } else { None };
    let devices: Vec<_> = (0..20).map(|number| Device::new(&format!("key {number}"))).collect();
    let answers = join_all(devices.iter().enumerate().map(async |(number, device)| {
        let server = other.as_ref().filter(|_| number % 2 == 1).unwrap_or(&one);
        register(server, device, None).await
    }))
    .await;
    let is_first = |(answer, device): (&Value, &Device)| *answer == registered(device);
    assert_eq!(answers.iter().zip(&devices).filter(|pair| is_first(*pair)).count(), 1, "{answers:?}");
    let others = answers.iter().filter(|answer| **answer == no("existing-key-required")).count();
    assert_eq!(others, 19, "{answers:?}");
}

/// Whoever comes second sees what the first has done.
#[tokio::test(flavor = "multi_thread")]
async fn two_instances_decide_one_after_the_other() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let (one, other) = (Server::start(&database).await, Server::start(&database).await);
    let alice = Owner::new("", "alice");
    let first = one.service.store.registering(&alice).await.unwrap();
    let second = tokio::spawn({
        let (store, alice) = (other.service.store.clone(), alice.clone());
        async move { store::until_unlocked(|| store.registering(&alice)).await.unwrap().keys() }
    });
    let mut watcher = sqlx::PgConnection::connect(&database.url).await.unwrap();
    while !second.is_finished() {
        let waiting = "SELECT count(*) FROM pg_stat_activity
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(&mut watcher).await.unwrap();
        if waiting > 0 {
            break;
        }
    }
    let key = StoredKey { record: parts::record(), uid: None };
    let new = NewKey { key, challenge: Challenge::of("17"), keep_for: None };
    assert_eq!(first.keys(), 0);
    assert_eq!(first.add(&new, None).await.unwrap(), Addition::Added);
    assert_eq!(second.await.unwrap(), 1);
}

async fn an_openid_has_as_many_keys_as_is_set(database: Database) {
    let server = Server::with(&database, &["--max-keys", "2"]).await;
    for name in ["phone", "laptop"] {
        server.register("alice", &Device::new(name)).await;
    }
    let tablet = Device::new("tablet");
    assert_eq!(register(&server, &tablet, None).await, no("too-many-keys"));
    let remove = json!({ "openid": "alice", "cpu_id": parts::base64url(b"phone") });
    assert_eq!(server.post("remove_key", &remove).await, ok());
    assert_eq!(register(&server, &tablet, None).await, registered(&tablet));
    server.register("bob", &Device::new("bob's")).await;
}
