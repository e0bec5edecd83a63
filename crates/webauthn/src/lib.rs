#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used))]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod algorithm;
pub mod attestation_object;
pub mod authenticator_data;
pub mod base64;
pub mod base64url;
pub mod cbor;
pub mod client_data;
pub mod cose_key;
pub mod ecdsa_signature;
mod error;
pub mod flags;
#[cfg(feature = "serde")]
pub mod json;
pub mod json_string;
#[cfg(feature = "json")]
pub mod json_text;
pub mod response;
#[cfg(feature = "serde")]
pub mod result_json;
mod spki;
#[cfg(feature = "vectors")]
pub mod vectors;

pub use algorithm::Algorithm;
pub use attestation_object::AttestationObject;
pub use authenticator_data::{AttestedCredentialData, AuthenticatorData};
pub use client_data::{Ceremony, ClientData};
pub use cose_key::PublicKey;
pub use error::Error;
pub use flags::Flags;
