//! What backends were told, and whether it holds.

use crate::device::Device;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::ops::AddAssign;

/// A key that was registered for an openid of its own, and what became of it.
pub struct User {
    pub device: Device,
    pub standing: Standing,
    pub results: Vec<Submitted>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// `register_key` said ok.
    Registered,
    /// `remove_key` said ok.
    Removed,
    /// `remove_key` was called, and nobody knows.
    Uncertain,
}

/// A result that was submitted, perhaps without a verdict.
pub struct Submitted {
    pub body: Value,
    pub is_accepted: bool,
}

/// What must not happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// Results with which two calls were told ok, under load.
    pub accepted_twice: u32,
    /// Results that were accepted, and later again, or whose challenge is not known any more as used.
    pub results: u32,
    /// Keys that were registered, and are not there.
    pub keys: u32,
    /// Keys that were removed, and are there, or come back.
    pub removals: u32,
}

impl AddAssign for Losses {
    fn add_assign(&mut self, other: Self) {
        self.accepted_twice += other.accepted_twice;
        self.results += other.results;
        self.keys += other.keys;
        self.removals += other.removals;
    }
}

#[derive(Default)]
pub struct Ledger {
    /// Registered, and no call is under way with them.
    pub idle: VecDeque<User>,
    /// No longer used.
    pub past: Vec<User>,
    pub losses: Losses,
    /// Answers that a failure may bring, but that are no loss: how often which came.
    pub others: BTreeMap<String, u32>,
}

impl Ledger {
    pub fn note(&mut self, call: &str, answer: &str) {
        *self.others.entry(format!("{call}: {answer}")).or_default() += 1;
    }
}
