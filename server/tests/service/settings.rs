//! Settings: what is refused, by name and without values; what is read from files; what is said at the start.

use crate::common;

use common::process::Process;
use common::{Database, ORIGIN, Server, TOKEN, on_both};
use serde_json::{Value, json};
use soter_server::secret::Hash;
use std::fs;
use std::process::{Command, Output};

on_both! { check_changes_nothing_and_says_what_would_happen }

/// The program, with none of the settings of whoever runs the tests.
fn program(arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_soter-server"));
    program.env_clear().args(arguments);
    program
}

fn refusal(program: &mut Command) -> String {
    let Output { status, stderr, .. } = program.output().unwrap();
    let error = String::from_utf8(stderr).unwrap();
    assert!(!status.success(), "{error}");
    error
}

#[test]
fn a_variable_that_is_no_setting_is_refused() {
    for arguments in [&[][..], &["check"]] {
        let error = refusal(program(arguments).env("SOTER_CHALLENGE", "issued"));
        assert!(error.contains("SOTER_CHALLENGE in the environment; is it SOTER_CHALLENGES?"), "{error}");
    }
}

#[test]
fn a_wrong_rust_log_is_refused() {
    for wrong in ["debgu", "soter_server=loud"] {
        let error = refusal(program(&[]).env("RUST_LOG", wrong));
        assert!(error.contains("RUST_LOG"), "{error}");
    }
}

#[test]
fn what_no_browser_would_do_is_refused() {
    for (arguments, told) in [
        (["--rp-id", "co.uk", "--origin", "https://example.co.uk"], "is a public suffix"),
        (["--rp-id", "github.io", "--origin", "https://me.github.io"], "is a public suffix"),
        (["--rp-id", "example.org", "--origin", "http://example.org"], "has no WebAuthn"),
        (["--rp-id", "localhost", "--origin", "http://192.168.1.2:8000"], "has no WebAuthn"),
    ] {
        let error = refusal(&mut program(&arguments));
        assert!(error.contains(told), "{arguments:?}: {error}");
    }
}

#[test]
fn one_secret_for_two_apps_is_refused() {
    let app = |appid: &str, secret: &str| format!("{appid}:{}", Hash::of(secret).to_hex());
    let (first, second, plain) = (app("wx1", "secret"), app("wx2", "secret"), Hash::of("secret").to_hex());
    let error = refusal(&mut program(&["check", "--app", &first, "--app", &second]));
    assert!(error.contains(r#"--app "wx1" and "wx2" have one secret"#), "{error}");
    let tokens = |one: &str, other: &str| format!("{one},{other}");
    for (hashes, told) in [
        (tokens(&first, &second), r#"one token for "wx1" and for "wx2""#),
        (tokens(&plain, &second), r#"one token for the default app and for "wx2""#),
    ] {
        let error = refusal(&mut program(&["check", "--access-token-hash", &hashes]));
        assert!(error.contains(told) && !error.contains(&plain), "{error}");
    }
    // The same app may be there twice, by whatever name.
    let database = Database::sqlite();
    for arguments in [
        vec!["--app", &first, "--app", &first],
        vec!["--access-token-hash", &first, "--access-token-hash", &plain, "--default-app", "wx1"],
    ] {
        let mut check = program(&["check", "--database-url", &database.url]);
        assert!(check.args(arguments).status().unwrap().success());
    }
}

#[test]
fn too_few_connections_for_postgres_are_refused() {
    let postgres = ["--database-url", "postgres://127.0.0.1:1/db", "--max-connections", "3"];
    let error = refusal(&mut program(&postgres));
    assert!(error.contains("--max-connections must be 4 at least with PostgreSQL, not 3"), "{error}");
}

/// Whoever gives a secret where its hash belongs finds it in no log.
#[test]
fn no_value_that_may_be_a_secret_is_echoed() {
    for arguments in [
        ["--access-token-hash", "the-secret"],
        ["--app", "wx1234:the-secret"],
        ["--app", "the-secret"],
        ["--database-url", "postgres://user:the-secret@host/db?sslmod=require"],
        ["--database-url", "postgres://user:the-secret@127.0.0.1:1/db?sslmode=wrong"],
    ] {
        let error = refusal(&mut program(&arguments));
        assert!(!error.contains("the-secret") && error.contains("error: "), "{error}");
        let variable = if arguments[0] == "--app" { "SOTER_APPS" } else { "SOTER_ACCESS_TOKEN_HASHES" };
        let error = refusal(program(&[]).env(variable, arguments[1]));
        assert!(!error.contains("the-secret"), "{error}");
    }
}

#[test]
fn a_file_that_is_wrong_is_named_by_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hashes");
    fs::write(&file, format!("# ours\n\n{}\nthe-secret\n", Hash::of(TOKEN).to_hex())).unwrap();
    let error = refusal(program(&["check"]).env("SOTER_ACCESS_TOKEN_HASHES_FILE", &file));
    assert!(error.contains("line 4 of") && !error.contains("the-secret"), "{error}");
    let error = refusal(program(&["check"]).env("SOTER_APPS_FILE", folder.path().join("none")));
    assert!(error.contains("cannot read"), "{error}");
    let error =
        refusal(program(&["check"]).env("DATABASE_URL_FILE", &file).env("DATABASE_URL", "sqlite://x"));
    assert!(error.contains("cannot be used with"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_come_from_files_and_the_start_tells_none() {
    let database = Database::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let (url, hashes, apps) =
        (folder.path().join("url"), folder.path().join("hashes"), folder.path().join("apps"));
    fs::write(&url, format!("{}\n", database.url)).unwrap();
    let of_app = format!("wx5678:{}", Hash::of("of an app").to_hex());
    fs::write(&hashes, format!("# ours\n{}\n{of_app}\n", Hash::of("in a file").to_hex())).unwrap();
    let app = |secret| format!("wx1234:{}\n", Hash::of(secret).to_hex());
    fs::write(&apps, app("old secret") + &app("new secret")).unwrap();
    let environment = [
        ("DATABASE_URL_FILE", url.to_str().unwrap()),
        ("SOTER_ACCESS_TOKEN_HASHES_FILE", hashes.to_str().unwrap()),
        ("SOTER_APPS_FILE", apps.to_str().unwrap()),
        ("SOTER_LISTEN", "localhost:0"),
    ];
    let process = Process::in_environment(&environment);
    let client = reqwest::Client::new();
    let call = async |token: &str| -> Value {
        let url = format!("http://{}/cgi-bin/soter/get_challenge", process.address);
        let request = client.post(url).bearer_auth(token).body(json!({ "openid": "alice" }).to_string());
        request.send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(call("in a file").await["errcode"], 0);
    assert_eq!(call("of an app").await["errcode"], 0);
    assert_eq!(call("another").await["errcode"], 40001);
    // While a secret takes the place of another, both are good, and so are the tokens of both.
    for secret in ["old secret", "new secret"] {
        let query = [("grant_type", "client_credential"), ("appid", "wx1234"), ("secret", secret)];
        let request = client.get(format!("http://{}/cgi-bin/token", process.address)).query(&query);
        let token: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(call(token["access_token"].as_str().unwrap()).await["errcode"], 0, "{token}");
    }
    let log = process.log();
    for told in [
        "listen=127.0.0.1:0",
        "rp-id=example.org",
        "access-token-hash=2 given",
        "app=wx1234",
        "challenges=any",
    ] {
        assert!(log.contains(told), "{told}: {log}");
    }
    assert!(
        !log.contains(&Hash::of("in a file").to_hex()) && !log.contains(&Hash::of("old secret").to_hex())
    );
}

/// A query wins over a header, which whatever stands between may have added for itself.
#[tokio::test]
async fn the_token_comes_by_query_or_by_header() {
    let database = Database::sqlite();
    let server = Server::start(&database).await;
    let client = reqwest::Client::new();
    let errcode = async |query: &str, header: Option<&str>| {
        let mut request = client.post(server.url(&format!("/cgi-bin/soter/get_challenge{query}")));
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        let answer: Value = request.body(r#"{"openid":"alice"}"#).send().await.unwrap().json().await.unwrap();
        answer["errcode"].clone()
    };
    let (bearer, query) = (format!("Bearer {TOKEN}"), format!("?access_token={}", TOKEN.replace(' ', "%20")));
    assert_eq!(errcode("", Some(&bearer)).await, 0);
    assert_eq!(errcode("", Some(&bearer.replace("Bearer", "bearer"))).await, 0);
    assert_eq!(errcode(&query, Some("Bearer another")).await, 0);
    assert_eq!(errcode("?access_token=another", Some(&bearer)).await, 40001);
    assert_eq!(errcode("", Some(&bearer.replace("Bearer", "Basic"))).await, 41001);
    assert_eq!(errcode("", None).await, 41001);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_on_one_sqlite_file_is_refused() {
    let database = Database::sqlite();
    let process = Process::start(&database, &[]);
    let arguments = ["--listen", "127.0.0.1:0", "--database-url", &database.url];
    let error = refusal(&mut program(&arguments));
    assert!(error.contains("another process serves"), "{error}");
    // However the first has ended, the second may come.
    drop(process);
    Process::start(&database, &[]);
}

async fn check_changes_nothing_and_says_what_would_happen(database: Database) {
    let arguments =
        ["check", "--rp-id", "example.org", "--origin", ORIGIN, "--database-url", database.url.as_str()];
    let check = || {
        let Output { status, stdout, stderr } = program(&arguments).output().unwrap();
        assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
        String::from_utf8(stdout).unwrap()
    };
    let before = check();
    let none = if database.is_postgres() { "without tables" } else { "does not exist yet" };
    assert!(before.contains(none) && before.contains("rp-id: example.org"), "{before}");
    assert_eq!(check(), before);
    drop(Server::start(&database).await);
    let after = check();
    assert!(after.contains("its tables at migration 5"), "{after}");
    let password = url::Url::parse(&database.url).unwrap().password().map(str::to_owned);
    assert!(password.is_none_or(|password| !after.contains(&password)), "{after}");
}
