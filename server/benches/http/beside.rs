//! Two builds of soter-server by turns, on databases of their own: the one that was just made, and one that is named.

use crate::device::registration;
use crate::load::{self, Load, Measured};
use crate::process::Process;
use crate::stored_keys::Database;
use hdrhistogram::Histogram;
use serde_json::json;
use std::process::Command;
use std::time::Duration;

const KEYS: u32 = 200;
const LOADS: [Load; 3] = [Load::ALONE, Load::SOME, Load::MANY];

/// Prints Markdown: medians of all turns, and the ratio of this build to the other.
#[allow(clippy::print_stdout, reason = "this is what the program is for")]
pub async fn measure(other: &str, is_quick: bool) {
    let (turns, duration) = if is_quick { (3, 1) } else { (9, 3) };
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
                    let duration = Duration::from_secs(duration);
                    sides[side].push(load::run(&processes[side].address, KEYS, *load, duration).await);
                }
            }
        }
        for (load, sides) in LOADS.iter().zip(&turns_of) {
            let row = |what: &str, figure: fn(&(Measured, Measured)) -> f64| {
                let [this, other] =
                    [&sides[0], &sides[1]].map(|turns| median(turns.iter().map(figure).collect()));
                println!(
                    "| {name} | {} | {what} | {this:.2} | {other:.2} | {:.2} |",
                    load.backends,
                    this / other
                );
            };
            row("results a second", |(_, result)| result.per_second);
            row("a result, p50, ms", |(_, result)| result.p50);
            row("a result, p99, ms", |(_, result)| result.p99);
            row("its challenge, p50, ms", |(challenge, _)| challenge.p50);
        }
    }
}

/// Over HTTP: the builds need not have the same tables.
async fn register_all(address: &str) {
    let client = reqwest::Client::new();
    let mut times = Histogram::new(3).unwrap();
    for number in 0..KEYS {
        let body = json!({ "openid": crate::device::openid(number) });
        let answer = load::call(&client, address, "get_challenge", &body, &mut times).await;
        let body = registration(number, answer["challenge"].as_str().unwrap());
        let answer = load::call(&client, address, "register_key", &body, &mut times).await;
        assert_eq!(answer["is_ok"], true, "{answer}");
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
