//! So many backends at once, each of which gets a challenge, has a result made with it, and sends that.

use crate::device::{openid, result};
use crate::process::TOKEN;
use hdrhistogram::Histogram;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How hard they try.
#[derive(Clone, Copy)]
pub struct Load {
    pub backends: u32,
    /// Results a second of all together; as fast as they can without.
    pub rate: Option<f64>,
}

impl Load {
    /// Nobody waits for anybody else.
    pub const ALONE: Self = Self { backends: 1, rate: None };
    /// Each spends most of its time waiting for the database's disk.
    pub const SOME: Self = Self { backends: 16, rate: None };
    /// So many that the processors are what is short.
    pub const MANY: Self = Self { backends: 64, rate: None };
}

pub struct Measured {
    pub per_second: f64,
    /// Milliseconds.
    pub p50: f64,
    pub p99: f64,
}

struct Times {
    challenge: Histogram<u64>,
    verify: Histogram<u64>,
}

impl Times {
    fn new() -> Self {
        Self { challenge: Histogram::new(3).unwrap(), verify: Histogram::new(3).unwrap() }
    }
}

/// `get_challenge` and `verify_signature`.
pub async fn run(address: &str, keys: u32, load: Load, duration: Duration) -> (Measured, Measured) {
    let until = Instant::now() + duration;
    let pause = load.rate.map(|rate| Duration::from_secs_f64(f64::from(load.backends) / rate));
    let backends: Vec<_> = (0..load.backends)
        .map(|number| {
            // Not all at the same moment.
            let start = Instant::now() + pause.unwrap_or_default() * number / load.backends;
            tokio::spawn(backend(address.to_owned(), keys, start, pause, until))
        })
        .collect();
    let mut all = Times::new();
    for backend in backends {
        let times = backend.await.unwrap();
        all.challenge.add(times.challenge).unwrap();
        all.verify.add(times.verify).unwrap();
    }
    (measured(&all.challenge, duration), measured(&all.verify, duration))
}

async fn backend(
    address: String,
    keys: u32,
    mut next: Instant,
    pause: Option<Duration>,
    until: Instant,
) -> Times {
    let client = reqwest::Client::new();
    let mut times = Times::new();
    while Instant::now() < until {
        if let Some(pause) = pause {
            tokio::time::sleep_until(next.into()).await;
            next += pause;
        }
        let key = rand::random_range(0..keys);
        let body = json!({ "openid": openid(key) });
        let answer = call(&client, &address, "get_challenge", &body, &mut times.challenge).await;
        let body = result(key, answer["challenge"].as_str().unwrap());
        let answer = call(&client, &address, "verify_signature", &body, &mut times.verify).await;
        assert_eq!(answer["is_ok"], true, "{answer}");
    }
    times
}

pub async fn call(
    client: &reqwest::Client,
    address: &str,
    call: &str,
    body: &Value,
    times: &mut Histogram<u64>,
) -> Value {
    let url = format!("http://{address}/cgi-bin/soter/{call}?access_token={TOKEN}");
    let body = body.to_string();
    let started = Instant::now();
    let answer = client.post(url).body(body).send().await.unwrap().json().await.unwrap();
    times.record(started.elapsed().as_micros() as u64).unwrap();
    answer
}

fn measured(times: &Histogram<u64>, duration: Duration) -> Measured {
    let milliseconds = |quantile| times.value_at_quantile(quantile) as f64 / 1000.0;
    Measured {
        per_second: times.len() as f64 / duration.as_secs_f64(),
        p50: milliseconds(0.5),
        p99: milliseconds(0.99),
    }
}
