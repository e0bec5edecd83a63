//! Verifications per second on one core, as a table in Markdown: `cargo run --release --bin speed -- [--quick]`.
//!
//! All ways take turns, round after round, so that what else the machine does hits all alike. Each figure is a median.

use anyhow::{Context, Result};
use std::hint::black_box;
use std::time::Instant;
use wx_soter_verifier_peers::contest::{Contestant, Verify, contestants};
use wx_soter_verifier_peers::node::Node;
use wx_soter_verifier_peers::signers;

/// One turn takes about this long: less than the system leaves a program undisturbed, so that the median is one of an
/// undisturbed turn.
const SECONDS_FOR_ONE_TURN: f64 = 0.002;
/// So many verifications bring the slowest, Node, up to speed.
const WARMING_UP: usize = 1000;

fn main() -> Result<()> {
    let rounds = if std::env::args().any(|argument| argument == "--quick") { 20 } else { 500 };
    println!(
        "| verifications of one assertion per second, one core, {rounds} rounds | ES256 | RS256 | EdDSA |"
    );
    println!("| --- | ---: | ---: | ---: |");
    let columns: Vec<Vec<Row>> =
        signers::all().iter().map(|signer| measure(signer, rounds)).collect::<Result<_>>()?;
    let first = columns.first().context("there are no algorithms")?;
    for (at, row) in first.iter().enumerate() {
        let cells = columns.iter().filter_map(|column| column.get(at)).map(Row::cell);
        println!("| {} | {} |", row.name, cells.collect::<Vec<_>>().join(" | "));
    }
    Ok(())
}

/// A way to verify, with the rate that it reached in each round.
struct Row {
    name: String,
    rates: Vec<f64>,
    /// To the row that it is measured against, in each round.
    ratios: Vec<f64>,
}

impl Row {
    fn cell(&self) -> String {
        match (median(&self.rates), median(&self.ratios)) {
            (Some(rate), Some(ratio)) => format!("{} ({ratio:.2})", thousands(rate)),
            (Some(rate), None) => thousands(rate),
            (None, _) => String::new(),
        }
    }
}

fn measure(signer: &signers::Signer, rounds: usize) -> Result<Vec<Row>> {
    let (mut contestants, question) = contestants(signer);
    let mut node = Node::start(&question)?;
    node.run(WARMING_UP)?;
    let times: Vec<usize> = contestants.iter_mut().map(times_for_a_turn).collect();
    let node_times = times_for(|times| node.run(times).unwrap_or(f64::INFINITY));
    let named = |name: &str| Row { name: name.to_owned(), rates: Vec::new(), ratios: Vec::new() };
    let mut rows: Vec<Row> = contestants.iter().map(|contestant| named(contestant.name)).collect();
    let mut node_row = named(&node.version);
    for _ in 0..rounds {
        let mut rates = Vec::new();
        for (contestant, times) in contestants.iter_mut().zip(&times) {
            rates.push(contestant.verify.as_mut().map(|verify| *times as f64 / seconds(verify, *times)));
        }
        for ((row, rate), contestant) in rows.iter_mut().zip(&rates).zip(&contestants) {
            row.rates.extend(rate);
            let against = contestant.against.and_then(|against| rates.get(against).copied().flatten());
            row.ratios.extend(rate.zip(against).map(|(rate, against)| rate / against));
        }
        node_row.rates.push(node_times as f64 / node.run(node_times)?);
    }
    rows.push(node_row);
    Ok(rows)
}

fn times_for_a_turn(contestant: &mut Contestant) -> usize {
    match &mut contestant.verify {
        Some(verify) => times_for(|times| seconds(verify, times)),
        None => 0,
    }
}

/// How many fill a turn.
fn times_for(mut seconds: impl FnMut(usize) -> f64) -> usize {
    let mut times = 1;
    while seconds(times) < SECONDS_FOR_ONE_TURN && times < 1 << 20 {
        times *= 2;
    }
    times
}

fn seconds(verify: &mut Verify, times: usize) -> f64 {
    let started = Instant::now();
    for _ in 0..times {
        assert!(black_box(verify()));
    }
    started.elapsed().as_secs_f64()
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

fn thousands(rate: f64) -> String {
    let digits = format!("{rate:.0}");
    match digits.len().checked_sub(3).filter(|at| *at > 0) {
        Some(at) => format!("{},{}", &digits[..at], &digits[at..]),
        None => digits,
    }
}
