//! What the fuzz targets share: the relying party and the authenticator of the verifier's own tests, and the inputs to start
//! from.

#[path = "../../tests/common/mod.rs"]
pub mod common;
pub mod samples;
