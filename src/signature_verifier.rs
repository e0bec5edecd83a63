//! What checks signatures, which this crate leaves to the platform.

use wx_soter_webauthn::algorithm::Algorithm;

/// Checks signatures.
pub trait SignatureVerifier {
    /// A public key that is ready.
    type PublicKey;

    /// Makes a public key ready, a `SubjectPublicKeyInfo` in DER; `None` where it is no key of that algorithm.
    async fn import(&self, algorithm: Algorithm, public_key: &[u8]) -> Option<Self::PublicKey>;

    /// Whether the signature is the key's over the message. ES256 signatures are r and s, 32 bytes each, as WebCrypto has
    /// them; false where the platform fails.
    async fn verify(&self, key: &Self::PublicKey, signature: &[u8], message: &[u8]) -> bool;
}
