//! A service that checks the results of `wx.startSoterAuthentication`, with WeChat's own HTTP contract. What holds and what
//! does not is decided by [`wx_soter_verifier`]; here are the HTTP handlers and the storage.

#![forbid(unsafe_code)]

pub mod app_token;
pub mod audit;
pub mod backup;
pub mod body;
pub mod caller;
pub mod challenge;
pub mod check;
pub mod clock;
pub mod clock_difference;
pub mod credentials;
pub mod database_url;
pub mod disk_reserve;
pub mod environment;
pub mod error;
pub mod extract;
pub mod getting_started;
pub mod handlers;
pub mod health;
pub mod inspection;
pub mod listen;
pub mod listener;
pub mod log;
pub mod metrics;
pub mod nearest;
pub mod observation;
pub mod openapi;
pub mod rate_limit;
pub mod readiness;
pub mod router;
pub mod run;
pub mod secret;
pub mod service;
pub mod session_pooling;
pub mod settings;
pub mod settings_file;
pub mod signals;
pub mod single_process;
pub mod store;
pub mod unreached;
pub mod upstream;
pub mod verdict;
