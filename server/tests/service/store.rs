//! What either database must do in the same way, asked of the store itself.

use crate::common;

use common::proxy::Proxy;
use common::{Database, Device, PATIENCE, Server, let_time_pass, on_both, until};
use futures_util::future::join_all;
use soter_server::challenge::Challenge;
use soter_server::store::{
    Acceptance, Accepted, Addition, Connections, NewKey, Owner, Store, StoredKey, Unspendable, until_unlocked,
};
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;
use wx_soter_verifier::CredentialRecord;

on_both! {
    results_accepted_together_have_each_its_own_verdict,
    a_key_that_was_changed_meanwhile_is_not_as_it_was_read,
    an_owner_has_so_many_open_challenges,
    what_one_app_has_is_nothing_to_another,
    tables_of_one_app_are_taken_over,
    what_an_instance_from_before_apps_does_fails,
    calls_that_wait_for_a_lock_get_each_its_own_verdict,
    connections_are_in_use_while_they_work,
}

async fn open(database: &Database) -> Store {
    Store::open(&database.url, 10, Duration::from_secs(600)).await.unwrap()
}

fn key(id: &str) -> StoredKey {
    let record = CredentialRecord {
        id: id.as_bytes().to_vec(),
        public_key: b"public key".to_vec(),
        sign_count: 7,
        uv_initialized: true,
        transports: vec!["internal".to_owned(), "hybrid".to_owned()],
        backup_eligible: true,
        backup_state: false,
    };
    StoredKey { record, uid: Some(b"uid".to_vec()) }
}

async fn add(store: &Store, owner: &Owner, id: &str) -> Addition {
    let challenge = Challenge::of(&format!("for {id}"));
    let new = NewKey { key: key(id), challenge, keep_for: None };
    store.registering(owner).await.unwrap().add(&new, None).await.unwrap()
}

/// A result of a key as [`key`] makes it, with the next counter.
fn result(owner: &Owner, id: &str, challenge: &str) -> Acceptance {
    let before = key(id).record;
    let after = CredentialRecord { sign_count: 8, backup_state: true, ..before.clone() };
    let challenge = Challenge::of(challenge);
    Acceptance { owner: owner.clone(), before, after, challenge, keep_for: None }
}

async fn accept(store: &Store, result: Acceptance) -> Accepted {
    let turn = store.turn(&result.owner).await;
    store.accept(turn, result).await.unwrap().0
}

async fn results_accepted_together_have_each_its_own_verdict(database: Database) {
    let store = open(&database).await;
    let issued: Vec<_> = (0..40).map(|_| soter_server::challenge::issue().unwrap()).collect();
    let owners: Vec<_> = (0..40).map(|number| Owner::new("", format!("user {number}"))).collect();
    for (number, owner) in owners.iter().enumerate() {
        assert_eq!(add(&store, owner, &format!("key {number}")).await, Addition::Added);
        let (challenge, lifetime) = (Challenge::of(&issued[number]), if number % 5 == 3 { 0 } else { 3600 });
        if number % 5 != 2 {
            assert!(store.add_challenge(owner, &challenge, lifetime, 10).await.unwrap());
        }
    }
    let results = owners.iter().enumerate().map(|(number, owner)| {
        let mut result = result(owner, &format!("key {number}"), &issued[number]);
        match number % 5 {
            1 => result.before.sign_count = 6,
            4 => result.challenge = Challenge::of("the backend's own"),
            _ => {}
        }
        result
    });
    let results: Vec<_> = results.collect();
    let first = join_all(results.iter().map(|result| accept(&store, result.clone()))).await;
    for (number, outcome) in first.iter().enumerate() {
        let expected = match number % 5 {
            1 => Accepted::NotAsRead,
            2 => Accepted::Refused(Unspendable::NotIssued),
            3 => Accepted::Refused(Unspendable::Expired),
            _ => Accepted::Accepted,
        };
        assert_eq!(*outcome, expected, "{number}");
        let stored = store.key(&owners[number], format!("key {number}").as_bytes()).await.unwrap().unwrap();
        let is_accepted = expected == Accepted::Accepted;
        assert_eq!(stored.record.sign_count, if is_accepted { 8 } else { 7 }, "{number}");
        assert_eq!(stored.record.backup_state, is_accepted, "{number}");
        assert_eq!(stored.record.transports, ["internal", "hybrid"]);
        let is_spent = store.is_spent_on_result(&owners[number], &results[number].challenge).await.unwrap();
        assert_eq!(is_spent, is_accepted, "{number}");
    }
    // With the counter that was stored the challenge stands in the way.
    for number in [0, 4] {
        let mut again = results[number].clone();
        again.before = again.after.clone();
        assert_eq!(accept(&store, again).await, Accepted::Refused(Unspendable::SpentBefore));
    }
}

async fn a_key_that_was_changed_meanwhile_is_not_as_it_was_read(database: Database) {
    let (store, alice) = (open(&database).await, Owner::new("", "alice"));
    add(&store, &alice, "key").await;
    let result = result(&alice, "key", "17");
    let mut other_key = result.clone();
    other_key.before.public_key = b"another public key".to_vec();
    let mut other_state = result.clone();
    other_state.before.backup_state = true;
    let mut other_owner = result.clone();
    other_owner.owner = Owner::new("", "bob");
    for changed in [other_key, other_state, other_owner] {
        assert_eq!(accept(&store, changed).await, Accepted::NotAsRead);
    }
    assert!(!store.is_spent_on_result(&alice, &result.challenge).await.unwrap());
    assert_eq!(accept(&store, result.clone()).await, Accepted::Accepted);
    assert!(store.remove_keys(&alice).await.unwrap());
    assert_eq!(accept(&store, result).await, Accepted::NotAsRead);
}

async fn an_owner_has_so_many_open_challenges(database: Database) {
    let (store, alice) = (open(&database).await, Owner::new("", "alice"));
    let add = |owner: Owner, number: usize| {
        let store = store.clone();
        let challenge = Challenge::of(&format!("challenge {number}"));
        async move { store.add_challenge(&owner, &challenge, 3600, 5).await.unwrap() }
    };
    let added = join_all((0..100).map(|number| add(alice.clone(), number))).await;
    assert_eq!(added.iter().filter(|added| **added).count(), 5);
    let_time_pass(&database, 1800).await;
    assert!(!add(alice.clone(), 100).await);
    assert!(add(Owner::new("", "bob"), 100).await);
    assert!(add(Owner::new("wx1", "alice"), 100).await);
    // What has expired is not counted, swept or not.
    let_time_pass(&database, 1801).await;
    assert!(add(alice, 101).await);
}

async fn what_one_app_has_is_nothing_to_another(database: Database) {
    let store = open(&database).await;
    let (here, there) = (Owner::new("wx1", "alice"), Owner::new("wx2", "alice"));
    assert_eq!(add(&store, &here, "key").await, Addition::Added);
    assert!(store.key(&there, b"key").await.unwrap().is_none());
    assert_eq!(store.count_keys(&there).await.unwrap(), 0);
    assert_eq!(accept(&store, result(&there, "key", "17")).await, Accepted::NotAsRead);
    assert!(store.lock_key(store.turn(&there).await, b"key").await.unwrap().is_none());
    assert!(!store.remove_key(&there, b"key").await.unwrap());
    assert!(!store.remove_keys(&there).await.unwrap());
    // A credential id is one app's own, and so is a challenge.
    assert_eq!(add(&store, &there, "key").await, Addition::Added);
    assert_eq!(add(&store, &Owner::new("wx2", "bob"), "key").await, Addition::RegisteredBefore);
    for owner in [&here, &there] {
        assert_eq!(accept(&store, result(owner, "key", "17")).await, Accepted::Accepted);
    }
    assert!(store.remove_keys(&there).await.unwrap());
    assert_eq!(store.key(&here, b"key").await.unwrap().unwrap().record.sign_count, 8);
}

/// The tables as the first version made them.
async fn tables_of_one_app(database: &Database) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let migrations = if database.is_postgres() { "postgres" } else { "sqlite" };
    let folder = tempfile::tempdir().unwrap();
    let name = "0001_keys_challenges_and_tokens.sql";
    let source = format!("{}/migrations/{migrations}/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(source, folder.path().join(name)).unwrap();
    let mut connection = AnyConnection::connect(&database.url).await.unwrap();
    Migrator::new(folder.path()).await.unwrap().run(&mut connection).await.unwrap();
    connection
}

async fn tables_of_one_app_are_taken_over(database: Database) {
    let mut connection = tables_of_one_app(&database).await;
    let bytes = |text: &str| {
        let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        if database.is_postgres() { format!("'\\x{hex}'::bytea") } else { format!("x'{hex}'") }
    };
    let public_key = Server::start(&Database::sqlite()).await;
    let device = Device::new("key");
    public_key.register("alice", &device).await;
    let stored = public_key.service.store.key(&Owner::new("", "alice"), b"key").await.unwrap().unwrap();
    let hex: String = stored.record.public_key.iter().map(|byte| format!("{byte:02x}")).collect();
    let stored_key = if database.is_postgres() { format!("'\\x{hex}'::bytea") } else { format!("x'{hex}'") };
    let insert = format!(
        "INSERT INTO keys (credential_id, openid, public_key, sign_count, uv_initialized, backup_eligible, \
         backup_state, transports, created_at) VALUES ({}, 'alice', {stored_key}, 0, 1, 0, 0, 'internal', 5)",
        bytes("key"),
    );
    connection.execute(AssertSqlSafe(insert)).await.unwrap();
    let hash: String = Challenge::of("17").hash.to_hex();
    let hash = if database.is_postgres() { format!("'\\x{hash}'::bytea") } else { format!("x'{hash}'") };
    let insert = format!("INSERT INTO challenges VALUES ('alice', {hash}, NULL, FALSE, TRUE)");
    connection.execute(AssertSqlSafe(insert)).await.unwrap();
    connection.close().await.unwrap();

    let server = Server::start(&database).await;
    assert_eq!(server.verify("alice", &device.result("17")).await, common::no("challenge-used"));
    let result = device.result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &result).await, common::ok());
}

/// It would spend and remove what belongs to any app.
async fn what_an_instance_from_before_apps_does_fails(database: Database) {
    let mut older = tables_of_one_app(&database).await;
    let bytes = if database.is_postgres() { "'\\x6b6579'::bytea" } else { "x'6b6579'" };
    let statements = [
        "SELECT credential_id, public_key, sign_count FROM keys WHERE credential_id = KEY AND openid = 'alice'",
        "SELECT COUNT(*) FROM keys WHERE openid = 'alice'",
        "INSERT INTO keys (credential_id, openid, public_key, sign_count, uv_initialized, backup_eligible, backup_state, \
         transports, created_at) VALUES (KEY, 'alice', KEY, 0, 1, 0, 0, '', 0)",
        "UPDATE keys SET sign_count = 1, backup_state = 0, used_at = 0 WHERE credential_id = KEY",
        "DELETE FROM keys WHERE credential_id = KEY AND openid = 'alice'",
        "DELETE FROM keys WHERE openid = 'alice'",
        "INSERT INTO challenges (openid, hash, expires_at, spent_on_key, spent_on_result) \
         VALUES ('alice', KEY, 0, FALSE, FALSE)",
        "INSERT INTO challenges (openid, hash, expires_at, spent_on_key, spent_on_result) \
         VALUES ('alice', KEY, NULL, FALSE, TRUE) ON CONFLICT (openid, hash) DO UPDATE SET spent_on_result = TRUE",
    ];
    let statements = statements.map(|statement| statement.replace("KEY", bytes));
    let mut run = async |statement: &String| {
        older.execute("BEGIN").await.unwrap();
        let ran = older.execute(AssertSqlSafe(statement.clone())).await;
        older.execute("ROLLBACK").await.unwrap();
        ran.is_ok()
    };
    for statement in &statements {
        assert!(run(statement).await, "{statement}");
    }
    Store::migrate(&database.url).await.unwrap();
    for statement in &statements {
        assert!(!run(statement).await, "{statement}");
    }
}

/// For longer than any connection waits.
async fn calls_that_wait_for_a_lock_get_each_its_own_verdict(database: Database) {
    let (store, folks) =
        (open(&database).await, (0..20).map(|number| Owner::new("", format!("user {number}"))));
    let folks: Vec<_> = folks.collect();
    for (number, owner) in folks.iter().enumerate() {
        assert_eq!(add(&store, owner, &format!("key {number}")).await, Addition::Added);
    }
    let mut other = AnyConnection::connect(&database.url).await.unwrap();
    let lock =
        if database.is_postgres() { "BEGIN; LOCK TABLE challenges, app_keys" } else { "BEGIN IMMEDIATE" };
    other.execute(lock).await.unwrap();
    let calls = folks.iter().cloned().enumerate().map(|(number, owner)| {
        let store = store.clone();
        tokio::spawn(async move {
            let id = format!("key {number}");
            let challenge = Challenge::of(&soter_server::challenge::issue().unwrap());
            let added = store.add_challenge(&owner, &challenge, 3600, 10);
            let accepted = until_unlocked(async || {
                let (accepted, turn) =
                    store.accept(store.turn(&owner).await, result(&owner, &id, "the backend's own")).await?;
                if accepted != Accepted::NotAsRead {
                    return Ok(accepted);
                }
                let locked = store.lock_key(turn, id.as_bytes()).await?.unwrap();
                locked.accept(result(&owner, &id, "the backend's own")).await
            });
            tokio::join!(added, accepted)
        })
    });
    let calls: Vec<_> = calls.collect();
    tokio::time::sleep(Duration::from_secs(if database.is_postgres() { 1 } else { 6 })).await;
    other.execute("ROLLBACK").await.unwrap();
    for call in calls {
        let (added, accepted) = call.await.unwrap();
        assert!(added.unwrap());
        assert_eq!(accepted.unwrap(), Accepted::Accepted);
    }
}

/// The metrics tell them apart from those that do nothing.
async fn connections_are_in_use_while_they_work(database: Database) {
    let (store, alice) = (open(&database).await, Owner::new("", "alice"));
    assert_eq!(add(&store, &alice, "key").await, Addition::Added);
    assert!(store.add_challenge(&alice, &Challenge::of("a challenge"), 3600, 10).await.unwrap());
    assert!(store.key(&alice, b"key").await.unwrap().is_some());
    assert_eq!(accept(&store, result(&alice, "key", "17")).await, Accepted::Accepted);
    let shared = if database.is_postgres() { 3 } else { 0 };
    let idle = |connections: Connections| connections.open as usize == connections.idle;
    until("idle connections", async || {
        let state = store.pool_state();
        state.shared.open == shared && state.single.open > 0 && idle(state.shared) && idle(state.single)
    })
    .await;
    let locked = store.lock_key(store.turn(&alice).await, b"key").await.unwrap();
    let Connections { open, idle } = store.pool_state().single;
    assert_eq!(open as usize, idle + 1);
    drop(locked);
}

/// PostgreSQL writes an index again for each row that changes one of its columns, or that moves to another page.
#[tokio::test(flavor = "multi_thread")]
async fn spending_a_challenge_and_using_a_key_change_no_index() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let (server, device) = (Server::start(&database).await, Device::new("key"));
    server.register("alice", &device).await;
    for _ in 0..10 {
        let result = device.result(&server.challenge("alice").await);
        assert_eq!(server.verify("alice", &result).await, common::ok());
    }
    // What a connection has counted is written at its end.
    server.service.store.close().await;
    let mut connection = sqlx::PgConnection::connect(&database.url).await.unwrap();
    for (table, expected) in [("challenges", 11), ("app_keys", 10)] {
        let statistics = "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = $1";
        let (mut updated, mut without_index) = (0_i64, 0_i64);
        let started = Instant::now();
        while updated < expected {
            assert!(started.elapsed() < PATIENCE, "{table}: {updated}");
            tokio::time::sleep(Duration::from_millis(20)).await;
            (updated, without_index) =
                sqlx::query_as(statistics).bind(table).fetch_one(&mut connection).await.unwrap();
        }
        assert_eq!(without_index, updated, "{table}");
    }
}

/// Forty keys, each of an owner of its own; the result of one is not as it was read.
async fn forty(store: &Store) -> Vec<Acceptance> {
    let mut results = Vec::new();
    for number in 0..40 {
        let (owner, id) = (Owner::new("", format!("user {number}")), format!("key {number}"));
        assert_eq!(add(store, &owner, &id).await, Addition::Added);
        let mut result = result(&owner, &id, "17");
        result.before.sign_count -= u32::from(number == 11);
        results.push(result);
    }
    results
}

/// By how many transactions results were accepted.
async fn acceptances(database: &Database) -> i64 {
    let mut connection = AnyConnection::connect(&database.url).await.unwrap();
    let transactions = "SELECT count(DISTINCT xmin::text) FROM app_keys WHERE sign_count = 8";
    sqlx::query_scalar(transactions).fetch_one(&mut connection).await.unwrap()
}

/// Submits all, and holds up the first until the others have gathered.
async fn gather(proxy: &Proxy, store: &Store, results: Vec<Acceptance>) -> Vec<JoinHandle<Accepted>> {
    proxy.hold("WITH result AS");
    let mut calls = Vec::new();
    for result in results {
        let store = store.clone();
        let mut call = Box::pin(tokio::task::unconstrained(async move { accept(&store, result).await }));
        // It goes as far as the queue, since nothing before that is to be waited for.
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        calls.push(tokio::spawn(call));
        if calls.len() == 1 {
            proxy.holds_one().await;
        }
    }
    calls
}

#[tokio::test(flavor = "multi_thread")]
async fn results_that_gather_are_accepted_by_one_transaction_and_answered_after_it() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let proxy = Proxy::start(&database, Duration::ZERO).await;
    let store = open(&proxy.database).await;
    let results = forty(&store).await;
    let calls = gather(&proxy, &store, results).await;
    // Nothing is answered before the database has said that it is on the disk.
    proxy.hold("user 12");
    proxy.holds_one().await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!calls[12].is_finished());
    proxy.let_go();
    for (number, call) in calls.into_iter().enumerate() {
        let expected = if number == 11 { Accepted::NotAsRead } else { Accepted::Accepted };
        assert_eq!(call.await.unwrap(), expected, "{number}");
    }
    // The first alone, and all others.
    assert_eq!(acceptances(&database).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_challenge_holds_up_no_other_result() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let proxy = Proxy::start(&database, Duration::ZERO).await;
    let store = open(&proxy.database).await;
    let mut results = forty(&store).await;
    for result in &mut results {
        result.challenge = Challenge::of(&soter_server::challenge::issue().unwrap());
        assert!(store.add_challenge(&result.owner, &result.challenge, 3600, 10).await.unwrap());
    }
    let mut other = AnyConnection::connect(&database.url).await.unwrap();
    other.execute("BEGIN; SELECT FROM challenges WHERE openid = 'user 7' FOR UPDATE").await.unwrap();
    let calls = gather(&proxy, &store, results).await;
    proxy.let_go();
    for (number, call) in calls.into_iter().enumerate() {
        let expected = if [7, 11].contains(&number) { Accepted::NotAsRead } else { Accepted::Accepted };
        assert_eq!(call.await.unwrap(), expected, "{number}");
    }
    assert_eq!(acceptances(&database).await, 2);
    other.execute("ROLLBACK").await.unwrap();
}

/// Nobody sees it before it is committed, so that the others are tried once more, each alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_that_is_being_stored_holds_up_its_own_result_alone() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let proxy = Proxy::start(&database, Duration::ZERO).await;
    let store = open(&proxy.database).await;
    let results = forty(&store).await;
    let mut other = AnyConnection::connect(&database.url).await.unwrap();
    let hash = Challenge::of("17").hash.to_hex();
    let lock = format!(
        "BEGIN; INSERT INTO challenges (app, openid, hash, spent_on_key, spent_on_result) \
         VALUES ('', 'user 7', '\\x{hash}', TRUE, FALSE)"
    );
    other.execute(AssertSqlSafe(lock)).await.unwrap();
    let calls = gather(&proxy, &store, results).await;
    proxy.let_go();
    for (number, call) in calls.into_iter().enumerate() {
        let expected = if [7, 11].contains(&number) { Accepted::NotAsRead } else { Accepted::Accepted };
        assert_eq!(call.await.unwrap(), expected, "{number}");
    }
    other.execute("ROLLBACK").await.unwrap();
}
