//! The audit: who registered, verified and removed what.

use crate::common;

use common::process::Process;
use common::{Database, Device, TOKEN, no, ok, on_both, registered, until};
use serde_json::{Value, json};
use soter_server::secret::Hash;
use sqlx::{AnyConnection, Connection, Executor};

on_both! {
    each_call_that_concerns_a_key_is_written_down_once,
    whose_key_confirmed_another_and_who_was_erased_is_written_down,
}

async fn each_call_that_concerns_a_key_is_written_down_once(database: Database) {
    sqlx::any::install_default_drivers();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("audit");
    let process = Process::start(&database, &["--audit", file.to_str().unwrap()]);
    let client = reqwest::Client::new();
    let call = async |name: &str, body: &Value| process.post(&client, name, body).await.unwrap();
    let challenge = call("get_challenge", &json!({ "openid": "alice" })).await;
    let challenge = challenge["challenge"].as_str().unwrap().to_owned();
    let device = Device::new("key");
    let registration = json!({ "openid": "alice", "registration": device.registration(&challenge) });
    assert_eq!(call("register_key", &registration).await, registered(&device));
    let (result, later) = (device.result(&challenge), device.result("17"));
    assert_eq!(call("verify_signature", &result.body("alice")).await, ok());
    assert_eq!(call("verify_signature", &result.body("alice")).await, no("challenge-used"));

    // A call whose client is gone while somebody else has locked what it needs.
    let mut other = AnyConnection::connect(&database.url).await.unwrap();
    let lock =
        if database.is_postgres() { "BEGIN; SELECT * FROM app_keys FOR UPDATE" } else { "BEGIN IMMEDIATE" };
    for statement in lock.split(';') {
        other.execute(statement).await.unwrap();
    }
    drop(process.send_and_be_read(&common::request("verify_signature", &later.body("alice"))).await);
    let lines = || -> Vec<Value> {
        let text = std::fs::read_to_string(&file).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    until("the dropped call", async || lines().len() >= 4).await;
    other.execute("ROLLBACK").await.unwrap();

    let remove = json!({ "openid": "alice", "cpu_id": common::parts::base64url(b"key") });
    let url = format!("http://{}/cgi-bin/soter/remove_key", process.address);
    let request = client.post(url).bearer_auth(TOKEN).header("x-request-id", "a-proxy-s-id");
    let answer = request.body(remove.to_string()).send().await.unwrap();
    assert_eq!(answer.headers()["x-request-id"], "a-proxy-s-id");
    let url = format!("http://{}/cgi-bin/soter/remove_key?access_token=wrong", process.address);
    client.post(url).body(remove.to_string()).send().await.unwrap();
    until("the last", async || lines().len() >= 6).await;

    let lines = lines();
    let outcomes: Vec<_> = lines
        .iter()
        .map(|line| (line["call"].as_str().unwrap(), line["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(
        outcomes,
        [
            ("register_key", "ok"),
            ("verify_signature", "ok"),
            ("verify_signature", "challenge-used"),
            ("verify_signature", "cancelled-by-client"),
            ("remove_key", "ok"),
            ("remove_key", "40001"),
        ]
    );
    for line in &lines[..5] {
        assert_eq!(line["access_token"], 0, "{line}");
    }
    // Whoever hung up may have done so before all of the body was read.
    for line in [&lines[0], &lines[1], &lines[2], &lines[4]] {
        assert_eq!(line["openid_sha256"], Hash::of("alice").to_hex(), "{line}");
        assert_eq!(line["credential_id"], common::parts::base64url(b"key"), "{line}");
    }
    assert_eq!(lines[4]["request_id"], "a-proxy-s-id");
    // The log and the audit can be read side by side.
    let id = lines[1]["request_id"].as_str().unwrap();
    process.told(id).await;
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains("alice") && !text.contains(TOKEN) && !text.contains(&challenge), "{text}");
}

async fn whose_key_confirmed_another_and_who_was_erased_is_written_down(database: Database) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("audit");
    let process = Process::start(&database, &["--audit", file.to_str().unwrap()]);
    let client = reqwest::Client::new();
    let call = async |name: &str, body: &Value| process.post(&client, name, body).await.unwrap();
    let alice = json!({ "openid": "alice" });
    let challenge = async || call("get_challenge", &alice).await["challenge"].as_str().unwrap().to_owned();
    let (phone, laptop) = (Device::new("phone"), Device::new("laptop"));
    let registration = json!({ "openid": "alice", "registration": phone.registration(&challenge().await) });
    assert_eq!(call("register_key", &registration).await, registered(&phone));
    let mut further = phone.result(&challenge().await).body("alice");
    further["registration"] = laptop.registration(&challenge().await);
    assert_eq!(call("register_key", &further).await, registered(&laptop));
    assert_eq!(call("erase_openid", &alice).await, ok());
    let lines = || -> Vec<Value> {
        let text = std::fs::read_to_string(&file).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    until("the last", async || lines().len() >= 3).await;
    let lines = lines();
    assert_eq!(lines[0].get("existing_credential_id"), None);
    assert_eq!(lines[1]["credential_id"], common::parts::base64url(b"laptop"));
    assert_eq!(lines[1]["existing_credential_id"], common::parts::base64url(b"phone"));
    assert_eq!(lines[2]["call"], "erase_openid");
    assert_eq!(lines[2]["openid_sha256"], Hash::of("alice").to_hex());
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_tell_what_an_operator_alerts_on() {
    let database = Database::sqlite();
    let process = Process::start(&database, &[]);
    let client = reqwest::Client::new();
    process.post(&client, "get_challenge", &json!({ "openid": "alice" })).await.unwrap();
    let expected = [
        "soter_build_info{version=",
        "process_cpu_seconds_total ",
        "process_open_fds ",
        "process_resident_memory_bytes ",
        "soter_calls_in_flight 0",
        "soter_database_errors_total 0",
        "soter_connections_refused_total 0",
        r#"soter_database_connections{work="single",state="idle"} "#,
        r#"soter_database_connections{work="shared",state="in_use"} "#,
        "soter_challenges_open ",
        "soter_sweep_lag_seconds ",
        r#"soter_call_duration_seconds_bucket{call="get_challenge",le="601"}"#,
    ];
    for line in expected {
        until(line, async || process.get("/metrics").await.1.contains(line)).await;
    }
}
