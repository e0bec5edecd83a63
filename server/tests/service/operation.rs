//! `soter-server migrate` and `soter-server backup`.

use crate::common;

use common::{Database, Device, Server, no, ok, on_both, until};
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::process::{Command, Output};

on_both! { tables_are_made_before_the_service_starts }

fn run(arguments: &[&str]) -> (bool, String) {
    let Output { status, stderr, .. } =
        Command::new(env!("CARGO_BIN_EXE_soter-server")).args(arguments).output().unwrap();
    (status.success(), String::from_utf8(stderr).unwrap())
}

async fn tables_are_made_before_the_service_starts(database: Database) {
    for _ in 0..2 {
        assert_eq!(run(&["migrate", "--database-url", &database.url]), (true, String::new()));
    }
    assert_eq!(Server::start(&database).await.challenge("alice").await.len(), 49);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_only_changes_rows_is_enough() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let role = format!("rows_{}", std::process::id());
    let mut admin = sqlx::PgConnection::connect(&database.url).await.unwrap();
    let mut execute = async |statement: String| {
        admin.execute(AssertSqlSafe(statement)).await.unwrap();
    };
    execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC".to_owned()).await;
    execute(format!("CREATE ROLE {role} LOGIN PASSWORD 'secret'")).await;
    let mut url = url::Url::parse(&database.url).unwrap();
    url.set_username(&role).unwrap();
    url.set_password(Some("secret")).unwrap();
    let as_role = Database::at(url.into());
    let (is_done, error) = run(&["migrate", "--database-url", &as_role.url]);
    assert!(!is_done && error.contains("permission denied") && !error.contains("secret"), "{error}");
    assert!(run(&["migrate", "--database-url", &database.url]).0);
    let rights = "SELECT, INSERT, UPDATE, DELETE";
    execute(format!("GRANT {rights} ON app_keys, removed_keys, challenges, access_tokens TO {role}")).await;
    execute(format!("GRANT SELECT ON _sqlx_migrations TO {role}")).await;
    let server = Server::start(&as_role).await;
    let device = Device::new("key");
    server.register("alice", &device).await;
    let result = device.result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &result).await, ok());
    until("readiness", async || reqwest::get(server.url("/readyz")).await.unwrap().status() == 200).await;
    server.service.store.close().await;
    execute(format!("DROP OWNED BY {role}")).await;
    execute(format!("DROP ROLE {role}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_running_service_is_restored() {
    let database = Database::sqlite();
    let server = Server::start(&database).await;
    let device = Device::without_counter("key");
    server.register("alice", &device).await;
    let accepted = device.result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &accepted).await, ok());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.db");
    let arguments = ["backup", file.to_str().unwrap(), "--database-url", &database.url];
    assert_eq!(run(&arguments), (true, String::new()));
    // The service goes on, and what is there already is not lost.
    let result = device.result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &result).await, ok());
    let (is_done, error) = run(&arguments);
    assert!(!is_done && error.contains("is there already"), "{error}");
    drop(server);

    let restored = Database::at(format!("sqlite://{}?mode=rw", file.display()));
    let server = Server::start(&restored).await;
    assert_eq!(server.verify("alice", &accepted).await, no("challenge-used"));
    // What was issued after the backup is unknown, and so never accepted twice.
    assert_eq!(server.verify("alice", &result).await, no("challenge-unknown"));
    let next = device.result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &next).await, ok());
    assert_eq!(
        std::fs::read_dir(folder.path())
            .unwrap()
            .flatten()
            .filter(|entry| entry.path().extension().is_some_and(|end| end == "partial"))
            .count(),
        0
    );
}

#[test]
fn postgres_has_its_own_backups() {
    let (is_done, error) = run(&["backup", "x.db", "--database-url", "postgres://localhost/x"]);
    assert!(!is_done && error.contains("backup is for SQLite"), "{error}");
}
