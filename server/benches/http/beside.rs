//! Two builds of soter-server by turns, on databases of their own: the one that was just made, and one that is named.

use crate::device::registration;
use crate::load::{self, Load, Measured};
use crate::process::{Process, cpu_seconds};
use crate::stored_keys::Database;
use hdrhistogram::Histogram;
use serde_json::json;
use std::process::Command;
use std::time::Duration;

/// So many that each openid has few challenges which have not expired, as in life: those are counted for each new one.
const KEYS: u32 = 5_000;
const LOADS: [Load; 3] = [Load::ALONE, Load::SOME, Load::MANY];

struct Turn {
    challenge: Measured,
    result: Measured,
    /// Milliseconds of processor time for each result with its challenge. Others on the machine hardly change it.
    cpu: f64,
}

/// Prints Markdown: medians of all turns, and the ratio of this build to the other.
#[allow(clippy::print_stdout, reason = "this is what the program is for")]
pub async fn measure(other: &str, is_quick: bool) {
    let (turns, duration) = if is_quick { (3, 1) } else { (25, 1) };
    println!(
        "| database | backends | | this build | {other} | ratio |\n| --- | ---: | --- | ---: | ---: | ---: |"
    );
    let postgres = std::env::var("SOTER_TEST_POSTGRES").ok();
    if postgres.is_none() {
        eprintln!("skipped: SOTER_TEST_POSTGRES names no PostgreSQL server");
    }
    for server in [None, postgres.as_deref()].into_iter().take(1 + usize::from(postgres.is_some())) {
        let (name, databases) = match server {
            Some(server) => {
                let this = Database::postgres(server, "_this").await;
                ("PostgreSQL", [this, Database::postgres(server, "_other").await])
            }
            None => ("SQLite", [Database::sqlite(), Database::sqlite()]),
        };
        let processes =
            [Process::start(&databases[0].url), Process::of(Command::new(other), &databases[1].url)];
        for process in &processes {
            register_all(&process.address).await;
        }
        let mut turns_of = LOADS.map(|_| [Vec::new(), Vec::new()]);
        for turn in 0..turns {
            // Neither is always the first.
            for side in [turn % 2, (turn + 1) % 2] {
                for (load, sides) in LOADS.iter().zip(&mut turns_of) {
                    sides[side].push(take_turn(&processes[side], *load, Duration::from_secs(duration)).await);
                }
            }
        }
        for (load, sides) in LOADS.iter().zip(&turns_of) {
            let row = |what: &str, figure: fn(&Turn) -> f64| {
                let [this, other] =
                    [&sides[0], &sides[1]].map(|turns| median(turns.iter().map(figure).collect()));
                println!(
                    "| {name} | {} | {what} | {this:.2} | {other:.2} | {:.2} |",
                    load.backends,
                    this / other
                );
            };
            row("results a second", |turn| turn.result.per_second);
            row("a result, p50, ms", |turn| turn.result.p50);
            row("a result, p99, ms", |turn| turn.result.p99);
            row("its challenge, p50, ms", |turn| turn.challenge.p50);
            row("both, CPU of the service, ms", |turn| turn.cpu);
        }
    }
}

async fn take_turn(process: &Process, load: Load, duration: Duration) -> Turn {
    let before = cpu_seconds(process.id());
    let (challenge, result) = load::run(&process.address, KEYS, load, duration).await;
    let results = result.per_second * duration.as_secs_f64();
    Turn { challenge, result, cpu: (cpu_seconds(process.id()) - before) * 1000.0 / results }
}

/// Over HTTP: the builds need not have the same tables.
async fn register_all(address: &str) {
    let backends: Vec<_> = (0..Load::SOME.backends)
        .map(|first| {
            let numbers = (first..KEYS).step_by(Load::SOME.backends as usize);
            tokio::spawn(register(address.to_owned(), numbers))
        })
        .collect();
    for backend in backends {
        backend.await.unwrap();
    }
}

async fn register(address: String, numbers: impl Iterator<Item = u32>) {
    let client = reqwest::Client::new();
    let mut times = Histogram::new(3).unwrap();
    for number in numbers {
        let body = json!({ "openid": crate::device::openid(number) });
        let answer = load::call(&client, &address, "get_challenge", &body, &mut times).await;
        let body = registration(number, answer["challenge"].as_str().unwrap());
        let answer = load::call(&client, &address, "register_key", &body, &mut times).await;
        assert_eq!(answer["is_ok"], true, "{answer}");
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
