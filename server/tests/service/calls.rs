//! The calls, each answer of theirs, on both databases.

use crate::common;

use common::{
    Database, Device, Made, Server, TOKEN, described, error, let_time_pass, no, ok, on_both, parts,
    registered,
};
use serde_json::{Value, json};
use soter_server::challenge::Challenge;
use soter_server::secret::Hash;
use soter_server::store::{Acceptance, Accepted, Owner, StoredKey};

on_both! {
    a_result_is_accepted_once,
    a_first_use_makes_a_key_and_a_result_with_one_challenge,
    a_challenge_is_good_for_its_openid_only,
    a_challenge_expires,
    a_forgotten_challenge_is_not_taken_for_a_backends_own,
    a_backends_own_challenge_is_good_once,
    a_backends_own_challenge_may_begin_like_an_issued_one,
    a_key_is_removed_before_or_after_a_result_of_it_is_accepted,
    a_backends_own_challenge_registers_only_if_the_backend_names_it,
    only_issued_challenges_where_that_is_set,
    an_edited_result_is_refused_and_the_true_one_still_holds,
    a_result_of_another_page_or_without_verification_is_refused,
    a_registration_is_verified,
    a_counter_must_grow,
    a_counter_may_be_reported_only,
    a_counter_that_is_not_kept_says_nothing,
    the_user_handle_is_compared_where_it_is_known,
    an_openid_may_have_several_keys,
    an_openid_has_at_most_a_hundred_keys,
    a_removed_key_verifies_nothing,
    an_openid_without_keys_is_unknown,
    fetched_tokens_are_good_for_two_hours,
    what_was_kept_is_there_for_the_next_instance,
}

async fn a_result_is_accepted_once(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::new("key"));
    server.register("alice", &device).await;
    let result = device.result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &result).await, ok());
    assert_eq!(server.verify("alice", &result).await, no("challenge-used"));
    let later = device.result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &later).await, ok());

    let device = Device::without_counter("other key");
    server.register("alice", &device).await;
    let result = device.result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &result).await, ok());
    assert_eq!(server.verify("alice", &result).await, no("challenge-used"));
}

async fn a_first_use_makes_a_key_and_a_result_with_one_challenge(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::without_counter("key"));
    let challenge = server.challenge("alice").await;
    let registration = json!({ "openid": "alice", "registration": device.registration(&challenge) });
    assert_eq!(server.post("register_key", &registration).await, registered(&device));
    assert_eq!(server.verify("alice", &device.result(&challenge)).await, ok());
    // And neither twice.
    assert_eq!(server.verify("alice", &device.result(&challenge)).await, no("challenge-used"));
    assert_eq!(server.post("register_key", &registration).await, no("challenge-used"));
    let other = Device::new("other").registration(&challenge);
    let other = json!({ "openid": "alice", "registration": other });
    assert_eq!(server.post("register_key", &other).await, no("challenge-used"));
}

async fn a_challenge_is_good_for_its_openid_only(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::new("key"));
    server.register("alice", &device).await;
    let result = device.result(&server.challenge("bob").await);
    assert_eq!(server.verify("alice", &result).await, no("challenge-unknown"));
    let registration = Device::new("other").registration(&server.challenge("bob").await);
    let body = json!({ "openid": "alice", "registration": registration });
    assert_eq!(server.post("register_key", &body).await, no("challenge-unknown"));
}

async fn a_challenge_expires(database: Database) {
    let server = Server::with(&database, &["--challenge-seconds", "3600"]).await;
    let device = Device::new("key");
    server.register("alice", &device).await;
    let challenge = server.challenge("alice").await;
    let_time_pass(&database, 1800).await;
    assert_eq!(server.verify("alice", &device.result(&challenge)).await, ok());
    let challenge = server.challenge("alice").await;
    let_time_pass(&database, 3601).await;
    assert_eq!(server.verify("alice", &device.result(&challenge)).await, no("challenge-expired"));
    let body = json!({ "openid": "alice", "registration": Device::new("other").registration(&challenge) });
    assert_eq!(server.post("register_key", &body).await, no("challenge-expired"));
}

async fn a_forgotten_challenge_is_not_taken_for_a_backends_own(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::new("key"));
    server.register("alice", &device).await;
    let challenge = server.challenge("alice").await;
    let_time_pass(&database, 301).await;
    server.service.store.sweep().await.unwrap();
    assert_eq!(server.verify("alice", &device.result(&challenge)).await, no("challenge-unknown"));
}

async fn a_backends_own_challenge_is_good_once(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::without_counter("key"));
    server.register("alice", &device).await;
    let result = device.result("订单 17");
    assert_eq!(server.verify("alice", &result).await, ok());
    assert_eq!(server.verify("alice", &result).await, no("challenge-used"));
    let_time_pass(&database, 100 * 365 * 24 * 60 * 60).await;
    server.service.store.sweep().await.unwrap();
    assert_eq!(server.verify("alice", &result).await, no("challenge-used"));
    // Another openid's is its own.
    let other = Device::without_counter("other key");
    server.register("bob", &other).await;
    assert_eq!(server.verify("bob", &other.result("订单 17")).await, ok());
}

async fn a_backends_own_challenge_may_begin_like_an_issued_one(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::new("key"));
    server.register("alice", &device).await;
    assert_eq!(server.verify("alice", &device.result("soter-order-17")).await, ok());
}

/// What is between the check of a result and its acceptance, done slowly.
async fn a_key_is_removed_before_or_after_a_result_of_it_is_accepted(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::without_counter("key"));
    server.register("alice", &device).await;
    let (store, alice) = (&server.service.store, Owner::new("", "alice"));
    let locked = store.lock_key(store.turn(&alice).await, b"key").await.unwrap().unwrap();
    let result = acceptance(&alice, locked.key(), "17");
    let removing = tokio::spawn({
        let (store, alice) = (store.clone(), alice.clone());
        async move { store.remove_key(&alice, b"key").await.unwrap() }
    });
    // Another openid's do not wait for it.
    assert_eq!(store.count_keys(&Owner::new("", "bob")).await.unwrap(), 0);
    assert!(!removing.is_finished());
    assert_eq!(locked.accept(result).await.unwrap(), Accepted::Accepted);
    assert!(removing.await.unwrap());
    assert!(store.lock_key(store.turn(&alice).await, b"key").await.unwrap().is_none());
}

fn acceptance(owner: &Owner, key: &StoredKey, challenge: &str) -> Acceptance {
    Acceptance {
        owner: owner.clone(),
        before: key.record.clone(),
        after: key.record.clone(),
        challenge: Challenge::of(challenge),
        keep_for: None,
    }
}

async fn a_backends_own_challenge_registers_only_if_the_backend_names_it(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::new("key"));
    let body = |challenge: Option<&str>| json!({ "openid": "alice", "registration": device.registration("17"), "challenge": challenge });
    assert_eq!(server.post("register_key", &body(None)).await, no("challenge-unknown"));
    assert_eq!(server.post("register_key", &body(Some("18"))).await, no("challenge-mismatch"));
    assert_eq!(server.post("register_key", &body(Some("soter-17"))).await, no("challenge-mismatch"));
    assert_eq!(server.post("register_key", &body(Some("17"))).await, registered(&device));
    assert_eq!(server.verify("alice", &device.result("17")).await, ok());
}

async fn only_issued_challenges_where_that_is_set(database: Database) {
    let server = Server::with(&database, &["--challenges", "issued"]).await;
    let device = Device::new("key");
    let body = json!({ "openid": "alice", "registration": device.registration("17"), "challenge": "17" });
    assert_eq!(server.post("register_key", &body).await, no("challenge-unknown"));
    server.register("alice", &device).await;
    assert_eq!(server.verify("alice", &device.result("17")).await, no("challenge-unknown"));
    assert_eq!(server.verify("alice", &device.result(&server.challenge("alice").await)).await, ok());
}

async fn an_edited_result_is_refused_and_the_true_one_still_holds(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::new("key"));
    server.register("alice", &device).await;
    let challenge = server.challenge("alice").await;
    let result = device.result(&challenge);
    let edited = |edit: &dyn Fn(&mut Value)| {
        let mut json = result.json.clone();
        edit(&mut json);
        Made { json, ..result.clone() }
    };
    let other = device.result(&challenge);
    let cases: [(&str, Made); 8] = [
        ("challenge-mismatch", edited(&|json| json["raw"] = "another".into())),
        ("result-counter-mismatch", edited(&|json| json["counter"] = 99.into())),
        ("result-key-mismatch", edited(&|json| json["cpu_id"] = "AAAA".into())),
        ("result-malformed", edited(&|json| json["more"] = 1.into())),
        ("result-malformed", edited(&|json| json["counter"] = "1".into())),
        ("signature-invalid", Made { signature: other.signature.clone(), ..result.clone() }),
        (
            "signature-invalid",
            edited(&|json| {
                json["webauthn"]["authenticatorData"] = other.json["webauthn"]["authenticatorData"].clone();
                json["counter"] = other.json["counter"].clone();
            }),
        ),
        ("result-signature-malformed", Made { signature: "!".into(), ..result.clone() }),
    ];
    for (reason, case) in cases {
        assert_eq!(server.verify("alice", &case).await, no(reason));
    }
    assert_eq!(server.verify("alice", &result).await, ok());
}

async fn a_result_of_another_page_or_without_verification_is_refused(database: Database) {
    type Spoil = fn(Device) -> Device;
    let server = Server::start(&database).await;
    let spoiled: [(&str, Spoil); 6] = [
        ("origin-not-allowed", |device| Device { origin: "https://evil.example", ..device }),
        ("rp-id-mismatch", |device| Device { rp_id: "evil.example", ..device }),
        ("user-not-verified", |device| Device { flags: 0x01, ..device }),
        ("user-not-present", |device| Device { flags: 0x04, ..device }),
        ("backup-eligibility-changed", |device| Device { flags: 0x0d, ..device }),
        ("credential-unknown", |device| Device { credential_id: b"no key of hers".to_vec(), ..device }),
    ];
    for (reason, spoil) in spoiled {
        let key = format!("key, {reason}");
        server.register("alice", &Device::new(&key)).await;
        let challenge = server.challenge("alice").await;
        let spoiled = spoil(Device::new(&key)).result(&challenge);
        assert_eq!(server.verify("alice", &spoiled).await, no(reason));
        assert_eq!(server.verify("alice", &Device::new(&key).result(&challenge)).await, ok(), "{reason}");
    }
}

async fn a_registration_is_verified(database: Database) {
    let server = Server::start(&database).await;
    let register = async |openid: &str, device: &Device| {
        let registration = device.registration(&server.challenge(openid).await);
        server.post("register_key", &json!({ "openid": openid, "registration": registration })).await
    };
    for (reason, device) in [
        ("origin-not-allowed", Device { origin: "https://evil.example", ..Device::new("key") }),
        ("rp-id-mismatch", Device { rp_id: "evil.example", ..Device::new("key") }),
        ("user-not-verified", Device { flags: 0x01, ..Device::new("key") }),
        ("attestation-format-unsupported", Device { format: "other", ..Device::new("key") }),
    ] {
        assert_eq!(register("alice", &device).await, no(reason));
    }
    let device = Device::new("key");
    assert_eq!(register("alice", &device).await, registered(&device));
    for openid in ["alice", "bob"] {
        assert_eq!(register(openid, &Device::new("key")).await, no("credential-registered"));
    }
    // As a JSON text, too.
    let other = Device::new("other key");
    let registration = other.registration(&server.challenge("bob").await).to_string();
    let body = json!({ "openid": "bob", "registration": registration });
    assert_eq!(server.post("register_key", &body).await, registered(&other));
}

async fn a_counter_must_grow(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::new("key"));
    server.register("alice", &device).await;
    let early = device.result(&server.challenge("alice").await);
    let late = device.result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &late).await, ok());
    assert_eq!(server.verify("alice", &early).await, no("sign-count-not-increased"));
    let reset = Device::without_counter("key").result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &reset).await, no("sign-count-not-increased"));
}

async fn a_counter_may_be_reported_only(database: Database) {
    let server = Server::with(&database, &["--counter", "report"]).await;
    let device = Device::new("key");
    server.register("alice", &device).await;
    let early = device.result(&server.challenge("alice").await);
    let late = device.result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &late).await, ok());
    assert_eq!(server.verify("alice", &early).await, ok());
    assert_eq!(server.verify("alice", &early).await, no("challenge-used"));
}

async fn a_counter_that_is_not_kept_says_nothing(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::without_counter("key"));
    server.register("alice", &device).await;
    for _ in 0..3 {
        let result = device.result(&server.challenge("alice").await);
        assert_eq!(server.verify("alice", &result).await, ok());
    }
}

async fn the_user_handle_is_compared_where_it_is_known(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::new("key"));
    let body =
        |uid: &str, registration| json!({ "openid": "alice", "registration": registration, "uid": uid });
    let registration = device.registration(&server.challenge("alice").await);
    let answer = server.post("register_key", &body("not base64url!", registration.clone())).await;
    assert_eq!(answer, error(47001, "data format error"));
    let uid = parts::base64url(&device.uid);
    assert_eq!(server.post("register_key", &body(&uid, registration)).await, registered(&device));
    assert_eq!(server.verify("alice", &device.result(&server.challenge("alice").await)).await, ok());
    let other = Device { uid: b"somebody else".to_vec(), ..device };
    let result = other.result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &result).await, no("user-handle-mismatch"));
}

async fn an_openid_may_have_several_keys(database: Database) {
    let server = Server::start(&database).await;
    let devices = [Device::new("phone"), Device::new("laptop")];
    for device in &devices {
        server.register("alice", device).await;
    }
    for device in &devices {
        assert_eq!(server.verify("alice", &device.result(&server.challenge("alice").await)).await, ok());
    }
}

async fn an_openid_has_at_most_a_hundred_keys(database: Database) {
    let server = Server::start(&database).await;
    for number in 0..100 {
        server.register("alice", &Device::new(&format!("key {number}"))).await;
    }
    let registration = Device::new("one more").registration(&server.challenge("alice").await);
    let body = json!({ "openid": "alice", "registration": registration });
    assert_eq!(server.post("register_key", &body).await, no("too-many-keys"));
}

async fn a_removed_key_verifies_nothing(database: Database) {
    let server = Server::start(&database).await;
    let (phone, laptop) = (Device::new("phone"), Device::new("laptop"));
    server.register("alice", &phone).await;
    server.register("alice", &laptop).await;
    let result = phone.result(&server.challenge("alice").await);
    let remove = |openid: &str| json!({ "openid": openid, "cpu_id": parts::base64url(b"phone") });
    assert_eq!(server.post("remove_key", &remove("bob")).await, error(40003, "invalid openid"));
    assert_eq!(server.post("remove_key", &remove("alice")).await, ok());
    assert_eq!(server.post("remove_key", &remove("alice")).await, no("credential-unknown"));
    assert_eq!(server.verify("alice", &result).await, no("credential-unknown"));
    assert_eq!(server.post("remove_key", &json!({ "openid": "alice", "all": true })).await, ok());
    assert_eq!(
        server.post("remove_key", &json!({ "openid": "alice", "all": true })).await,
        error(40003, "invalid openid")
    );
}

async fn an_openid_without_keys_is_unknown(database: Database) {
    let (server, device) = (Server::start(&database).await, Device::new("key"));
    server.register("alice", &device).await;
    let result = device.result(&server.challenge("bob").await);
    assert_eq!(server.verify("bob", &result).await, error(40003, "invalid openid"));
}

async fn fetched_tokens_are_good_for_two_hours(database: Database) {
    let app = format!("wx1234:{}", Hash::of("the secret").to_hex());
    let server = Server::with(&database, &["--app", &app]).await;
    let get = async |query: &str| -> Value {
        let response = reqwest::get(server.url(&format!("/cgi-bin/token?{query}"))).await.unwrap();
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    };
    let invalid = [
        ("appid=wx1234&secret=the%20secret", error(40002, "invalid grant_type")),
        ("grant_type=client_credential&secret=x", error(41002, "appid missing")),
        ("grant_type=client_credential&appid=wx1234", error(41004, "appsecret missing")),
        ("grant_type=client_credential&appid=wx0&secret=x", error(40013, "invalid appid")),
        ("grant_type=client_credential&appid=wx1234&secret=x", error(40125, "invalid appsecret")),
    ];
    for (query, answer) in invalid {
        assert_eq!(get(query).await, answer);
    }
    let fetched = get("grant_type=client_credential&appid=wx1234&secret=the%20secret").await;
    assert_eq!(fetched["expires_in"], 7200);
    let stable = json!({ "grant_type": "client_credential", "appid": "wx1234", "secret": "the secret" });
    let client = reqwest::Client::new();
    let stable: Value = client
        .post(server.url("/cgi-bin/stable_token"))
        .json(&stable)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let call = async |token: &Value| -> Value {
        let token = token.as_str().unwrap();
        let url = server.url(&format!("/cgi-bin/soter/get_challenge?access_token={token}"));
        client.post(url).body(r#"{"openid":"alice"}"#).send().await.unwrap().json().await.unwrap()
    };
    described::check("/cgi-bin/token", "get", &fetched);
    described::check("/cgi-bin/stable_token", "post", &stable);
    for token in [&fetched["access_token"], &stable["access_token"], &TOKEN.into()] {
        assert_eq!(call(token).await["errcode"], 0);
    }
    let unknown = error(40001, "invalid credential, access_token is invalid or not latest");
    let alice = json!({ "openid": "alice" });
    // Another instance knows it, too, until it is swept away.
    for (passed, errcode) in [(3600, 0), (3601, 42001)] {
        let_time_pass(&database, passed).await;
        let other = Server::with(&database, &["--app", &app]).await;
        let answer = other.post_with(fetched["access_token"].as_str().unwrap(), "get_challenge", &alice);
        assert_eq!(answer.await["errcode"], errcode);
    }
    // With another secret the tokens of the old one are worth nothing.
    let renewed = format!("wx1234:{}", Hash::of("another secret").to_hex());
    let renewed = Server::with(&database, &["--app", &renewed]).await;
    let answer = renewed.post_with(stable["access_token"].as_str().unwrap(), "get_challenge", &alice);
    assert_eq!(answer.await, unknown);
    // The form of a token is not enough.
    let (first, second) =
        (fetched["access_token"].as_str().unwrap(), stable["access_token"].as_str().unwrap());
    let mixed = format!("{}{}", &first[..43], &second[43..]);
    assert_eq!(call(&mixed.into()).await, unknown);
    assert_eq!(call(&"".into()).await, error(41001, "access_token missing"));
    assert_eq!(call(&"x".into()).await, unknown);
}

async fn what_was_kept_is_there_for_the_next_instance(database: Database) {
    let device = Device::new("key");
    let (challenge, used) = {
        let server = Server::start(&database).await;
        server.register("alice", &device).await;
        let used = device.result(&server.challenge("alice").await);
        assert_eq!(server.verify("alice", &used).await, ok());
        (server.challenge("alice").await, used)
    };
    let server = Server::start(&database).await;
    assert_eq!(server.verify("alice", &used).await, no("challenge-used"));
    assert_eq!(server.verify("alice", &device.result(&challenge)).await, ok());
}
