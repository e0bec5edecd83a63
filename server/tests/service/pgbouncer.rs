//! A pooler between the service and PostgreSQL.

use crate::common;

use common::process::Process;
use common::{Database, Device, Server, ok, until};
use futures_util::future::join_all;
use sqlx::{Connection, Executor, PgConnection};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tokio::net::TcpStream;

struct PgBouncer {
    process: Child,
    /// The database by way of the pooler.
    database: Database,
    _folder: tempfile::TempDir,
}

impl PgBouncer {
    /// `None`, with a word, where there is none.
    async fn start(database: &Database, settings: &str) -> Option<Self> {
        let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"];
        let Some(program) = program.into_iter().find(|program| Path::new(program).is_file()) else {
            eprintln!("skipped: there is no PgBouncer (Debian: pgbouncer)");
            return None;
        };
        let mut url = url::Url::parse(&database.url).unwrap();
        let (host, port) = (url.host_str().unwrap(), url.port().unwrap_or(5432));
        let (user, password) = (url.username(), url.password().unwrap_or_default());
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host={host} port={port} user={user} password={password}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {free}\nunix_socket_dir =\nauth_type = any\n\
             ignore_startup_parameters = extra_float_digits\n{settings}\n"
        );
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new(program);
        // It does not want to be root.
        let id = Command::new("id").arg("-u").output().unwrap().stdout;
        if id.starts_with(b"0\n") {
            command.args(["-u", "nobody"]);
        }
        let process = command.arg(&file).stderr(Stdio::null()).spawn().unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(free)).unwrap();
        let pgbouncer = Self { process, database: Database::at(url.into()), _folder: folder };
        until("PgBouncer", async || TcpStream::connect(("127.0.0.1", free)).await.is_ok()).await;
        Some(pgbouncer)
    }

    /// Has it make so many sessions, which are idle then.
    async fn warm_up(&self, sessions: usize) {
        let mut connections = join_all((0..sessions).map(async |_| {
            let mut connection = PgConnection::connect(&self.database.url).await.unwrap();
            connection.execute("BEGIN").await.unwrap();
            connection
        }))
        .await;
        for connection in &mut connections {
            connection.execute("ROLLBACK").await.unwrap();
        }
        for connection in connections {
            connection.close().await.unwrap();
        }
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What each command says that would work on the database.
fn refusals(database: &Database) -> Vec<String> {
    let commands: [&[&str]; 3] = [&["check"], &["migrate"], &["--listen", "127.0.0.1:0"]];
    let refusals = commands.iter().map(|command| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_soter-server"));
        let output = program.args(*command).args(["--database-url", &database.url]).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{command:?}: {error}");
        error
    });
    refusals.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_shares_sessions_is_refused() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    // Which of the idle sessions comes next, and how many there are.
    for order in ["server_round_robin = 0", "server_round_robin = 1"] {
        for sessions in [1, 2, 5] {
            let settings = format!("pool_mode = transaction\n{order}\ndefault_pool_size = {sessions}");
            let Some(pgbouncer) = PgBouncer::start(&database, &settings).await else {
                return;
            };
            pgbouncer.warm_up(sessions).await;
            for refusal in refusals(&pgbouncer.database) {
                assert!(refusal.contains("pool_mode = session"), "{settings}: {refusal}");
            }
        }
    }
    let Some(pgbouncer) = PgBouncer::start(&database, "pool_mode = statement").await else {
        return;
    };
    for refusal in refusals(&pgbouncer.database) {
        assert!(refusal.contains("a pooler in statement mode?"), "{refusal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_keeps_sessions_is_none_to_the_service() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let Some(pgbouncer) = PgBouncer::start(&database, "pool_mode = session").await else {
        return;
    };
    let process = Process::start(&pgbouncer.database, &[]);
    until("readiness", async || process.get("/readyz").await.0 == 200).await;
    drop(process);
    let server = Server::start(&pgbouncer.database).await;
    let device = Device::new("key");
    server.register("alice", &device).await;
    for _ in 0..10 {
        let result = device.result(&server.challenge("alice").await);
        assert_eq!(server.verify("alice", &result).await, ok());
    }
    until("readiness", async || reqwest::get(server.url("/readyz")).await.unwrap().status() == 200).await;
}
