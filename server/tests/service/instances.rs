//! Several instances on one database.

use crate::common;

use common::{Database, Device, Made, Server, error, no, ok, on_both, registered};
use futures_util::future::join_all;
use serde_json::{Value, json};
use soter_server::store::Owner;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::sync::Arc;
use std::time::Duration;

on_both! {
    one_of_a_thousand_submissions_to_two_instances_is_accepted,
    one_of_a_thousand_submissions_is_accepted_over_the_fewest_connections,
    one_of_a_thousand_submissions_is_accepted_of_a_device_without_counter,
    one_of_a_thousand_submissions_is_accepted_with_a_backends_own_challenge,
    one_of_a_hundred_registrations_is_accepted,
    results_of_one_key_at_once_are_all_accepted_where_no_counter_is_kept,
    the_counter_ends_at_the_highest,
    a_key_that_is_removed_among_its_results_is_gone,
}

/// Sends a body again and again to both instances, all at once.
async fn submit(servers: &[Arc<Server>; 2], call: &'static str, body: &Value, times: usize) -> Vec<Value> {
    let submissions = (0..times).map(|number| {
        let (server, body) = (servers[number % 2].clone(), body.clone());
        tokio::spawn(async move { server.post(call, &body).await })
    });
    join_all(submissions).await.into_iter().map(Result::unwrap).collect()
}

async fn two(database: &Database) -> [Arc<Server>; 2] {
    two_with(database, &[]).await
}

async fn two_with(database: &Database, options: &[&str]) -> [Arc<Server>; 2] {
    [Arc::new(Server::with(database, options).await), Arc::new(Server::with(database, options).await)]
}

/// SQLite is for one.
#[tokio::test(flavor = "multi_thread")]
async fn instances_that_start_at_once_make_the_tables_once() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let servers = join_all((0..4).map(|_| Server::start(&database))).await;
    let device = Device::new("key");
    servers[0].register("alice", &device).await;
    for server in &servers {
        assert_eq!(server.verify("alice", &device.result(&server.challenge("alice").await)).await, ok());
    }
}

async fn one_of_a_thousand(servers: &[Arc<Server>; 2], result: &Made) {
    let answers = submit(servers, "verify_signature", &result.body("alice"), 1000).await;
    let accepted = answers.iter().filter(|answer| **answer == ok()).count();
    let others = |answer: &&Value| **answer != ok() && **answer != no("challenge-used");
    assert_eq!((accepted, answers.iter().find(others)), (1, None));
}

async fn one_of_a_thousand_submissions_to_two_instances_is_accepted(database: Database) {
    let (servers, device) = (two(&database).await, Device::new("key"));
    servers[0].register("alice", &device).await;
    for _ in 0..2 {
        let result = device.result(&servers[1].challenge("alice").await);
        one_of_a_thousand(&servers, &result).await;
    }
}

/// With PostgreSQL one of four is left for all that is done for one owner: no call may want a second one beside it.
async fn one_of_a_thousand_submissions_is_accepted_over_the_fewest_connections(database: Database) {
    let servers = two_with(&database, &["--max-connections", "4", "--timeout-seconds", "60"]).await;
    let device = Device::new("key");
    servers[0].register("alice", &device).await;
    for _ in 0..2 {
        let result = device.result(&servers[1].challenge("alice").await);
        one_of_a_thousand(&servers, &result).await;
    }
}

/// The same for certain: another instance accepts the result, between the reading of the key and its lock.
#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_waited_for_its_own_acceptance_elsewhere_is_told_so() {
    if let Some(database) = Database::postgres().await {
        wait_for_acceptance_elsewhere(&database).await;
    }
}

/// What waits for a lock is to see what the other has done, whatever the administrator thinks best for most.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_isolates_more_by_default_changes_nothing() {
    for level in ["repeatable read", "serializable"] {
        let Some(database) = Database::postgres().await else {
            return;
        };
        let mut admin = PgConnection::connect(&database.url).await.unwrap();
        let name: String =
            sqlx::query_scalar("SELECT current_database()").fetch_one(&mut admin).await.unwrap();
        let set = format!("ALTER DATABASE {name} SET default_transaction_isolation = '{level}'");
        admin.execute(AssertSqlSafe(set)).await.unwrap();
        wait_for_acceptance_elsewhere(&database).await;
        let (servers, device) = (two(&database).await, Device::new("another key"));
        servers[0].register("alice", &device).await;
        let result = device.result(&servers[1].challenge("alice").await);
        one_of_a_thousand(&servers, &result).await;
    }
}

async fn wait_for_acceptance_elsewhere(database: &Database) {
    let server = Server::with(database, &["--max-connections", "4", "--timeout-seconds", "10"]).await;
    let device = Device::new("key");
    server.register("alice", &device).await;
    let result = device.result(&server.challenge("alice").await);
    let mut other = PgConnection::connect(&database.url).await.unwrap();
    let mut watcher = PgConnection::connect(&database.url).await.unwrap();
    other.execute("BEGIN; UPDATE app_keys SET sign_count = 1000").await.unwrap();
    other.execute("UPDATE challenges SET spent_on_result = TRUE").await.unwrap();
    let accept_elsewhere = async {
        let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
                     AND wait_event_type = 'Lock' AND query LIKE '%FROM app_keys%FOR UPDATE')";
        while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&mut watcher).await.unwrap() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        other.execute("COMMIT").await.unwrap();
    };
    let (answer, ()) = tokio::join!(server.verify("alice", &result), accept_elsewhere);
    assert_eq!(answer, no("challenge-used"));
}

/// The challenge alone, as by a registration.
#[tokio::test(flavor = "multi_thread")]
async fn a_result_waits_for_whoever_has_locked_its_challenge() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let (server, device) = (Server::start(&database).await, Device::new("key"));
    server.register("alice", &device).await;
    let mut other = PgConnection::connect(&database.url).await.unwrap();
    let mut watcher = PgConnection::connect(&database.url).await.unwrap();
    for (end, expected) in [("COMMIT", no("challenge-used")), ("ROLLBACK", ok())] {
        let result = device.result(&server.challenge("alice").await);
        other.execute("BEGIN; UPDATE challenges SET spent_on_result = TRUE").await.unwrap();
        let meanwhile = async {
            let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
                         AND wait_event_type = 'Lock' AND query LIKE 'SELECT FROM challenges%FOR UPDATE')";
            while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&mut watcher).await.unwrap() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            other.execute(end).await.unwrap();
        };
        let (answer, ()) = tokio::join!(server.verify("alice", &result), meanwhile);
        assert_eq!(answer, expected, "{end}");
    }
}

async fn one_of_a_thousand_submissions_is_accepted_of_a_device_without_counter(database: Database) {
    let (servers, device) = (two(&database).await, Device::without_counter("key"));
    servers[0].register("alice", &device).await;
    let result = device.result(&servers[1].challenge("alice").await);
    one_of_a_thousand(&servers, &result).await;
}

async fn one_of_a_thousand_submissions_is_accepted_with_a_backends_own_challenge(database: Database) {
    let (servers, device) = (two(&database).await, Device::without_counter("key"));
    servers[0].register("alice", &device).await;
    one_of_a_thousand(&servers, &device.result("order 17")).await;
}

async fn one_of_a_hundred_registrations_is_accepted(database: Database) {
    let (servers, device) = (two(&database).await, Device::new("key"));
    let registration = device.registration(&servers[0].challenge("alice").await);
    let body = json!({ "openid": "alice", "registration": registration });
    let answers = submit(&servers, "register_key", &body, 100).await;
    assert_eq!(answers.iter().filter(|answer| **answer == registered(&device)).count(), 1);
    let refused = [no("challenge-used"), no("credential-registered")];
    assert!(
        answers.iter().all(|answer| *answer == registered(&device) || refused.contains(answer)),
        "{answers:?}"
    );
}

/// Different results of a device, each with a challenge of its own.
async fn make_results(server: &Server, device: &Device, number: usize) -> Vec<Made> {
    let mut results = Vec::new();
    for _ in 0..number {
        results.push(device.result(&server.challenge("alice").await));
    }
    results
}

/// Sends results to both instances, all at once.
async fn verify_all(servers: &[Arc<Server>; 2], results: &[Made]) -> Vec<Value> {
    let submissions =
        results.iter().enumerate().map(|(number, result)| servers[number % 2].verify("alice", result));
    join_all(submissions).await
}

async fn results_of_one_key_at_once_are_all_accepted_where_no_counter_is_kept(database: Database) {
    let (servers, device) = (two(&database).await, Device::without_counter("key"));
    servers[0].register("alice", &device).await;
    let results = make_results(&servers[0], &device, 200).await;
    let answers = verify_all(&servers, &results).await;
    assert_eq!(answers.iter().find(|answer| **answer != ok()), None);
}

async fn the_counter_ends_at_the_highest(database: Database) {
    let (servers, device) = (two(&database).await, Device::new("key"));
    servers[0].register("alice", &device).await;
    let results = make_results(&servers[0], &device, 200).await;
    let answers = verify_all(&servers, &results).await;
    let others = |answer: &&Value| **answer != ok() && **answer != no("sign-count-not-increased");
    assert_eq!(answers.iter().find(others), None);
    // Whichever comes last, the highest was higher.
    assert_eq!(answers.last(), Some(&ok()));
    let record =
        servers[0].service.store.key(&Owner::new("", "alice"), b"key").await.unwrap().unwrap().record;
    assert_eq!(Value::from(record.sign_count), results.last().unwrap().json["counter"]);
    // And none is accepted again.
    let again = verify_all(&servers, &results).await;
    for (first, again) in answers.iter().zip(again) {
        let refused = if *first == ok() { no("challenge-used") } else { no("sign-count-not-increased") };
        assert_eq!(again, refused);
    }
}

async fn a_key_that_is_removed_among_its_results_is_gone(database: Database) {
    let (servers, device) = (two(&database).await, Device::without_counter("key"));
    servers[0].register("alice", &device).await;
    let results = make_results(&servers[0], &device, 50).await;
    let remove = json!({ "openid": "alice", "all": true });
    let (answers, removed) =
        tokio::join!(verify_all(&servers, &results), servers[0].post("remove_key", &remove));
    assert_eq!(removed, ok());
    let gone = error(40003, "invalid openid");
    assert_eq!(answers.iter().find(|answer| **answer != ok() && **answer != gone), None);
    for result in &results {
        assert_eq!(servers[1].verify("alice", result).await, gone);
    }
}
