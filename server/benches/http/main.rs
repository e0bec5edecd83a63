//! The service under load, in a process of its own, over HTTP; prints Markdown. `DATABASE_URL`s of PostgreSQL come from
//! `SOTER_TEST_POSTGRES`, as in the tests; without it there is SQLite alone.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![allow(clippy::cast_possible_truncation, reason = "figures, not addresses")]

mod beside;
mod device;
mod load;
mod process;
mod stored_keys;
mod table;
mod unverified;

use load::{Load, Measured};
use process::{Process, cpu_seconds, cpu_seconds_of_all};
use std::time::Duration;
use stored_keys::Database;

/// One row: the service on a database with so many keys.
pub struct Row {
    pub database: String,
    pub keys: u32,
    /// Results of some backends, and their challenges.
    pub some: Measured,
    pub challenge: Measured,
    /// Results at half of what they had.
    pub half: Measured,
    /// Results of many backends.
    pub many: Measured,
    /// Results of one backend alone.
    pub alone: Measured,
    /// Seconds of processor time for each result with its challenge, with many backends.
    pub service_cpu: f64,
    pub database_cpu: Option<f64>,
    pub peak_memory: u64,
    /// Bytes, before the load.
    pub database_size: i64,
}

fn main() {
    if std::env::args().any(|argument| argument == "unverified") {
        return unverified::serve();
    }
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut arguments = std::env::args().skip_while(|argument| argument != "--beside");
    if let Some(other) = arguments.nth(1) {
        return runtime.block_on(beside::measure(&other, is_quick));
    }
    let rows = runtime.block_on(measure(is_quick));
    table::print(&rows);
}

async fn measure(is_quick: bool) -> Vec<Row> {
    let sizes: &[u32] = if is_quick { &[1_000] } else { &[1_000, 10_000, 100_000, 1_000_000] };
    let duration = Duration::from_secs(if is_quick { 1 } else { 8 });
    let mut rows = vec![row("none, answers unseen", &Database::sqlite(), 1_000, duration, true).await];
    for (name, server) in [("SQLite", None), ("PostgreSQL", std::env::var("SOTER_TEST_POSTGRES").ok())] {
        if name == "PostgreSQL" && server.is_none() {
            eprintln!("skipped: SOTER_TEST_POSTGRES names no PostgreSQL server");
            continue;
        }
        let database = match server {
            Some(server) => Database::postgres(&server, "").await,
            None => Database::sqlite(),
        };
        for keys in sizes {
            rows.push(row(name, &database, *keys, duration, false).await);
        }
    }
    rows
}

async fn row(name: &str, database: &Database, keys: u32, duration: Duration, unverified: bool) -> Row {
    database.fill(keys).await;
    let database_size = database.size().await;
    let process =
        if unverified { Process::start_unverified(&database.url) } else { Process::start(&database.url) };
    let database_process = database.process().await;
    // What is cold at first is not what is measured.
    load::run(&process.address, keys, Load::SOME, duration / 4).await;
    let (challenge, some) = load::run(&process.address, keys, Load::SOME, duration).await;
    let at_half = Load { rate: Some(some.per_second / 2.0), ..Load::SOME };
    let (_, half) = load::run(&process.address, keys, at_half, duration / 2).await;
    let cpu = || (cpu_seconds(process.id()), database_process.map(cpu_seconds_of_all));
    let before = cpu();
    let (_, many) = load::run(&process.address, keys, Load::MANY, duration).await;
    let after = cpu();
    let results = many.per_second * duration.as_secs_f64();
    let (_, alone) = load::run(&process.address, keys, Load::ALONE, duration / 4).await;
    eprintln!("{name}, {keys} keys: {:.0} and {:.0} results a second", some.per_second, many.per_second);
    Row {
        database: name.to_owned(),
        keys,
        some,
        challenge,
        half,
        many,
        alone,
        service_cpu: (after.0 - before.0) / results,
        database_cpu: after.1.zip(before.1).map(|(after, before)| (after - before) / results),
        peak_memory: process.peak_memory(),
        database_size,
    }
}
