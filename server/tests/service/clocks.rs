//! Whose clock decides when something expires: the database's, whatever those of the instances say.

use crate::common;

use common::process::Process;
use common::{Database, Device, Server, error, no, ok, until};
use serde_json::{Value, json};
use soter_server::secret::Hash;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// Puts the clock of a PostgreSQL forward, against this machine's, before anybody else connects to it or after. What it has in
/// `public` is found before PostgreSQL's own function.
async fn put_forward(database: &Database, seconds: i64) {
    let mut admin = PgConnection::connect(&database.url).await.unwrap();
    let name: String = sqlx::query_scalar("SELECT current_database()").fetch_one(&mut admin).await.unwrap();
    for statement in [
        format!("ALTER DATABASE {name} SET search_path = public, pg_catalog"),
        format!(
            "CREATE OR REPLACE FUNCTION public.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
             AS $$ SELECT pg_catalog.statement_timestamp() + interval '{seconds} seconds' $$"
        ),
    ] {
        admin.execute(AssertSqlSafe(statement)).await.unwrap();
    }
    admin.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_expires_at_one_moment_for_instances_whose_clocks_differ() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    put_forward(&database, 0).await;
    let options = ["--challenge-seconds", "3600"];
    let servers = [Server::with(&database, &options).await, Server::with(&database, &options).await];
    servers[0].clock.forward(2 * 3600);
    servers[1].clock.forward(-2 * 3600);
    let device = Device::new("key");
    servers[0].register("alice", &device).await;
    let mut challenges = Vec::new();
    for server in &servers {
        for _ in 0..4 {
            challenges.push(server.challenge("alice").await);
        }
    }
    // Each instance with one of its own and one of the other's, before the time and after.
    put_forward(&database, 1800).await;
    for (number, challenge) in [0, 5, 4, 1].map(|number| (number, &challenges[number])) {
        assert_eq!(servers[number % 2].verify("alice", &device.result(challenge)).await, ok(), "{number}");
    }
    put_forward(&database, 3601).await;
    for (number, challenge) in [2, 7, 6, 3].map(|number| (number, &challenges[number])) {
        let answer = servers[number % 2].verify("alice", &device.result(challenge)).await;
        assert_eq!(answer, no("challenge-expired"), "{number}");
        let registration = Device::new("other").registration(challenge);
        let body = json!({ "openid": "alice", "registration": registration });
        assert_eq!(servers[number % 2].post("register_key", &body).await, no("challenge-expired"));
    }
    // What was open is not counted any more, and is swept.
    assert_eq!(servers[1].service.store.challenge_figures().await.unwrap().0, 0);
    servers[1].service.store.sweep().await.unwrap();
    let answer = servers[0].verify("alice", &device.result(&challenges[2])).await;
    assert_eq!(answer, no("challenge-unknown"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_expires_by_the_databases_clock() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    put_forward(&database, 0).await;
    let app = format!("wx1:{}", Hash::of("secret").to_hex());
    let start = async |own_clock: i64| {
        let server = Server::with(&database, &["--app", &app]).await;
        server.clock.forward(own_clock);
        server
    };
    let query = "grant_type=client_credential&appid=wx1&secret=secret";
    let fetched = reqwest::get(start(-3 * 7200).await.url(&format!("/cgi-bin/token?{query}"))).await.unwrap();
    let token = fetched.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned();
    for (database_clock, expected) in [(3600, 0), (7201, 42001)] {
        put_forward(&database, database_clock).await;
        for own_clock in [-3 * 7200, 3 * 7200] {
            let server = start(own_clock).await;
            let answer = server.post_with(&token, "get_challenge", &json!({ "openid": "alice" })).await;
            assert_eq!(answer["errcode"], expected, "{answer}");
        }
    }
    put_forward(&database, 0).await;
    let answer = start(0).await.post_with("x", "get_challenge", &json!({ "openid": "alice" })).await;
    assert_eq!(answer, error(40001, "invalid credential, access_token is invalid or not latest"));
}

/// The last figure of that metric.
async fn difference(process: &Process) -> Option<i64> {
    let (_, metrics) = process.get("/metrics").await;
    let line = metrics.lines().find(|line| line.starts_with("soter_clock_difference_seconds "))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_whose_clock_differs_from_the_databases_says_so() {
    let warning = "this machine's clock differs from the database's";
    let database = Database::sqlite();
    let here = Process::start(&database, &[]);
    until("a figure", async || difference(&here).await.is_some()).await;
    assert_eq!(difference(&here).await, Some(0));
    assert!(!here.log().contains(warning));
    let Some(database) = Database::postgres().await else {
        return;
    };
    put_forward(&database, 1000).await;
    let process = Process::start(&database, &[]);
    process.told(warning).await;
    process.told(r#""seconds_ahead":-"#).await;
    // On its way the answer may have taken any time.
    let difference = difference(&process).await.unwrap();
    assert!((-1001..-500).contains(&difference), "{difference}");
}
