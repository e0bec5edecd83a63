//! The list of an openid's keys.

use crate::common;

use common::{Database, Device, Server, let_time_pass, ok, on_both, parts};
use serde_json::{Value, json};
use soter_server::secret::Hash;

on_both! {
    keys_are_listed_with_what_became_of_them,
    nobody_sees_the_keys_of_others,
}

async fn list(server: &Server, openid: &str) -> Value {
    let answer = server.post("list_keys", &json!({ "openid": openid })).await;
    assert_eq!(answer["errcode"], 0, "{answer}");
    answer["keys"].clone()
}

async fn keys_are_listed_with_what_became_of_them(database: Database) {
    let server = Server::start(&database).await;
    assert_eq!(list(&server, "alice").await, json!([]));
    let phone = Device::new("phone");
    // May be backed up, and is from its first result on.
    let laptop = Device { flags: 0x0d, ..Device::without_counter("laptop") };
    let start = server.service.store.now().await.unwrap();
    server.register("alice", &phone).await;
    let_time_pass(&database, 10_000).await;
    server.register("alice", &laptop).await;
    let laptop = Device { flags: 0x1d, ..laptop };
    let_time_pass(&database, 10_000).await;
    assert_eq!(server.verify("alice", &laptop.result(&server.challenge("alice").await)).await, ok());
    let end = server.service.store.now().await.unwrap();
    let listed = list(&server, "alice").await;
    let time = |key: usize, name: &str, ago: i64| {
        let time = listed[key][name].as_i64().unwrap();
        assert!((start - ago..=end - ago).contains(&time), "{start} {end} {listed}");
        time
    };
    let created = [time(0, "created_at", 20_000), time(1, "created_at", 10_000)];
    let used = time(1, "used_at", 0);
    let transports = phone.registration("")["response"]["transports"].clone();
    let key = |name: &str, created_at: i64, used_at: Option<i64>, is_backed_up: bool| {
        json!({
            "cpu_id": parts::base64url(name.as_bytes()), "created_at": created_at, "used_at": used_at,
            "transports": transports, "backup_eligible": is_backed_up, "backed_up": is_backed_up,
        })
    };
    let expected =
        json!([key("phone", created[0], None, false), key("laptop", created[1], Some(used), true)]);
    assert_eq!(listed, expected);
    // A result that is refused is no use of a key.
    assert_eq!(server.verify("alice", &phone.result(&server.challenge("bob").await)).await["is_ok"], false);
    assert_eq!(list(&server, "alice").await, expected);
    let remove = json!({ "openid": "alice", "cpu_id": parts::base64url(b"phone") });
    assert_eq!(server.post("remove_key", &remove).await, ok());
    assert_eq!(list(&server, "alice").await, json!([expected[1]]));
}

async fn nobody_sees_the_keys_of_others(database: Database) {
    let token = format!("wx2:{}", Hash::of("token-of-wx2").to_hex());
    let server = Server::with(&database, &["--access-token-hash", &token]).await;
    server.register("alice", &Device::new("key")).await;
    assert_eq!(list(&server, "bob").await, json!([]));
    let others = server.post_with("token-of-wx2", "list_keys", &json!({ "openid": "alice" })).await;
    assert_eq!(others, json!({ "errcode": 0, "errmsg": "ok", "keys": [] }));
}
