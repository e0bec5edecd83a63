//! Results, registrations and removals at a steady rate, however long each takes, as from many backends; and after each failure the
//! question whether all that was said holds.

use crate::client::{Answer, Client};
use crate::device::Device;
use crate::ledger::{Ledger, Losses, Standing, Submitted, User};
use anyhow::{Result, bail, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::json;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{MissedTickBehavior, interval, sleep};

/// More than are under way while nothing is answered for some seconds.
const USERS: u64 = 400;

/// Twenty steps a second of one to five calls each: what is counted is losses, not speed.
const PAUSE: Duration = Duration::from_millis(50);

/// In a whole drill.
const MAX_STEPS: u64 = 40_000;

/// How many are checked at once.
const CHECKS: usize = 8;

/// What an instance says of a key that it does not know, and of an openid that has none.
const UNKNOWN_KEY: [&str; 2] = ["credential-unknown", "40003"];

pub struct Load {
    pub client: Client,
    ledger: Mutex<Ledger>,
    step: AtomicU64,
}

/// Load that goes on until it is stopped.
pub struct Running {
    stop: Arc<tokio::sync::Notify>,
    task: JoinHandle<()>,
}

impl Running {
    /// Waits for the calls that are under way.
    pub async fn stop(self) -> Result<()> {
        self.stop.notify_one();
        Ok(self.task.await?)
    }
}

impl Load {
    pub fn new(client: Client) -> Arc<Self> {
        Arc::new(Self { client, ledger: Mutex::default(), step: AtomicU64::new(0) })
    }

    /// Registers users, all of whom must be.
    pub async fn register_users(&self) -> Result<()> {
        let users = stream::iter(0..USERS).map(|_| self.register(self.next()));
        users.buffer_unordered(CHECKS).for_each(async |()| {}).await;
        let ledger = self.ledger.lock().unwrap();
        let registered = ledger.idle.len() as u64;
        ensure!(
            registered == USERS,
            "of {USERS} users {registered} could be registered: {:?}",
            ledger.others
        );
        Ok(())
    }

    pub fn start(self: &Arc<Self>) -> Running {
        let (stop, load) = (Arc::new(tokio::sync::Notify::new()), self.clone());
        let stopped = stop.clone();
        let task = tokio::spawn(async move {
            let mut steps = JoinSet::new();
            let mut ticks = interval(PAUSE);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    _ = ticks.tick() => {}
                    () = stopped.notified() => break,
                }
                let number = load.next();
                if number > MAX_STEPS {
                    break;
                }
                let load = load.clone();
                steps.spawn(async move { load.step(number).await });
                while steps.try_join_next().is_some_and(|step| step.is_ok()) {}
            }
            steps.join_all().await;
        });
        Running { stop, task }
    }

    fn next(&self) -> u64 {
        self.step.fetch_add(1, Ordering::Relaxed)
    }

    async fn step(&self, number: u64) {
        match number % 10 {
            0 => self.register(number).await,
            5 => self.remove(number).await,
            _ => self.submit(number).await,
        }
    }

    async fn register(&self, number: u64) {
        let device = Device::new(number);
        let registration = device.registration(&format!("registration {number}"));
        let mut answer = self.client.call(number, "register_key", &registration).await;
        if let Answer::Unknown = answer {
            answer = self.client.call(number + 1, "register_key", &registration).await;
        }
        match answer {
            Answer::Ok(_) => {
                let user = User { device, standing: Standing::Registered, results: Vec::new() };
                self.ledger.lock().unwrap().idle.push_back(user);
            }
            // Nobody was told that it is there, so nobody misses it.
            Answer::Unknown => {}
            Answer::No(reason) => self.ledger.lock().unwrap().note("register_key", &reason),
        }
    }

    async fn submit(&self, number: u64) {
        let Some(mut user) = self.take() else {
            return;
        };
        let challenge = if number.is_multiple_of(2) {
            // A backend's own.
            Some(format!("order {number}"))
        } else {
            let body = json!({ "openid": user.device.openid });
            match self.client.call(number, "get_challenge", &body).await {
                Answer::Ok(answer) => answer["challenge"].as_str().map(str::to_owned),
                Answer::No(_) | Answer::Unknown => None,
            }
        };
        if let Some(challenge) = challenge {
            let body = user.device.result(&challenge);
            let is_accepted = self.submit_result(number, &body).await;
            user.results.push(Submitted { body, is_accepted });
        }
        self.ledger.lock().unwrap().idle.push_back(user);
    }

    /// Half of the results go to two instances at once. One of which nobody knows is sent again, as a careless backend would.
    async fn submit_result(&self, number: u64, body: &serde_json::Value) -> bool {
        let call = |turn: u64| self.client.call(number + turn, "verify_signature", body);
        let mut answers = if number % 4 < 2 {
            let (first, second) = tokio::join!(call(0), call(1));
            vec![first, second]
        } else {
            vec![call(0).await]
        };
        if answers.iter().all(|answer| matches!(answer, Answer::Unknown)) {
            sleep(Duration::from_millis(500)).await;
            answers.push(call(2).await);
        }
        let accepted = answers.iter().filter(|answer| answer.is_ok()).count();
        let mut ledger = self.ledger.lock().unwrap();
        if accepted > 1 {
            ledger.losses.accepted_twice += 1;
        }
        if answers.iter().any(|answer| answer.is_no(&UNKNOWN_KEY)) {
            ledger.losses.keys += 1;
        }
        let is_explained = answers.len() > 1;
        for answer in &answers {
            match answer {
                Answer::No(reason) if !(is_explained && reason == "challenge-used") => {
                    ledger.note("verify_signature", reason);
                }
                _ => {}
            }
        }
        accepted > 0
    }

    async fn remove(&self, number: u64) {
        let Some(mut user) = self.take() else {
            return;
        };
        let body = json!({ "openid": user.device.openid, "cpu_id": user.device.cpu_id() });
        let answer = self.client.call(number, "remove_key", &body).await;
        let mut losses = Losses::default();
        user.standing = match answer {
            Answer::Ok(_) => {
                // From now on it is gone, at each instance.
                let body = user.device.result(&format!("after removal {number}"));
                let is_alive = self.client.call(number + 1, "verify_signature", &body).await.is_ok();
                let body = user.device.registration(&format!("after removal {number}"));
                let comes_back = self.client.call(number + 2, "register_key", &body).await.is_ok();
                losses.removals += u32::from(is_alive || comes_back);
                Standing::Removed
            }
            Answer::No(_) => {
                losses.keys += 1;
                Standing::Uncertain
            }
            Answer::Unknown => Standing::Uncertain,
        };
        let mut ledger = self.ledger.lock().unwrap();
        ledger.losses += losses;
        ledger.past.push(user);
    }

    fn take(&self) -> Option<User> {
        self.ledger.lock().unwrap().idle.pop_front()
    }

    /// Asks whether all that was said until now holds, while nothing else is under way. The losses since the last time, and answers that
    /// are none but need not come in good times.
    pub async fn check(&self) -> Result<(Losses, Vec<String>)> {
        let users: Vec<User> = {
            let mut ledger = self.ledger.lock().unwrap();
            let idle: Vec<User> = ledger.idle.drain(..).collect();
            idle.into_iter().chain(std::mem::take(&mut ledger.past)).collect()
        };
        let checks = stream::iter(users).map(|user| self.check_user(user)).buffer_unordered(CHECKS);
        let checked: Vec<(User, Losses)> = checks.try_collect().await?;
        let mut ledger = self.ledger.lock().unwrap();
        let mut losses = std::mem::take(&mut ledger.losses);
        for (user, of_user) in checked {
            losses += of_user;
            match user.standing {
                Standing::Registered => ledger.idle.push_back(user),
                Standing::Removed | Standing::Uncertain => ledger.past.push(user),
            }
        }
        let others = std::mem::take(&mut ledger.others);
        Ok((losses, others.into_iter().map(|(answer, times)| format!("{answer} ({times} times)")).collect()))
    }

    async fn check_user(&self, mut user: User) -> Result<(User, Losses)> {
        let mut losses = Losses::default();
        let openid = user.device.openid.clone();
        for result in &mut user.results {
            let answer = self.certain_answer("verify_signature", &result.body).await?;
            // A counter that has grown since would refuse it as well; but its challenge is to be known.
            let is_forgotten = answer.is_ok() || answer.is_no(&["sign-count-not-increased"]);
            losses.results += u32::from(result.is_accepted && is_forgotten);
            losses.removals += u32::from(answer.is_ok() && user.standing == Standing::Removed);
            result.is_accepted |= answer.is_ok();
        }
        if user.standing == Standing::Uncertain {
            return Ok((user, losses));
        }
        let is_listed = match self.certain_answer("list_keys", &json!({ "openid": openid })).await? {
            Answer::Ok(list) => list["keys"]
                .as_array()
                .is_some_and(|keys| keys.iter().any(|key| key["cpu_id"] == user.device.cpu_id().as_str())),
            _ => false,
        };
        if user.standing == Standing::Registered {
            losses.keys += u32::from(!is_listed);
        } else {
            let challenge = format!("check {}", self.next());
            let body = user.device.result(&challenge);
            let is_alive = self.certain_answer("verify_signature", &body).await?.is_ok();
            let body = user.device.registration(&challenge);
            let comes_back = self.certain_answer("register_key", &body).await?.is_ok();
            losses.removals += u32::from(is_listed || is_alive || comes_back);
        }
        Ok((user, losses))
    }

    /// Asks until there is an answer.
    async fn certain_answer(&self, call: &str, body: &serde_json::Value) -> Result<Answer> {
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(30) {
            match self.client.call(self.next(), call, body).await {
                Answer::Unknown => sleep(Duration::from_millis(500)).await,
                answer => return Ok(answer),
            }
        }
        bail!("{call} has no answer, though all nodes are healthy")
    }
}
