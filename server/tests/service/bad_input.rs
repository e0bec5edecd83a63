//! Whatever is sent: an answer in WeChat's form, never HTTP 500, and nothing lost.

use crate::common;

use common::{Database, Device, Server, error, no, ok, on_both, parts, registered};
use serde_json::{Value, json};
use soter_server::body::MAX_SIZE;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

on_both! {
    bodies_that_are_no_call,
    fields_that_are_missing_or_of_the_wrong_type,
    results_that_are_none,
    registrations_that_are_none,
    addresses_and_methods_that_are_no_call,
    requests_that_break_off,
}

const CALLS: [&str; 6] =
    ["erase_openid", "get_challenge", "register_key", "verify_signature", "list_keys", "remove_key"];

/// After each table the service does what it did before.
async fn check_still_works(server: &Server, device: &Device) {
    let result = device.result(&server.challenge("alice").await);
    assert_eq!(server.verify("alice", &result).await, ok());
}

async fn prepare(database: &Database) -> (Server, Device) {
    let (server, device) = (Server::start(database).await, Device::new("key"));
    server.register("alice", &device).await;
    (server, device)
}

async fn bodies_that_are_no_call(database: Database) {
    let (server, device) = prepare(&database).await;
    let malformed = || error(47001, "data format error");
    let deep = [vec![b'{'; 1], b"\"openid\":".to_vec(), vec![b'['; 100_000]].concat();
    let deep_objects = "{\"a\":".repeat(100_000).into_bytes();
    let table: Vec<(Vec<u8>, Value)> = vec![
        (b"".to_vec(), error(44002, "empty post data")),
        (b" \r\n\t ".to_vec(), error(44002, "empty post data")),
        (b"{".to_vec(), malformed()),
        (b"{\"openid\":\"alice\"".to_vec(), malformed()),
        (b"{\"openid\":\"alice\"} x".to_vec(), malformed()),
        (b"{\"openid\":\"alice\",\"openid\":\"bob\"}".to_vec(), malformed()),
        (b"[\"alice\"]".to_vec(), malformed()),
        (b"\"alice\"".to_vec(), malformed()),
        (b"null".to_vec(), malformed()),
        (b"openid=alice&json_string=%7B%7D".to_vec(), malformed()),
        (b"<xml><openid>alice</openid></xml>".to_vec(), malformed()),
        (b"{\"openid\":\"\xff\xfe\"}".to_vec(), malformed()),
        (b"{\"openid\":\"\\ud800\"}".to_vec(), malformed()),
        (b"\xef\xbb\xbf{\"openid\":\"alice\"}".to_vec(), malformed()),
        (vec![0; 100], malformed()),
        (deep, malformed()),
        (deep_objects, malformed()),
        (vec![b' '; MAX_SIZE + 1], error(45002, "content size out of limit")),
        (vec![b'{'; 10 * MAX_SIZE], error(45002, "content size out of limit")),
    ];
    for call in CALLS {
        for (body, answer) in &table {
            let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
            assert_eq!(server.post_raw(call, body.clone()).await, *answer, "{call} {shown}");
        }
    }
    check_still_works(&server, &device).await;
}

async fn fields_that_are_missing_or_of_the_wrong_type(database: Database) {
    let (server, device) = prepare(&database).await;
    let registration = device.registration("soter-x");
    let result = device.result("soter-x").body("alice");
    let bodies = [
        ("get_challenge", json!({ "openid": "alice" })),
        ("register_key", json!({ "openid": "alice", "registration": registration })),
        ("verify_signature", result),
        ("list_keys", json!({ "openid": "alice" })),
        ("erase_openid", json!({ "openid": "alice" })),
        ("remove_key", json!({ "openid": "alice", "cpu_id": "AAAA" })),
    ];
    let codes = [
        ("openid", 41009),
        ("json_string", 41901),
        ("json_signature", 41902),
        ("registration", 41903),
        ("cpu_id", 41904),
    ];
    for (call, body) in &bodies {
        for (field, code) in codes.iter().filter(|(field, _)| body.get(field).is_some()) {
            let with = |value: Option<Value>| {
                let mut body = body.clone();
                match value {
                    Some(value) => body[field] = value,
                    None => drop(body.as_object_mut().unwrap().remove(*field)),
                }
                body
            };
            let missing = error(*code, &format!("{field} missing"));
            assert_eq!(server.post(call, &with(None)).await, missing);
            assert_eq!(server.post(call, &with(Some(Value::Null))).await, missing);
            for wrong in [json!(1), json!(true), json!(["a"])] {
                assert_eq!(server.post(call, &with(Some(wrong))).await, error(47001, "data format error"));
            }
        }
        for openid in ["x".repeat(129), "a\0b".into(), "a\nb".into(), "é".repeat(65)] {
            let mut body = body.clone();
            body["openid"] = openid.into();
            assert_eq!(server.post(call, &body).await, error(40003, "invalid openid"));
        }
    }
    let all = json!({ "openid": "alice", "all": "yes" });
    assert_eq!(server.post("remove_key", &all).await, error(47001, "data format error"));
    let odd = json!({ "openid": "alice", "cpu_id": "no base64url!" });
    assert_eq!(server.post("remove_key", &odd).await, error(47001, "data format error"));
    // An openid is any text; it is never part of a statement or a file's name.
    for openid in ["'; DROP TABLE app_keys; --", "../../etc/passwd", "用户", "x".repeat(128).as_str()] {
        server.register(openid, &Device::new(&format!("key of {openid}"))).await;
    }
    check_still_works(&server, &device).await;
}

async fn results_that_are_none(database: Database) {
    let (server, device) = prepare(&database).await;
    let good = device.result(&server.challenge("alice").await);
    let verify = async |json: &str, signature: &str| {
        let body = json!({ "openid": "alice", "json_string": json, "json_signature": signature });
        server.post("verify_signature", &body).await
    };
    let text = good.json.to_string();
    for end in (1..text.len()).step_by(7) {
        assert_eq!(verify(&text[..end], &good.signature).await, no("result-malformed"));
    }
    let real = r#"{"raw":"1","counter":94,"uid":"59078fa8","cpu_id":"F5D3F2DF-0000"}"#;
    assert_eq!(verify(real, &good.signature).await, no("soter-upstream-not-set"));
    for odd in ["{}", "[]", "null", "1", "\"\"", &"[".repeat(60_000)] {
        assert_eq!(verify(odd, &good.signature).await, no("result-malformed"));
    }
    assert_eq!(verify(&" ".repeat(100_000), &good.signature).await, no("result-too-large"));
    assert_eq!(verify(&text, &"A".repeat(100_000)).await, no("result-too-large"));
    for odd in ["!", "AAA", "AAAA\n"] {
        assert_eq!(verify(&text, odd).await, no("result-signature-malformed"));
    }
    for (part, cut, reason) in [
        ("clientDataJSON", "_w", "client-data-not-utf8"),
        ("clientDataJSON", "e30", "client-data-malformed"),
        ("authenticatorData", "AAAA", "authenticator-data-malformed"),
    ] {
        let mut json = good.json.clone();
        json["webauthn"][part] = cut.into();
        assert_eq!(verify(&json.to_string(), &good.signature).await, no(reason), "{part}");
    }
    assert_eq!(server.verify("alice", &good).await, ok());
}

async fn registrations_that_are_none(database: Database) {
    let (server, device) = prepare(&database).await;
    let new = Device::new("new");
    let challenge = server.challenge("alice").await;
    let good = new.registration(&challenge);
    let register = async |registration: Value| {
        server.post("register_key", &json!({ "openid": "alice", "registration": registration })).await
    };
    assert_eq!(register("null".into()).await, no("response-malformed"));
    assert_eq!(register(json!({})).await, no("response-malformed"));
    assert_eq!(register(" ".repeat(300_000).into()).await, no("response-too-large"));
    let with_object = |bytes: &[u8]| {
        let mut registration = good.clone();
        registration["response"]["attestationObject"] = parts::base64url(bytes).into();
        registration
    };
    let object = parts::attestation_object("none", &parts::EMPTY, &[0; 37]);
    for end in 0..object.len() {
        assert_eq!(register(with_object(&object[..end])).await, no("attestation-object-malformed"));
    }
    for (bytes, reason) in [
        // Arrays in arrays, maps in maps, a length that is not there, and one that nobody has.
        (vec![0x81; 50_000], "attestation-object-malformed"),
        (vec![0xa1; 50_000], "attestation-object-malformed"),
        (vec![0x9f; 50_000], "attestation-object-malformed"),
        (vec![0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "attestation-object-malformed"),
        (vec![0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "attestation-object-malformed"),
        (vec![0; 70_000], "response-too-large"),
        (object, "attested-credential-data-missing"),
    ] {
        assert_eq!(register(with_object(&bytes)).await, no(reason));
    }
    // None of them spent the challenge.
    assert_eq!(register(good).await, registered(&new));
    check_still_works(&server, &device).await;
}

async fn addresses_and_methods_that_are_no_call(database: Database) {
    let (server, device) = prepare(&database).await;
    let client = reqwest::Client::new();
    let ask = async |method: reqwest::Method, path: &str| -> Value {
        let response = client.request(method, server.url(path)).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    };
    let (post_required, get_required) =
        (error(43002, "require POST method"), error(43001, "require GET method"));
    for call in CALLS {
        for method in [reqwest::Method::GET, reqwest::Method::PUT, reqwest::Method::DELETE] {
            assert_eq!(ask(method, &format!("/cgi-bin/soter/{call}")).await, post_required);
        }
    }
    assert_eq!(ask(reqwest::Method::GET, "/cgi-bin/stable_token").await, post_required);
    assert_eq!(ask(reqwest::Method::POST, "/cgi-bin/token").await, get_required);
    for path in ["/", "/cgi-bin/soter", "/cgi-bin/soter/nothing", "/../etc/passwd", "/%ff"] {
        assert_eq!(ask(reqwest::Method::POST, path).await, error(40066, "invalid url"));
    }
    for query in ["", "?", "?access_token", "?access_token=", "?other=1"] {
        let answer = ask(reqwest::Method::POST, &format!("/cgi-bin/soter/get_challenge{query}")).await;
        assert_eq!(answer, error(41001, "access_token missing"));
    }
    for query in ["?access_token=x", "?access_token=%00", "?access_token=%25"] {
        let answer = ask(reqwest::Method::POST, &format!("/cgi-bin/soter/get_challenge{query}")).await;
        assert_eq!(answer["errcode"], 40001, "{query}");
    }
    // A client that is still sending gets its answer.
    let url = server.url("/cgi-bin/soter/register_key?access_token=x");
    let answer: Value =
        client.post(url).body(vec![b' '; 5_000_000]).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["errcode"], 40001);
    // Whatever the content type is, the body is read as JSON.
    for kind in ["application/json", "text/plain", "application/x-www-form-urlencoded", "image/png", "?"] {
        let request = client.post(server.call_url("get_challenge")).header("content-type", kind);
        let answer: Value = request.body(r#"{"openid":"alice"}"#).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["errcode"], 0, "{kind}");
    }
    let form = [("openid", "alice")].map(|(key, value)| format!("{key}={value}")).concat();
    let request = client.post(server.call_url("get_challenge"));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer, error(47001, "data format error"));
    check_still_works(&server, &device).await;
}

async fn requests_that_break_off(database: Database) {
    let (server, device) = prepare(&database).await;
    let path = server.call_url("get_challenge");
    let path = path.split_once(&server.address.to_string()).unwrap().1;
    let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n");
    let send = async |rest: &[u8]| {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(&[head.as_bytes(), rest].concat()).await.unwrap();
        let _ = stream.shutdown().await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    };
    for rest in [
        b"content-length: 100\r\n\r\n{\"openid\":\"al".as_slice(),
        b"transfer-encoding: chunked\r\n\r\n10\r\n{\"open".as_slice(),
        b"transfer-encoding: chunked\r\n\r\nzz\r\n".as_slice(),
        b"content-length: -1\r\n\r\n".as_slice(),
        b"content-length: 1\r\ncontent-length: 2\r\n\r\n".as_slice(),
        b"\0\0\0\r\n\r\n".as_slice(),
    ] {
        let answer = send(rest).await;
        assert!(!answer.starts_with("HTTP/1.1 5"), "{answer}");
        assert!(!answer.contains("challenge"), "{answer}");
    }
    check_still_works(&server, &device).await;
}
