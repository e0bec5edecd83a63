//! Apps are kept apart: what one has is nothing to another.

use crate::common;

use common::process::Process;
use common::{Database, Device, Server, error, no, ok, on_both, parts, registered};
use serde_json::{Value, json};
use soter_server::secret::Hash;

on_both! {
    the_token_of_one_app_does_nothing_with_what_another_has,
    tokens_without_an_appid_are_of_the_default_app,
    keys_that_no_token_reaches_are_told_at_the_start,
    a_token_is_good_for_the_app_that_it_was_given_to,
}

const APP: &str = "grant_type=client_credential&appid=wx1&secret=secret";

/// Of wx1 a secret by which it fetches its token, of wx2 a token.
async fn start(database: &Database, options: &[&str]) -> (Server, String) {
    let app = format!("wx1:{}", Hash::of("secret").to_hex());
    let token = format!("wx2:{}", Hash::of("token-of-wx2").to_hex());
    let apps = ["--app", &app, "--access-token-hash", &token];
    let server = Server::with(database, &[&apps[..], options].concat()).await;
    let fetched = reqwest::get(server.url(&format!("/cgi-bin/token?{APP}"))).await.unwrap();
    let fetched: Value = fetched.json().await.unwrap();
    (server, fetched["access_token"].as_str().unwrap().to_owned())
}

async fn challenge(server: &Server, token: &str) -> String {
    let answer = server.post_with(token, "get_challenge", &json!({ "openid": "alice" })).await;
    answer["challenge"].as_str().unwrap().to_owned()
}

async fn the_token_of_one_app_does_nothing_with_what_another_has(database: Database) {
    let (server, first) = start(&database, &[]).await;
    let second = "token-of-wx2";
    let (device, unknown) = (Device::without_counter("key"), error(40003, "invalid openid"));
    let registration =
        |challenge: &str| json!({ "openid": "alice", "registration": device.registration(challenge) });
    let issued = challenge(&server, &first).await;
    // Another's challenge neither registers a key nor is spent by the attempt.
    let foreign = server.post_with(second, "register_key", &registration(&issued)).await;
    assert_eq!(foreign, no("challenge-unknown"));
    assert_eq!(server.post_with(&first, "register_key", &registration(&issued)).await, registered(&device));

    let result = device.result(&issued).body("alice");
    let removals = [
        json!({ "openid": "alice", "all": true }),
        json!({ "openid": "alice", "cpu_id": parts::base64url(b"key") }),
    ];
    for token in [second, common::TOKEN] {
        assert_eq!(server.post_with(token, "verify_signature", &result).await, unknown);
        for removal in &removals {
            assert_eq!(server.post_with(token, "remove_key", removal).await, unknown);
        }
    }
    // The same key of the same openid is another one there.
    let issued = challenge(&server, second).await;
    assert_eq!(server.post_with(second, "register_key", &registration(&issued)).await, registered(&device));
    assert_eq!(server.post_with(second, "verify_signature", &result).await, no("challenge-unknown"));
    assert_eq!(server.post_with(&first, "verify_signature", &result).await, ok());
    let own = device.result("order 17").body("alice");
    for token in [first.as_str(), second] {
        assert_eq!(server.post_with(token, "verify_signature", &own).await, ok());
        assert_eq!(server.post_with(token, "verify_signature", &own).await, no("challenge-used"));
    }
    assert_eq!(server.post_with(second, "remove_key", &removals[0]).await, ok());
    let result = device.result(&challenge(&server, &first).await).body("alice");
    assert_eq!(server.post_with(&first, "verify_signature", &result).await, ok());
}

async fn tokens_without_an_appid_are_of_the_default_app(database: Database) {
    let device = Device::without_counter("key");
    let (server, _) = start(&database, &[]).await;
    server.register("alice", &device).await;
    let (server, first) = start(&database, &["--default-app", "wx1"]).await;
    let result = device.result(&challenge(&server, &first).await);
    assert_eq!(server.verify("alice", &result).await, ok());
    let foreign = server.post_with("token-of-wx2", "verify_signature", &result.body("alice")).await;
    assert_eq!(foreign, error(40003, "invalid openid"));
}

/// Whichever app of the configuration has its secret by now.
async fn a_token_is_good_for_the_app_that_it_was_given_to(database: Database) {
    let body = json!({ "openid": "alice" });
    let (server, first) = start(&database, &[]).await;
    assert_eq!(server.post_with(&first, "get_challenge", &body).await["errcode"], 0);
    let renamed = format!("wx3:{}", Hash::of("secret").to_hex());
    let server = Server::with(&database, &["--app", &renamed]).await;
    for _ in 0..2 {
        assert_eq!(server.post_with(&first, "get_challenge", &body).await["errcode"], 40001);
    }
}

/// As after an update from a service without apps.
async fn keys_that_no_token_reaches_are_told_at_the_start(database: Database) {
    let server = Server::start(&database).await;
    for device in ["key", "another key"] {
        server.register("alice", &Device::new(device)).await;
    }
    drop(server);
    let app = format!("wx1:{}", Hash::of("secret").to_hex());
    let settings =
        [("DATABASE_URL", database.url.as_str()), ("SOTER_APPS", &app), ("SOTER_LISTEN", "127.0.0.1:0")];
    let unreached = "no access token reaches: 2; set --default-app wx1 if they are those of wx1";
    let with = |setting: (&'static str, &'static str)| [&settings[..], &[setting]].concat();
    let log = Process::in_environment(&settings).log();
    assert!(log.contains(unreached) && log.contains("WARN"), "{log}");
    let log = Process::in_environment(&with(("SOTER_DEFAULT_APP", "wx1"))).log();
    assert!(!log.contains("no access token reaches"), "{log}");

    let check = |settings: &[(&str, &str)]| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_soter-server"));
        program.args(["check", "--rp-id", "example.org", "--origin", common::ORIGIN]).env_clear();
        let output = program.envs(settings.iter().copied()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(check(&settings).contains(unreached));
    assert!(!check(&with(("SOTER_DEFAULT_APP", "wx1"))).contains("no access token reaches"));
}
