//! Calls, and when which of them were accepted.

use crate::network::{ZONES, Zone};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

pub const TOKEN: &str = "token-of-the-drill";

/// Longer than the service's own.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Who calls, as a backend would.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    accepted: Arc<Mutex<Vec<Instant>>>,
}

/// What a backend knows then.
pub enum Answer {
    /// It is done.
    Ok(Value),
    /// It is not done: the reason, or the error's number.
    No(String),
    /// Whether it is done nobody knows.
    Unknown,
}

impl Answer {
    pub const fn is_ok(&self) -> bool {
        matches!(self, Self::Ok(_))
    }

    pub fn is_no(&self, reasons: &[&str]) -> bool {
        matches!(self, Self::No(reason) if reasons.contains(&reason.as_str()))
    }
}

impl Client {
    pub fn new() -> Self {
        let http = reqwest::Client::builder().timeout(TIMEOUT).build().unwrap();
        Self { http, accepted: Arc::default() }
    }

    /// By the instance of one of the zones, which take turns.
    pub async fn call(&self, number: u64, call: &str, body: &Value) -> Answer {
        let turn = usize::try_from(number % 3).unwrap_or_default();
        let answer = self.answer(ZONES[turn], call, body).await;
        // What changes something, and is to last.
        if answer.is_ok() && ["verify_signature", "register_key", "remove_key"].contains(&call) {
            self.accepted.lock().unwrap().push(Instant::now());
        }
        answer
    }

    async fn answer(&self, zone: Zone, call: &str, body: &Value) -> Answer {
        let url = format!("http://{}/cgi-bin/soter/{call}?access_token={TOKEN}", zone.instance());
        let Ok(response) = self.http.post(url).body(body.to_string()).send().await else {
            return Answer::Unknown;
        };
        let Ok(answer) = response.json::<Value>().await else {
            return Answer::Unknown;
        };
        match answer["errcode"].as_i64() {
            Some(0) if answer["is_ok"] != false => Answer::Ok(answer),
            Some(0) => Answer::No(answer["reason"].as_str().unwrap_or_default().to_owned()),
            Some(-1) | None => Answer::Unknown,
            Some(code) => Answer::No(code.to_string()),
        }
    }

    /// When a call was accepted last.
    pub fn last_accepted(&self) -> Option<Instant> {
        self.accepted.lock().unwrap().last().copied()
    }

    /// The calls that were accepted between two times, and the longest time in which none was.
    pub fn accepted_between(&self, begin: Instant, end: Instant) -> (usize, Duration) {
        let mut times = self.accepted.lock().unwrap().clone();
        times.retain(|time| (begin..end).contains(time));
        times.sort();
        let count = times.len();
        times.insert(0, begin);
        times.push(end);
        let longest = times.windows(2).map(|pair| pair[1] - pair[0]).max();
        (count, longest.unwrap_or_default())
    }
}
