//! One host for both worlds: results of mini programs are checked by WeChat, those of the web here.

use crate::common;

use common::process::Process;
use common::wechat::{APPID, Behaviour, PhoneResult, SECRET, WeChat};
use common::{
    Database, Device, Made, ORIGIN, PATIENCE, Server, TOKEN, error, let_time_pass, no, ok, on_both, parts,
    until,
};
use futures_util::future::join_all;
use serde_json::{Value, json};
use soter_server::secret::{Hash, Secret};
use soter_server::settings::UpstreamApp;
use soter_server::upstream::app::App;
use soter_server::upstream::client::HttpClient;
use soter_server::upstream::failure::Failure;
use std::collections::HashMap;
use std::fs;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

on_both! {
    each_result_is_checked_by_whom_it_is_for,
    a_result_is_accepted_once_whatever_wechat_says,
    one_of_a_hundred_submissions_to_two_instances_is_accepted,
    a_challenge_is_for_its_openid_and_for_its_time,
    a_backends_own_challenge_is_good_once,
    a_challenge_is_good_for_one_result_of_either_world,
    what_does_not_hold_spends_nothing,
    a_result_of_one_world_dressed_as_the_others_is_refused,
    a_refused_token_is_replaced_once,
    a_token_is_fetched_again_before_its_end,
    instances_use_one_token,
    wechats_own_errors_are_told_or_logged,
    what_is_no_verdict_is_never_a_yes,
    a_silent_wechat_is_no_yes,
    a_silent_wechat_leaves_room_for_the_web,
    without_an_upstream_such_results_are_refused,
    an_app_without_a_secret_at_wechat_has_none_of_anothers,
    limits_hold,
    the_log_the_metrics_and_the_audit_tell_and_no_secret_is_in_them,
}

async fn start(database: &Database, wechat: &WeChat, options: &[&str]) -> Server {
    let upstream = wechat.options();
    let upstream = upstream.iter().map(String::as_str);
    Server::with(database, &upstream.chain(options.iter().copied()).collect::<Vec<_>>()).await
}

async fn verify(server: &Server, openid: &str, result: &PhoneResult) -> Value {
    server.post("verify_signature", &result.body(openid)).await
}

fn by(judge: &str, mut answer: Value) -> Value {
    answer["by"] = judge.into();
    answer
}

fn no_verdict() -> Value {
    error(-1, "system error: no verdict of WeChat")
}

async fn each_result_is_checked_by_whom_it_is_for(database: Database) {
    let wechat = WeChat::start().await;
    let (server, device) = (start(&database, &wechat, &[]).await, Device::new("key"));
    server.register("alice", &device).await;
    let of_web = device.result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &of_web).await, by("webauthn", ok()));
    assert_eq!(server.verify("alice", &of_web).await, by("webauthn", no("challenge-used")));
    assert_eq!(wechat.asked(), [0, 0]);

    for make in [PhoneResult::of_iphone, PhoneResult::of_android] {
        let result = make("alice", &server.challenge("alice").await);
        assert_eq!(verify(&server, "alice", &result).await, by("wechat", ok()));
        // The very same fields, and nothing else.
        assert_eq!(wechat.last(), (wechat.token(), result.body("alice")));
    }
    assert_eq!(wechat.asked(), [1, 2]);
    // What is about no result has nobody who checked one.
    assert_eq!(server.post("remove_key", &json!({ "openid": "alice", "all": true })).await, ok());
}

async fn a_result_is_accepted_once_whatever_wechat_says(database: Database) {
    let wechat = WeChat::start().await;
    let server = start(&database, &wechat, &["--challenges", "issued"]).await;
    let result = PhoneResult::of_iphone("alice", &server.challenge("alice").await);
    assert_eq!(verify(&server, "alice", &result).await, by("wechat", ok()));
    let used = by("wechat", no("challenge-used"));
    assert_eq!(verify(&server, "alice", &result).await, used);
    // Another one for the same challenge is no other.
    let again = PhoneResult::of_android("alice", &raw(&result));
    assert_eq!(verify(&server, "alice", &again).await, used);
    wechat.says(r#"{"errcode":0,"errmsg":"ok","is_ok":true}"#);
    assert_eq!(verify(&server, "alice", &result).await, used);
    // It takes nothing of the app's quota.
    assert_eq!(wechat.asked(), [1, 1]);
    drop(server);
    let server = start(&database, &wechat, &["--challenges", "issued"]).await;
    assert_eq!(verify(&server, "alice", &result).await, used);
    let_time_pass(&database, 301).await;
    let answer = verify(&server, "alice", &result).await;
    assert!(answer["is_ok"] == false && answer["by"] == "wechat", "{answer}");
}

/// The challenge of a result.
fn raw(result: &PhoneResult) -> String {
    serde_json::from_str::<Value>(&result.json).unwrap()["raw"].as_str().unwrap().to_owned()
}

async fn one_of_a_hundred_submissions_to_two_instances_is_accepted(database: Database) {
    let wechat = WeChat::start().await;
    let servers = [start(&database, &wechat, &[]).await, start(&database, &wechat, &[]).await];
    for challenge in [servers[0].challenge("alice").await, "a backend's own".to_owned()] {
        let result = PhoneResult::of_iphone("alice", &challenge);
        let submissions = (0..100).map(|number| verify(&servers[number % 2], "alice", &result));
        let answers = join_all(submissions).await;
        let mut count: HashMap<String, usize> = HashMap::new();
        for answer in answers {
            *count.entry(answer.to_string()).or_default() += 1;
        }
        let used = by("wechat", no("challenge-used")).to_string();
        assert_eq!(count, HashMap::from([(by("wechat", ok()).to_string(), 1), (used, 99)]));
    }
}

async fn a_challenge_is_for_its_openid_and_for_its_time(database: Database) {
    let wechat = WeChat::start().await;
    let server = start(&database, &wechat, &[]).await;
    let challenge = server.challenge("alice").await;
    let of_bob = PhoneResult::of_iphone("bob", &challenge);
    assert_eq!(verify(&server, "bob", &of_bob).await, by("wechat", no("challenge-unknown")));
    let of_alice = PhoneResult::of_iphone("alice", &challenge);
    assert_eq!(verify(&server, "alice", &of_alice).await, by("wechat", ok()));
    let late = PhoneResult::of_iphone("alice", &server.challenge("alice").await);
    let_time_pass(&database, 301).await;
    assert_eq!(verify(&server, "alice", &late).await, by("wechat", no("challenge-expired")));
    let made_up = format!("soter-{}", parts::base64url(&[7; 32]));
    let made_up = PhoneResult::of_iphone("alice", &made_up);
    assert_eq!(verify(&server, "alice", &made_up).await, by("wechat", no("challenge-unknown")));
    // What could not be accepted takes nothing of the app's quota.
    assert_eq!(wechat.asked(), [1, 1]);
}

async fn a_backends_own_challenge_is_good_once(database: Database) {
    let wechat = WeChat::start().await;
    let result = PhoneResult::of_android("alice", "order 17, \"quoted\"");
    let issued = start(&database, &wechat, &["--challenges", "issued"]).await;
    assert_eq!(verify(&issued, "alice", &result).await, by("wechat", no("challenge-unknown")));
    assert_eq!(wechat.asked(), [0, 0]);
    drop(issued);
    let server = start(&database, &wechat, &["--forget-after-days", "2"]).await;
    assert_eq!(verify(&server, "alice", &result).await, by("wechat", ok()));
    let_time_pass(&database, 47 * 3600).await;
    server.service.store.sweep().await.unwrap();
    assert_eq!(verify(&server, "alice", &result).await, by("wechat", no("challenge-used")));
    // As long as it is remembered: from then on the backend has to know, as with WeChat alone.
    let_time_pass(&database, 3601).await;
    server.service.store.sweep().await.unwrap();
    assert_eq!(verify(&server, "alice", &result).await, by("wechat", ok()));
}

async fn a_challenge_is_good_for_one_result_of_either_world(database: Database) {
    let wechat = WeChat::start().await;
    let (server, device) = (start(&database, &wechat, &[]).await, Device::without_counter("key"));
    server.register("alice", &device).await;
    for challenge in [server.challenge("alice").await, "own".to_owned()] {
        let (of_web, of_phone) = (device.result(&challenge), PhoneResult::of_iphone("alice", &challenge));
        assert_eq!(verify(&server, "alice", &of_phone).await, by("wechat", ok()));
        assert_eq!(server.verify("alice", &of_web).await, by("webauthn", no("challenge-used")));
    }
    for challenge in [server.challenge("alice").await, "another of its own".to_owned()] {
        let (of_web, of_phone) = (device.result(&challenge), PhoneResult::of_iphone("alice", &challenge));
        assert_eq!(server.verify("alice", &of_web).await, by("webauthn", ok()));
        assert_eq!(verify(&server, "alice", &of_phone).await, by("wechat", no("challenge-used")));
    }
}

async fn what_does_not_hold_spends_nothing(database: Database) {
    let wechat = WeChat::start().await;
    let server = start(&database, &wechat, &[]).await;
    let result = PhoneResult::of_android("alice", &server.challenge("alice").await);
    let refused = by("wechat", no("refused-by-wechat"));
    let edited = PhoneResult { json: result.json.replace("246", "247"), ..result.clone() };
    assert_eq!(verify(&server, "alice", &edited).await, refused);
    let unspaced = PhoneResult { json: result.json.trim().to_owned(), ..result.clone() };
    assert_eq!(verify(&server, "alice", &unspaced).await, refused);
    let unsigned = PhoneResult { signature: "AAAA".to_owned(), ..result.clone() };
    assert_eq!(verify(&server, "alice", &unsigned).await, refused);
    wechat.says(r#"{"is_ok":false}"#);
    assert_eq!(verify(&server, "alice", &result).await, refused);
    wechat.answers(Behaviour::Usual);
    assert_eq!(verify(&server, "alice", &result).await, by("wechat", ok()));
}

async fn a_result_of_one_world_dressed_as_the_others_is_refused(database: Database) {
    let wechat = WeChat::start().await;
    let (server, device) = (start(&database, &wechat, &[]).await, Device::new("key"));
    server.register("alice", &device).await;
    let challenge = server.challenge("alice").await;
    let good = device.result(&challenge);
    let phone = PhoneResult::of_android("alice", &challenge);
    // Whatever it is asked, it would say yes.
    wechat.says(r#"{"errcode":0,"errmsg":"ok","is_ok":true}"#);
    let webauthn = good.json["webauthn"].to_string();
    let mut dressed = Vec::new();
    for member in [
        "null".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        "\"\"".to_owned(),
        "false".to_owned(),
        "0".to_owned(),
        webauthn.clone(),
        format!("{webauthn},\"webauthn\":{webauthn}"),
        format!("null,\"webauthn\":{webauthn}"),
        format!("{webauthn},\"\\u0077ebauthn\":null"),
    ] {
        // Real members of SOTER's before it and after it.
        dressed.push(phone.json.replacen('{', &format!("{{\"webauthn\":{member},"), 1));
        dressed.push(phone.json.replacen('}', &format!(",\"webauthn\":{member}}}"), 1));
        let iphone = PhoneResult::of_iphone("alice", &challenge).json;
        dressed.push(iphone.replacen('}', &format!(",\"webauthn\":{member}}}"), 1));
    }
    // Of the web, and WeChat's members or two of the same beside it.
    let text = good.json.to_string();
    for member in ["\"fid\":\"2313170\"", "\"tee_n\":\"t-base\"", "\"raw\":\"another\"", "\"webauthn\":null"]
    {
        dressed.push(text.replacen('{', &format!("{{{member},"), 1));
    }
    for json in dressed {
        for signature in [&good.signature, &phone.signature] {
            let body = json!({ "openid": "alice", "json_string": json, "json_signature": signature });
            let answer = server.post("verify_signature", &body).await;
            // An iPhone's members with the web's own among them may be of the right form, and are another key's.
            assert_eq!((&answer["is_ok"], &answer["by"]), (&json!(false), &json!("webauthn")), "{json}");
            assert!(
                ["result-malformed", "result-key-mismatch"].contains(&answer["reason"].as_str().unwrap()),
                "{json}: {answer}"
            );
        }
    }
    // Two challenges: one that WeChat may look at and one that we would.
    let twice = phone.json.replacen('{', "{\"raw\":\"another\",", 1);
    let body = json!({ "openid": "alice", "json_string": twice, "json_signature": phone.signature });
    assert_eq!(server.post("verify_signature", &body).await, by("webauthn", no("result-malformed")));
    let large = format!("{{\"raw\":{},\"more\":\"{}\"}}", Value::from(challenge), "x".repeat(17_000));
    let body = json!({ "openid": "alice", "json_string": large, "json_signature": phone.signature });
    assert_eq!(server.post("verify_signature", &body).await, by("wechat", no("result-too-large")));
    assert_eq!(wechat.asked(), [0, 0]);

    // Undressed, it is one that WeChat has not made.
    wechat.answers(Behaviour::Usual);
    let mut undressed = good.clone();
    undressed.json.as_object_mut().unwrap().remove("webauthn");
    assert_eq!(server.verify("alice", &undressed).await, by("wechat", no("refused-by-wechat")));
    // And a result of WeChat's confirms no further key.
    let mut registration = phone.body("alice");
    registration["registration"] = Device::new("further").registration(&server.challenge("alice").await);
    let answer = server.post("register_key", &registration).await;
    assert_eq!(
        (&answer["is_ok"], &answer["reason"]),
        (&json!(false), &json!("result-malformed")),
        "{answer}"
    );
    // All that has spent nothing.
    assert_eq!(server.verify("alice", &good).await, by("webauthn", ok()));
}

async fn a_refused_token_is_replaced_once(database: Database) {
    let wechat = WeChat::start().await;
    let server = start(&database, &wechat, &[]).await;
    let fresh = async || PhoneResult::of_iphone("alice", &server.challenge("alice").await);
    assert_eq!(verify(&server, "alice", &fresh().await).await, by("wechat", ok()));
    assert_eq!(wechat.asked(), [1, 1]);
    wechat.renew_token();
    assert_eq!(verify(&server, "alice", &fresh().await).await, by("wechat", ok()));
    assert_eq!(wechat.asked(), [2, 3]);
    assert_eq!(wechat.last().0, wechat.token());

    // What another token does not help, a third does not either.
    for code in [40001, 42001, 40014] {
        let [tokens, verdicts] = wechat.asked();
        wechat.says(json!({ "errcode": code, "errmsg": "…" }));
        let result = fresh().await;
        assert_eq!(verify(&server, "alice", &result).await, no_verdict());
        assert_eq!(wechat.asked(), [tokens + 1, verdicts + 2]);
        wechat.answers(Behaviour::Usual);
        assert_eq!(verify(&server, "alice", &result).await, by("wechat", ok()));
        assert_eq!(wechat.asked(), [tokens + 1, verdicts + 3]);
    }
    // Many whose token ends at once ask for one.
    wechat.renew_token();
    let [tokens, _] = wechat.asked();
    let results = join_all((0..20).map(|_| fresh())).await;
    let answers = join_all(results.iter().map(|result| verify(&server, "alice", result))).await;
    assert!(answers.iter().all(|answer| *answer == by("wechat", ok())), "{answers:?}");
    assert_eq!(wechat.asked()[0], tokens + 1);
}

async fn a_token_is_fetched_again_before_its_end(database: Database) {
    let wechat = WeChat::start().await;
    let server = start(&database, &wechat, &[]).await;
    let check = async || {
        let result = PhoneResult::of_iphone("alice", &server.challenge("alice").await);
        assert_eq!(verify(&server, "alice", &result).await, by("wechat", ok()));
    };
    // Soon over, as WeChat's may be for anybody who asks at a bad time: within four minutes of its end it is not kept.
    wechat.set_token_lifetime(240);
    check().await;
    check().await;
    assert_eq!(wechat.asked(), [2, 2]);
    wechat.set_token_lifetime(7200);
    check().await;
    check().await;
    assert_eq!(wechat.asked(), [3, 4]);
    // However the clock is set.
    server.clock.forward(7200);
    check().await;
    assert_eq!(wechat.asked(), [3, 5]);
}

/// WeChat gives all who ask the same one, so that nobody's ends another's.
async fn instances_use_one_token(database: Database) {
    let wechat = WeChat::start().await;
    let servers = [start(&database, &wechat, &[]).await, start(&database, &wechat, &[]).await];
    for _ in 0..3 {
        for server in &servers {
            let result = PhoneResult::of_iphone("alice", &server.challenge("alice").await);
            assert_eq!(verify(server, "alice", &result).await, by("wechat", ok()));
        }
    }
    assert_eq!(wechat.asked(), [2, 6]);
}

async fn wechats_own_errors_are_told_or_logged(database: Database) {
    let wechat = WeChat::start().await;
    let server = start(&database, &wechat, &[]).await;
    let result = PhoneResult::of_iphone("alice", &server.challenge("alice").await);
    let quota = || error(45009, "reach max api daily quota limit");
    let often = || error(45011, "api minute-quota reach limit, must slower, retry next minute");
    for (code, answer) in [
        (45009, quota()),
        (45011, often()),
        (40003, error(40003, "invalid openid")),
        (-1, no_verdict()),
        (48001, no_verdict()),
        (47001, no_verdict()),
        (123_456_789_012_i64, no_verdict()),
    ] {
        wechat.says(json!({ "errcode": code, "errmsg": SECRET, "is_ok": true }));
        assert_eq!(verify(&server, "alice", &result).await, answer, "{code}");
    }
    assert_eq!(wechat.asked(), [1, 7]);
    wechat.answers(Behaviour::Usual);
    let nobody = PhoneResult::of_iphone("nobody", "17");
    assert_eq!(verify(&server, "nobody", &nobody).await, error(40003, "invalid openid"));
    // None of them has spent anything.
    assert_eq!(verify(&server, "alice", &result).await, by("wechat", ok()));

    // And where there is no token.
    let result = PhoneResult::of_iphone("alice", &server.challenge("alice").await);
    for (code, answer) in
        [(45009, quota()), (40125, no_verdict()), (40164, no_verdict()), (40001, no_verdict())]
    {
        let [tokens, verdicts] = wechat.asked();
        let errors = json!({ "errcode": code, "errmsg": SECRET });
        wechat.gives_tokens(Behaviour::Says(200, errors.to_string()));
        // One that has just started waits for nothing before it asks.
        let server = start(&database, &wechat, &[]).await;
        assert_eq!(verify(&server, "alice", &result).await, answer, "{code}");
        assert_eq!(wechat.asked(), [tokens + 1, verdicts]);
    }
    wechat.gives_tokens(Behaviour::Usual);
    assert_eq!(verify(&server, "alice", &result).await, by("wechat", ok()));
}

async fn what_is_no_verdict_is_never_a_yes(database: Database) {
    let wechat = WeChat::start().await;
    let server = start(&database, &wechat, &[]).await;
    let result = PhoneResult::of_iphone("alice", &server.challenge("alice").await);
    let yes = r#"{"errcode":0,"errmsg":"ok","is_ok":true}"#;
    for behaviour in [
        Behaviour::Says(200, String::new()),
        Behaviour::Says(200, "true".to_owned()),
        Behaviour::Says(200, "<html>502</html>".to_owned()),
        Behaviour::Says(200, format!("[{yes}]")),
        Behaviour::Says(200, r#"{"is_ok":true}"#.to_owned()),
        Behaviour::Says(200, r#"{"errcode":0,"errmsg":"ok"}"#.to_owned()),
        Behaviour::Says(200, r#"{"errcode":0,"is_ok":"true"}"#.to_owned()),
        Behaviour::Says(200, r#"{"errcode":0,"is_ok":false,"is_ok":true}"#.to_owned()),
        Behaviour::Says(500, yes.to_owned()),
        Behaviour::Says(201, yes.to_owned()),
        Behaviour::Says(404, yes.to_owned()),
        Behaviour::Redirects,
        Behaviour::Long(64 * 1024),
        Behaviour::HangsUp,
    ] {
        wechat.answers(behaviour.clone());
        assert_eq!(verify(&server, "alice", &result).await, no_verdict(), "{behaviour:?}");
    }
    wechat.answers(Behaviour::Long(16 * 1024));
    assert_eq!(verify(&server, "alice", &result).await, by("wechat", ok()));
    wechat.asked();
    // No token is no yes either.
    let result = PhoneResult::of_iphone("alice", &server.challenge("alice").await);
    let token = r#"{"access_token":"x","expires_in":7200}"#;
    for behaviour in [
        Behaviour::Says(200, yes.to_owned()),
        Behaviour::Says(200, r#"{"access_token":"","expires_in":7200}"#.to_owned()),
        Behaviour::Says(500, token.to_owned()),
        Behaviour::Redirects,
        Behaviour::Long(64 * 1024),
        Behaviour::HangsUp,
    ] {
        wechat.gives_tokens(behaviour.clone());
        let server = start(&database, &wechat, &[]).await;
        assert_eq!(verify(&server, "alice", &result).await, no_verdict(), "{behaviour:?}");
    }
    let server = start(&database, &wechat, &[]).await;
    // Nobody is there any more.
    let origin = wechat.origin.clone();
    drop(wechat);
    until("the end of the listener", async || reqwest::get(&origin).await.is_err()).await;
    assert_eq!(verify(&server, "alice", &result).await, no_verdict());
    // Those of the web do not mind.
    let device = Device::new("key");
    server.register("alice", &device).await;
    let of_web = device.result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &of_web).await, by("webauthn", ok()));
}

async fn a_silent_wechat_is_no_yes(database: Database) {
    let wechat = WeChat::start().await;
    for behaviour in [WeChat::answers, WeChat::gives_tokens] {
        let server = start(&database, &wechat, &["--timeout-seconds", "1"]).await;
        behaviour(&wechat, Behaviour::Silent);
        let answer = verify(&server, "alice", &PhoneResult::of_iphone("alice", "17")).await;
        // A slow machine may have no time left to say whose fault it was.
        assert!(answer["errcode"] == -1 && answer.get("is_ok").is_none(), "{answer}");
    }
}

async fn a_silent_wechat_leaves_room_for_the_web(database: Database) {
    let wechat = WeChat::start().await;
    // Half of them may wait for WeChat. None gives up before the test has ended.
    let server = start(&database, &wechat, &["--max-clients", "4", "--timeout-seconds", "600"]).await;
    let device = Device::new("key");
    server.register("alice", &device).await;
    wechat.answers(Behaviour::Silent);
    let results: Vec<_> = (0..4).map(|number| PhoneResult::of_iphone("alice", &number.to_string())).collect();
    let waiting = join_all(results[..2].iter().map(|result| verify(&server, "alice", result)));
    let others = async {
        until("two that wait", async || wechat.asked() == [1, 2]).await;
        for result in &results[2..] {
            assert_eq!(verify(&server, "alice", result).await, no_verdict());
        }
        assert_eq!(wechat.asked(), [1, 2]);
        let of_web = device.result(&server.challenge("alice").await);
        assert_eq!(server.verify("alice", &of_web).await, by("webauthn", ok()));
    };
    tokio::select! {
        _ = waiting => panic!("WeChat is silent"),
        () = others => {}
    }
    // Whoever hangs up makes room.
    wechat.answers(Behaviour::Usual);
    until("room", async || verify(&server, "alice", &results[2]).await == by("wechat", ok())).await;
}

/// Whatever the call's own time is.
#[tokio::test]
async fn wechat_has_a_time_of_its_own() {
    let wechat = WeChat::start().await;
    let app = UpstreamApp { appid: APPID.to_owned(), secret: Secret::new(SECRET.to_owned()) };
    let limit = Duration::from_millis(200);
    let client = Arc::new(HttpClient::new(&wechat.origin, limit).unwrap());
    let room = Arc::new(Semaphore::new(1));
    for behaviour in [WeChat::answers, WeChat::gives_tokens] {
        behaviour(&wechat, Behaviour::Silent);
        let app = App::new(&app, client.clone(), room.clone(), limit);
        assert_eq!(app.verify("alice", "{}", "AAAA").await, Err(Failure::Timeout));
    }
}

async fn without_an_upstream_such_results_are_refused(database: Database) {
    let server = Server::start(&database).await;
    for result in [PhoneResult::of_iphone("alice", "17"), PhoneResult::of_android("alice", "17")] {
        assert_eq!(verify(&server, "alice", &result).await, no("soter-upstream-not-set"));
    }
    // And nothing says by whom: there is one who checks.
    let device = Device::new("key");
    server.register("alice", &device).await;
    assert_eq!(server.verify("alice", &device.result("17")).await, ok());
}

async fn an_app_without_a_secret_at_wechat_has_none_of_anothers(database: Database) {
    let wechat = WeChat::start().await;
    let other = format!("wx2:{}", Hash::of("token-of-wx2").to_hex());
    let server = start(&database, &wechat, &["--access-token-hash", &other]).await;
    let body = PhoneResult::of_iphone("alice", "17").body("alice");
    let refused = by("wechat", no("soter-upstream-not-set"));
    assert_eq!(server.post_with("token-of-wx2", "verify_signature", &body).await, refused);
    assert_eq!(wechat.asked(), [0, 0]);
    assert_eq!(server.post("verify_signature", &body).await, by("wechat", ok()));
    // An app that fetches its tokens here, with the secret that it has at WeChat.
    let of_app = format!("{APPID}:{}", Hash::of(SECRET).to_hex());
    let server = start(&database, &wechat, &["--app", &of_app]).await;
    let query = format!("grant_type=client_credential&appid={APPID}&secret={SECRET}");
    let fetched: Value =
        reqwest::get(server.url(&format!("/cgi-bin/token?{query}"))).await.unwrap().json().await.unwrap();
    let body = PhoneResult::of_iphone("alice", "18").body("alice");
    let token = fetched["access_token"].as_str().unwrap();
    assert_eq!(server.post_with(token, "verify_signature", &body).await, by("wechat", ok()));
}

/// Of so many some are over the limit of five calls a second, unless they took half a minute.
async fn limits_hold(database: Database) {
    let wechat = WeChat::start().await;
    for (option, code) in [("--max-rate-per-openid", 45901), ("--max-rate", 45011)] {
        let server = start(&database, &wechat, &[option, "5"]).await;
        let before = wechat.asked()[1];
        let started = Instant::now();
        let results: Vec<_> =
            (0..200).map(|number| PhoneResult::of_iphone("alice", &format!("{option} {number}"))).collect();
        let answers = join_all(results.iter().map(|result| verify(&server, "alice", result))).await;
        let most = 5.0 + 5.0 * started.elapsed().as_secs_f64();
        let accepted = answers.iter().filter(|answer| **answer == by("wechat", ok())).count();
        assert!(accepted >= 5 && accepted as f64 <= most, "{accepted} of at most {most}");
        assert_eq!(answers.iter().filter(|answer| answer["errcode"] == code).count(), 200 - accepted);
        assert_eq!(wechat.asked()[1] - before, accepted);
    }
}

async fn the_log_the_metrics_and_the_audit_tell_and_no_secret_is_in_them(database: Database) {
    let wechat = WeChat::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("audit");
    let options = wechat.options();
    let mut options: Vec<&str> = options.iter().map(String::as_str).collect();
    options.extend(["--audit", file.to_str().unwrap()]);
    // As much as there is, of all libraries.
    let process = Process::with_log(&database, &options, "trace");
    let client = reqwest::Client::new();
    let post = async |result: &PhoneResult| {
        process.post(&client, "verify_signature", &result.body("alice")).await.unwrap()
    };
    let result = PhoneResult::of_iphone("alice", "the challenge of 17");
    let first = wechat.token();
    assert_eq!(post(&result).await, by("wechat", ok()));
    wechat.renew_token();
    wechat.says(json!({ "errcode": 40164, "errmsg": format!("{SECRET} {first} alice") }));
    assert_eq!(post(&PhoneResult::of_iphone("alice", "18")).await, no_verdict());
    wechat.says("nothing");
    assert_eq!(post(&PhoneResult::of_iphone("alice", "18")).await, no_verdict());
    wechat.answers(Behaviour::Usual);
    // The first token is refused, and so is the second.
    wechat
        .gives_tokens(Behaviour::Says(200, r#"{"access_token":"a-wrong-one","expires_in":7200}"#.to_owned()));
    assert_eq!(post(&PhoneResult::of_iphone("alice", "18")).await, no_verdict());
    wechat.gives_tokens(Behaviour::Says(200, json!({ "errcode": 40125, "errmsg": SECRET }).to_string()));
    assert_eq!(post(&PhoneResult::of_iphone("alice", "18")).await, no_verdict());
    let origin = wechat.origin.clone();
    let last = wechat.token();
    drop(wechat);
    until("the end of the listener", async || reqwest::get(&origin).await.is_err()).await;
    // A second after the failure before.
    until("no connection", async || {
        assert_eq!(post(&PhoneResult::of_iphone("alice", "18")).await, no_verdict());
        process.log().contains("no connection: ")
    })
    .await;
    let device = Device::new("key");
    assert_eq!(
        process.post(&client, "verify_signature", &device.result("19").body("bob")).await.unwrap(),
        error(40003, "invalid openid")
    );

    let told =
        ["errcode 40164: the address of this machine", "errcode 40001", "errcode 40125", "no JSON of the"];
    for text in told {
        process.told(text).await;
    }
    let metrics = [
        r#"soter_upstream_calls_total{call="verify_signature",outcome="ok"} 1"#,
        r#"soter_upstream_calls_total{call="verify_signature",outcome="40164"} 1"#,
        r#"soter_upstream_calls_total{call="verify_signature",outcome="malformed"} 1"#,
        r#"soter_upstream_calls_total{call="verify_signature",outcome="40001"} 3"#,
        r#"soter_upstream_calls_total{call="verify_signature",outcome="45009"} 0"#,
        r#"soter_upstream_calls_total{call="stable_token",outcome="ok"} 2"#,
        r#"soter_upstream_calls_total{call="stable_token",outcome="40125"} 1"#,
        r#"soter_upstream_call_duration_seconds_count{call="verify_signature"} 6"#,
        r#"soter_upstream_call_duration_seconds_bucket{call="stable_token",le="601"}"#,
        r#"soter_calls_total{call="verify_signature",outcome="ok"} 1"#,
    ];
    for line in metrics {
        until(line, async || process.get("/metrics").await.1.contains(line)).await;
    }
    let lines = || -> Vec<Value> {
        let text = fs::read_to_string(&file).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    until("the last", async || lines().iter().any(|line| line["by"] == "webauthn")).await;
    let lines = lines();
    let first_line = lines[0].clone();
    assert_eq!((&first_line["by"], &first_line["outcome"]), (&json!("wechat"), &json!("ok")));
    assert_eq!(first_line["openid_sha256"], Hash::of("alice").to_hex());
    assert_eq!((&lines[1]["by"], &lines[1]["outcome"]), (&json!("wechat"), &json!("-1")));

    let (log, audit) = (process.log(), fs::read_to_string(&file).unwrap());
    let escaped = first.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D").replace('&', "%26");
    let escaped = escaped.replace('_', "%5F");
    let metrics = process.get("/metrics").await.1;
    for secret in [
        SECRET,
        &first,
        &escaped,
        &last,
        "a-wrong-one",
        &result.signature,
        "the challenge of 17",
        "alice",
        TOKEN,
    ] {
        for (name, text) in [("log", &log), ("audit", &audit), ("metrics", &metrics)] {
            assert!(!text.contains(secret), "{secret} is in the {name}");
        }
    }
    assert!(log.contains(&format!("upstream={origin}")) && log.contains(&format!("upstream-app={APPID}")));
}

/// Whoever answers without a certificate that leads to a root is not believed, and has been told nothing.
#[tokio::test]
async fn by_https_nothing_is_sent_in_clear() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("https://{}", listener.local_addr().unwrap());
    let app = UpstreamApp { appid: APPID.to_owned(), secret: Secret::new(SECRET.to_owned()) };
    let client = Arc::new(HttpClient::new(&origin, PATIENCE).unwrap());
    let app = App::new(&app, client, Arc::new(Semaphore::new(1)), PATIENCE);
    let listening = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut sent = vec![0; 16 * 1024];
        let length = stream.read(&mut sent).await.unwrap();
        let token = r#"{"access_token":"x","expires_in":7200}"#;
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{token}", token.len());
        stream.write_all(answer.as_bytes()).await.unwrap();
        sent.truncate(length);
        sent
    };
    let (answer, sent) = tokio::join!(app.verify("alice", "{}", "AAAA"), listening);
    assert!(matches!(answer, Err(Failure::Unreachable(_))), "{answer:?}");
    // A TLS record with a handshake (RFC 8446, section 5.1).
    assert!(sent.starts_with(&[22, 3]), "{sent:?}");
    for clear in [APPID, SECRET, "stable_token"] {
        assert!(!String::from_utf8_lossy(&sent).contains(clear), "{clear}");
    }
}

/// The program, with none of the settings of whoever runs the tests.
fn check(settings: &[(&str, &str)]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_soter-server"));
    program.args(["check", "--rp-id", "example.org", "--origin", ORIGIN]).env_clear();
    program.envs(settings.iter().copied()).output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_would_not_work_are_refused_by_name_and_without_secrets() {
    let app = format!("{APPID}:{SECRET}");
    let upstream = ("SOTER_UPSTREAM", "https://api.weixin.qq.com");
    let (apps, default) = (("SOTER_UPSTREAM_APPS", app.as_str()), ("SOTER_DEFAULT_APP", APPID));
    let hash = format!("{APPID}:{}", Hash::of(SECRET).to_hex());
    let (without, twice) = (format!(":{SECRET}"), format!("{app},{APPID}:another"));
    for (settings, told) in [
        (&[("SOTER_UPSTREAM_APP", app.as_str())][..], "is it SOTER_UPSTREAM_APPS?"),
        (&[("SOTER_UPSTREAMS", upstream.1)], "is it SOTER_UPSTREAM?"),
        (&[upstream, default], "--upstream wants the apps"),
        (&[apps, default], "--upstream-app is for --upstream, which is not set"),
        (&[upstream, apps], "is the app of no access token"),
        (&[("SOTER_UPSTREAM", "http://api.weixin.qq.com"), apps, default], "in clear"),
        (&[("SOTER_UPSTREAM", "https://api.weixin.qq.com/"), apps, default], "should it be"),
        (&[upstream, default, ("SOTER_UPSTREAM_APPS", SECRET)], "must be APPID:SECRET"),
        (&[upstream, default, ("SOTER_UPSTREAM_APPS", &without)], "must be an APPID"),
        (&[upstream, default, ("SOTER_UPSTREAM_APPS", &hash)], "not its hash"),
        (&[upstream, default, ("SOTER_UPSTREAM_APPS", &twice)], "twice"),
    ] {
        let Output { status, stderr, .. } = check(settings);
        let error = String::from_utf8(stderr).unwrap();
        assert!(!status.success() && error.contains(told), "{settings:?}: {error}");
        assert!(!error.contains(SECRET) && !error.contains(&Hash::of(SECRET).to_hex()), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("apps");
    fs::write(&file, format!("# ours\n{app}\n{SECRET}\n")).unwrap();
    let Output { stderr, .. } =
        check(&[upstream, default, ("SOTER_UPSTREAM_APPS_FILE", file.to_str().unwrap())]);
    let error = String::from_utf8(stderr).unwrap();
    assert!(error.contains("line 3 of") && !error.contains(SECRET), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_what_wechat_would() {
    let (wechat, database) = (WeChat::start().await, Database::sqlite());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("apps");
    fs::write(&file, format!("# ours\n{APPID}:{SECRET}\n")).unwrap();
    let settings = [
        ("DATABASE_URL", database.url.as_str()),
        ("SOTER_UPSTREAM", &wechat.origin),
        ("SOTER_UPSTREAM_APPS_FILE", file.to_str().unwrap()),
        ("SOTER_DEFAULT_APP", APPID),
    ];
    let said = async || {
        let settings: Vec<_> =
            settings.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let checked = tokio::task::spawn_blocking(move || {
            check(&settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>())
        });
        let Output { status, stdout, stderr } = checked.await.unwrap();
        assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
        let said = String::from_utf8(stdout).unwrap();
        assert!(!said.contains(SECRET) && !said.contains(&wechat.token()), "{said}");
        said
    };
    let good = said().await;
    assert!(good.contains(&format!("upstream: {}\nupstream-app: {APPID}\n", wechat.origin)), "{good}");
    assert!(good.contains(&format!("WeChat gives {APPID} an access token")), "{good}");
    // Of the mini program's results that may be accepted again it warns where there are any.
    assert!(good.contains("warning: --upstream with --challenges any"), "{good}");
    // The service starts all the same: results of the web want nothing of WeChat.
    wechat.gives_tokens(Behaviour::Says(200, json!({ "errcode": 40164, "errmsg": SECRET }).to_string()));
    let bad = said().await;
    let warning = format!("warning: WeChat gives {APPID} no access token: errcode 40164: the address");
    assert!(bad.contains(&warning), "{bad}");
    let issued = [settings.as_slice(), &[("SOTER_CHALLENGES", "issued")]].concat();
    for harmless in [&issued[..], &settings[..1]] {
        let said = String::from_utf8(check(harmless).stdout).unwrap();
        assert!(!said.contains("warning: --upstream with"), "{said}");
    }
    let without = check(&settings[..1]);
    let without = String::from_utf8(without.stdout).unwrap();
    assert!(without.contains("results of mini programs are refused: --upstream is not set"), "{without}");
}

/// Whatever is in a result of the web, WeChat never gets it.
#[tokio::test]
async fn wechat_learns_nothing_of_the_web() {
    let (wechat, database) = (WeChat::start().await, Database::sqlite());
    let server = start(&database, &wechat, &[]).await;
    let made = Made { json: json!({ "webauthn": {}, "raw": "17" }), signature: "AAAA".to_owned() };
    assert_eq!(server.verify("alice", &made).await, by("webauthn", no("result-malformed")));
    assert_eq!(wechat.asked(), [0, 0]);
}
