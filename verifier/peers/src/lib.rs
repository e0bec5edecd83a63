//! The same cases for the verifier and for WebAuthn libraries of other people.

pub mod cases;
#[path = "../../tests/common/mod.rs"]
pub mod common;
pub mod contest;
pub mod differences;
#[path = "../../tests/signers/mod.rs"]
pub mod every_signer;
pub mod node;
pub mod signers;
pub mod vectors;
pub mod webauthn_rs;
