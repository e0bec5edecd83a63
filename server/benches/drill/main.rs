//! What becomes of the service when its database fails. In each of three zones there are a PostgreSQL under Patroni with an etcd, and an
//! instance; all instances are under load, and one failure comes after the other. Prints Markdown. `cargo xtask drill` starts it, in a
//! network of its own.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod client;
mod cluster;
mod device;
mod fault;
mod instance;
mod ledger;
mod load;
mod machine;
mod network;
mod readiness;
mod table;

use anyhow::{Context, Result, ensure};
use clap::{Parser, ValueEnum};
use client::Client;
use fault::Fault;
use instance::Instance;
use ledger::Losses;
use load::Load;
use machine::Machine;
use network::ZONES;
use readiness::{Readiness, Times};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

/// Of a whole drill.
const LONGEST: Duration = Duration::from_secs(35 * 60);

/// Three nodes are healthy, or again, by then.
const HEALTHY: Duration = Duration::from_secs(240);

/// Load before a failure, and after the recovery.
const STEADY: Duration = Duration::from_secs(8);

/// A failure lasts for so long after another primary accepts calls, or where there is to be none.
const AFTERWARDS: Duration = Duration::from_secs(10);
const WITHOUT_FAILOVER: Duration = Duration::from_secs(30);

/// And for no longer than that.
const LONGEST_FAILURE: Duration = Duration::from_secs(100);

#[derive(Parser)]
pub struct Arguments {
    /// The folder of PostgreSQL's programs
    #[arg(long)]
    postgres: PathBuf,
    /// A folder for what all programs print
    #[arg(long)]
    logs: PathBuf,
    /// These failures only
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Fault>,
    /// Without waiting for a standby, as Patroni has it unless told otherwise: to see that losses are found
    #[arg(long)]
    asynchronous: bool,
    /// What `cargo bench` says to each
    #[arg(long, hide = true)]
    bench: bool,
}

impl Arguments {
    /// Patroni's `synchronous_mode`, and what it calls a standby then.
    const fn replication(&self) -> (&'static str, &'static str) {
        if self.asynchronous { ("off", "replica") } else { ("quorum", "quorum_standby") }
    }
}

/// One failure. Times are since its beginning.
pub struct Row {
    pub fault: Fault,
    /// Results, registrations and removals until the end of the recovery.
    pub accepted: usize,
    pub losses: Losses,
    /// The longest time in which no instance accepted a call.
    pub without_service: Duration,
    pub times: Times,
    pub ended: Duration,
    pub healthy: Duration,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let drill = async { timeout(LONGEST, drill(arguments)).await.context("it takes too long")? };
    let rows = runtime.block_on(drill)?;
    let table = table::markdown(&rows);
    let is_good = rows.iter().all(|row| row.losses == Losses::default());
    if !is_good {
        eprintln!("{table}");
    }
    ensure!(is_good, "what was said did not hold: the logs are in {}", arguments.logs.display());
    print(&table);
    Ok(())
}

#[allow(clippy::print_stdout, reason = "this is what the program is for")]
fn print(table: &str) {
    print!("{table}");
}

/// Everything that runs.
struct Site {
    machines: [Machine; 3],
    instances: Vec<Instance>,
    load: Arc<Load>,
    readiness: Readiness,
    /// What a standby is called that is as it should be.
    standby: &'static str,
}

async fn drill(arguments: &Arguments) -> Result<Vec<Row>> {
    network::build()?;
    let mut site = site(arguments).await?;
    let mut rows = Vec::new();
    let chosen = |fault: &Fault| arguments.only.is_empty() || arguments.only.contains(fault);
    for fault in Fault::value_variants().iter().copied().filter(chosen) {
        let row = fail(fault, &mut site).await.with_context(|| fault.text())?;
        eprintln!("{}", table::markdown(std::slice::from_ref(&row)).lines().last().unwrap_or_default());
        rows.push(row);
    }
    Ok(rows)
}

async fn site(arguments: &Arguments) -> Result<Site> {
    eprintln!("three nodes start ...");
    let [a, b, c] = ZONES.map(|zone| Machine::start(arguments, zone));
    let machines = [a?, b?, c?];
    cluster::healthy(arguments.replication().1, HEALTHY).await?;
    cluster::prepare().await?;
    eprintln!("three instances start ...");
    let mut instances = Vec::new();
    for zone in ZONES {
        instances.push(Instance::start(arguments, zone).await?);
    }
    let readiness = Readiness::watch();
    let (load, standby) = (Load::new(Client::new()), arguments.replication().1);
    let mut site = Site { machines, instances, load, readiness, standby };
    site.is_ready().await?;
    site.load.register_users().await?;
    Ok(site)
}

impl Site {
    async fn is_ready(&mut self) -> Result<()> {
        let started = Instant::now();
        while !self.readiness.are_all_ready() {
            self.instances.iter_mut().try_for_each(Instance::ensure_runs)?;
            ensure!(started.elapsed() < HEALTHY, "an instance is not ready, though all nodes are healthy");
            sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    /// Whether calls were accepted within the last second.
    fn serves(&self) -> bool {
        self.load.client.last_accepted().is_some_and(|time| time.elapsed() < Duration::from_secs(1))
    }
}

async fn fail(fault: Fault, site: &mut Site) -> Result<Row> {
    let running = site.load.start();
    sleep(STEADY).await;
    ensure!(site.serves(), "no call is accepted, though nothing has failed");
    let primary = cluster::primary(None).await.context("there is no primary")?;
    eprintln!("{} (zone {primary}) ...", fault.text());
    let began = Instant::now();
    fault.begin(&mut site.machines, primary)?;
    if fault.fails_over() {
        while began.elapsed() < LONGEST_FAILURE {
            let next = cluster::primary(Some(primary)).await;
            if next.is_some_and(|next| next != primary) && site.serves() {
                sleep(AFTERWARDS).await;
                break;
            }
            sleep(Duration::from_millis(200)).await;
        }
    } else {
        sleep(WITHOUT_FAILOVER).await;
    }
    fault.end(&mut site.machines, primary)?;
    let ended = began.elapsed();
    cluster::healthy(site.standby, HEALTHY).await?;
    let healthy = began.elapsed();
    site.is_ready().await?;
    sleep(STEADY).await;
    let (accepted, without_service) = site.load.client.accepted_between(began, Instant::now());
    let times = site.readiness.since(began);
    running.stop().await?;
    let (losses, others) = site.load.check().await?;
    if !others.is_empty() {
        eprintln!("other answers: {}", others.join(", "));
    }
    Ok(Row { fault, accepted, losses, without_service, times, ended, healthy })
}
