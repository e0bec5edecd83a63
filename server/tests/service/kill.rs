//! The process is killed in the midst of its work. What it said was accepted is accepted for ever.

use crate::common;

use common::process::{Process, post};
use common::{Database, Device, Server, no, ok, on_both, registered, until};
use serde_json::{Value, json};
use soter_server::store::Owner;
use std::sync::{Arc, Mutex};

on_both! { nothing_accepted_is_lost }

/// What was accepted before the process was killed.
#[derive(Default)]
struct Accepted {
    devices: Vec<Arc<Device>>,
    bodies: Vec<Value>,
}

async fn nothing_accepted_is_lost(database: Database) {
    let accepted = Arc::new(Mutex::new(Accepted::default()));
    for round in 0..3 {
        let process = Process::start(&database, &[]);
        let users: Vec<_> = (0..8)
            .map(|number| {
                let name = format!("user {round} {number}");
                tokio::spawn(work(process.address.clone(), name, accepted.clone()))
            })
            .collect();
        let before = accepted.lock().unwrap().bodies.len();
        until("enough work", async || accepted.lock().unwrap().bodies.len() >= before + 100).await;
        drop(process);
        for user in users {
            user.await.unwrap();
        }
    }
    let server = Server::start(&database).await;
    let accepted = Arc::into_inner(accepted).unwrap().into_inner().unwrap();
    assert!(accepted.bodies.len() >= 300);
    for body in &accepted.bodies {
        let openid = body["openid"].as_str().unwrap();
        let sent: Value = serde_json::from_str(body["json_string"].as_str().unwrap()).unwrap();
        let record = server
            .service
            .store
            .key(&Owner::new("", openid), openid.as_bytes())
            .await
            .unwrap()
            .unwrap()
            .record;
        assert!(u64::from(record.sign_count) >= sent["counter"].as_u64().unwrap(), "a counter is lost");
        let answer = server.post("verify_signature", body).await;
        assert!(answer == no("challenge-used") || answer == no("sign-count-not-increased"), "{answer}");
    }
    // The keys are there, with a counter that is not higher than the device's.
    for device in &accepted.devices {
        let openid = String::from_utf8(device.credential_id.clone()).unwrap();
        let result = device.result(&server.challenge(&openid).await);
        assert_eq!(server.verify(&openid, &result).await, ok());
    }
}

/// Registers a key and authenticates, over and over, until the process is gone. Half of the devices keep no counter.
async fn work(address: String, name: String, accepted: Arc<Mutex<Accepted>>) {
    let client = reqwest::Client::new();
    for key in 0.. {
        let openid = format!("{name} {key}");
        let device = if key % 2 == 0 { Device::new(&openid) } else { Device::without_counter(&openid) };
        let device = Arc::new(device);
        let Some(()) = use_device(&client, &address, &openid, &device, &accepted).await else {
            return;
        };
    }
}

async fn use_device(
    client: &reqwest::Client,
    address: &str,
    openid: &str,
    device: &Arc<Device>,
    accepted: &Mutex<Accepted>,
) -> Option<()> {
    let challenge = challenge(client, address, openid).await?;
    let body = json!({ "openid": openid, "registration": device.registration(&challenge) });
    assert_eq!(post(client, address, "register_key", &body).await?, registered(device));
    accepted.lock().unwrap().devices.push(device.clone());
    for _ in 0..5 {
        let challenge = self::challenge(client, address, openid).await?;
        let body = device.result(&challenge).body(openid);
        assert_eq!(post(client, address, "verify_signature", &body).await?, ok());
        accepted.lock().unwrap().bodies.push(body);
    }
    Some(())
}

async fn challenge(client: &reqwest::Client, address: &str, openid: &str) -> Option<String> {
    let answer = post(client, address, "get_challenge", &json!({ "openid": openid })).await?;
    Some(answer["challenge"].as_str().unwrap().to_owned())
}
