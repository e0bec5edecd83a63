#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used))]

pub mod assertion;
pub mod attestation;
pub mod authenticator_data;
pub mod certificate_key;
pub mod client_data;
mod error;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub mod native;
pub mod policy;
mod record;
pub mod registration;
mod result;
pub mod rsa_limits;
pub mod signature;

pub use assertion::User;
pub use error::Error;
pub use policy::Policy;
pub use record::CredentialRecord;
pub use result::SoterResult;
pub use signature::SignatureVerifier;
pub use wx_soter_webauthn::{cbor, cose_key};
