//! The service under load, in a process of its own, over HTTP; prints Markdown. `DATABASE_URL`s of PostgreSQL come from
//! `SOTER_TEST_POSTGRES`, as in the tests; without it there is SQLite alone.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![allow(clippy::cast_possible_truncation, reason = "figures, not addresses")]

mod device;
mod load;
mod process;
mod stored_keys;
mod table;
mod unverified;

use load::Measured;
use process::Process;
use std::time::Duration;
use stored_keys::Database;

/// One row: the service on a database with so many keys.
pub struct Row {
    pub database: String,
    pub keys: u32,
    pub verify: Measured,
    pub challenge: Measured,
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
    let rows = runtime.block_on(measure(is_quick));
    table::print(&rows);
}

async fn measure(is_quick: bool) -> Vec<Row> {
    let sizes: &[u32] = if is_quick { &[1_000] } else { &[1_000, 100_000, 1_000_000] };
    let duration = Duration::from_secs(if is_quick { 1 } else { 8 });
    let mut rows = vec![row("none, answers unseen", &Database::sqlite(), 1_000, duration, true).await];
    for (name, server) in [("SQLite", None), ("PostgreSQL", std::env::var("SOTER_TEST_POSTGRES").ok())] {
        if name == "PostgreSQL" && server.is_none() {
            eprintln!("skipped: SOTER_TEST_POSTGRES names no PostgreSQL server");
            continue;
        }
        let database = match server {
            Some(server) => Database::postgres(&server).await,
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
    let process = Process::start(&database.url, unverified);
    // What is cold at first is not what is measured.
    load::run(&process.address, keys, duration / 4).await;
    let (challenge, verify) = load::run(&process.address, keys, duration).await;
    let peak_memory = process.peak_memory();
    eprintln!("{name}, {keys} keys: {:.0} results a second", verify.per_second);
    Row { database: name.to_owned(), keys, verify, challenge, peak_memory, database_size }
}
