//! What `/readyz` of each instance says, and since when.

use crate::network::{ZONES, Zone};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const INTERVAL: Duration = Duration::from_millis(100);

/// An instance asks its database for two seconds at most, and then perhaps why it does not answer, as long again.
const TIMEOUT: Duration = Duration::from_secs(6);

/// Each change: when, of which instance, whether it is ready now.
#[derive(Clone, Default)]
pub struct Readiness(Arc<Mutex<Vec<(Instant, usize, bool)>>>);

/// Since a time, how long it took until so many instances said so.
pub struct Times {
    pub none_ready: Option<Duration>,
    /// After that.
    pub one_ready: Option<Duration>,
    pub all_ready: Option<Duration>,
}

impl Readiness {
    /// Asks as long as the program runs.
    pub fn watch() -> Self {
        let readiness = Self::default();
        for zone in ZONES {
            tokio::spawn(watch(zone, readiness.clone()));
        }
        readiness
    }

    pub fn are_all_ready(&self) -> bool {
        let changes = self.0.lock().unwrap();
        ZONES.iter().all(|zone| is_ready(&changes, zone.index(), Instant::now()))
    }

    pub fn since(&self, begin: Instant) -> Times {
        let changes = self.0.lock().unwrap();
        let times = || changes.iter().map(|(time, ..)| *time).filter(|time| *time >= begin);
        let first = |after: Instant, wanted: fn(usize) -> bool| {
            let ready = |time| ZONES.iter().filter(|zone| is_ready(&changes, zone.index(), time)).count();
            times().find(|time| *time >= after && wanted(ready(*time)))
        };
        let none = first(begin, |ready| ready == 0);
        let one = none.and_then(|none| first(none, |ready| ready > 0));
        let all = none.and_then(|none| first(none, |ready| ready == ZONES.len()));
        let [none_ready, one_ready, all_ready] = [none, one, all].map(|time| time.map(|time| time - begin));
        Times { none_ready, one_ready, all_ready }
    }
}

fn is_ready(changes: &[(Instant, usize, bool)], instance: usize, at: Instant) -> bool {
    let before = changes.iter().rev().filter(|(time, of, _)| *of == instance && *time <= at);
    before.map(|(.., ready)| *ready).next().unwrap_or(false)
}

async fn watch(zone: Zone, readiness: Readiness) {
    let client = reqwest::Client::builder().timeout(TIMEOUT).build().unwrap();
    let url = format!("http://{}/readyz", zone.instance());
    let mut last = None;
    loop {
        let response = client.get(&url).send().await;
        let ready = response.is_ok_and(|response| response.status() == 200);
        if last.replace(ready) != Some(ready) {
            readiness.0.lock().unwrap().push((Instant::now(), zone.index(), ready));
        }
        tokio::time::sleep(INTERVAL).await;
    }
}
