//! What the fuzz targets share: the relying party and the authenticator of the verifier's own tests, the inputs to start
//! from, and CBOR written again.

#[path = "../../tests/common/mod.rs"]
pub mod common;
pub mod rewritten;
pub mod samples;
