//! soter-server as its clients, its operators and its databases see it. One program for all of it but
//! `failover`: linking takes longer than compiling.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod apps;
mod attestation;
mod audit;
mod bad_input;
mod calls;
mod cancelled;
mod clocks;
mod common;
mod forgetting;
mod full_disk;
mod further_keys;
mod instances;
mod kill;
mod limits;
mod list_keys;
mod network;
mod openapi;
mod operation;
mod pgbouncer;
mod readiness;
mod settings;
mod store;
mod upstream;
