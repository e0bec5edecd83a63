//! An authenticator in software (WebAuthn Level 3, §6), with ES256 keys. It keeps nothing and asks nobody: who uses it
//! stores its credentials, and says in the flags whether a person was there.
//!
//! ```
//! use wx_soter_authenticator::{Credential, Request, verify};
//! use wx_soter_webauthn::{AuthenticatorData, ClientData, base64url, client_data};
//!
//! # fn example() -> Option<()> {
//! let mut credential = Credential::new([3; 32], b"an id".to_vec())?;
//! let client_data = ClientData {
//!     kind: client_data::GET.into(),
//!     challenge: base64url::encode(b"a challenge"),
//!     origin: "https://example.org".into(),
//!     ..ClientData::default()
//! };
//! let response = credential.get(&Request::new("example.org", &client_data));
//! assert_eq!(AuthenticatorData::parse(&response.authenticator_data).ok()?.sign_count, 1);
//! # Some(())
//! # }
//! # example().unwrap();
//! ```

#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used))]

extern crate alloc;

mod credential;
mod request;
mod verify;

pub use credential::{Credential, MAX_ID_SIZE};
pub use request::{AAGUID, Attestation, Request, signed_bytes};
pub use verify::{verify, verify_raw};
