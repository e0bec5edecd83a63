//! `@simplewebauthn/server` in a Node of its own, which verifies when it is told to.

use anyhow::{Context, Result};
use serde_json::Value;
use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The process.
pub struct Node {
    /// What it is, with the versions of it.
    pub version: String,
    child: Child,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Node {
    /// Starts it with the assertion that it will verify.
    pub fn start(question: &Value) -> Result<Self> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/js/speed.mjs");
        let mut node = Command::new("node");
        node.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = node.spawn().context("cannot start node")?;
        let mut orders = child.stdin.take().context("node has no standard input")?;
        let mut answers = BufReader::new(child.stdout.take().context("node has no output")?).lines();
        writeln!(orders, "{question}")?;
        let version = answers.next().context("node has ended")??;
        Ok(Self { version, child, orders, answers })
    }

    /// Has it verify so many times, one after the other; the seconds that this took.
    pub fn run(&mut self, times: usize) -> Result<f64> {
        writeln!(self.orders, "{times}")?;
        let seconds = self.answers.next().context("node has ended")??;
        seconds.parse().context("node answered no number")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
