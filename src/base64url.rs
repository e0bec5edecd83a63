//! Base64 in the two forms that are in use here.

use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};

/// Base64url without padding, WebAuthn's form.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Reads base64url without padding.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

/// Base64 with padding, the form of `resultJSONSignature`.
#[must_use]
pub fn encode_base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}
