//! A service that checks the results of `wx.startSoterAuthentication`, with WeChat's own HTTP contract. What holds and what
//! does not is decided by [`wx_soter_verifier`]; here are the calls, and what is kept between them.

#![forbid(unsafe_code)]

pub mod access_token;
pub mod body;
pub mod calls;
pub mod challenge;
pub mod clock;
pub mod error;
pub mod fetched_token;
pub mod health;
pub mod log;
pub mod metrics;
pub mod observation;
pub mod openapi;
pub mod rate_limit;
pub mod router;
pub mod run;
pub mod secret;
pub mod service;
pub mod settings;
pub mod store;
pub mod try_it;
pub mod verdict;
