//! Checks what authenticators and pages send, on a server: WebAuthn registrations and assertions, and the results of
//! `wx.startSoterAuthentication`, step by step in the order of WebAuthn Level 3, §7.1 and §7.2.
//!
//! The library reads no clock, no network and no storage, and it does not panic. The caller brings what it expects (the
//! challenge, a [`Policy`]), looks up the [`CredentialRecord`], and stores what comes back. Signatures are checked by a
//! [`SignatureVerifier`]: [`native::Native`] (feature `ring`, the default, or `aws-lc-rs`) or the caller's own.
//!
//! Keys may be of ES256, RS256 and EdDSA with Ed25519, and where the policy says so of ES384, ES512 (with aws-lc-rs; ring does not have it),
//! RS384, RS512, PS256, PS384 and PS512. Attestation may have the formats `none`, `packed`, `tpm`, `fido-u2f`, `apple` and `android-key`.
//!
//! Not supported are RS1 and whatever else has SHA-1, which is broken; Ed448 and ML-DSA, which neither ring nor most WebCryptos have; and the
//! formats `android-safetynet`, whose service Google has switched off, and `compound`. Whether a key with an unknown format is taken as one
//! without attestation is a matter of [`policy::UnknownFormat`].
//!
//! ```
//! # #[cfg(feature = "ring")]
//! # async fn example(json: &str, challenge: &[u8], sent: (&str, &str)) -> Result<(), wx_soter_verifier::Error> {
//! use wx_soter_verifier::{Policy, SoterResult, User, assertion, native::Native, registration};
//!
//! let policy = Policy::new("example.org", ["https://example.org"]);
//!
//! let response = registration::RegistrationResponse::from_json(json)?;
//! let expected = registration::Expected { challenge, ..Default::default() };
//! let record = registration::verify(&response, &expected, &policy, &Native).await?.record;
//!
//! let result = SoterResult::parse(sent.0, sent.1)?;
//! let expected = assertion::Expected { challenge: b"from the server", user: User::Identified(None), allowed: &[] };
//! let verified = result.verify(&record, &expected, &policy, &Native).await?;
//! // Store verified.record, on condition that nobody stored it since it was read.
//! # Ok(())
//! # }
//! ```

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
