//! Signatures: what is to be checked, and who checks it.

use std::future::Future;
use wx_soter_webauthn::PublicKey;

pub use wx_soter_webauthn::Algorithm;

/// A signature may have this many bytes: RSA with 8,192 bits.
pub const MAX_SIZE: usize = 1024;

/// A signature that is to be checked.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The key that is said to have signed; it names the algorithm.
    pub key: &'a PublicKey,
    /// What was signed. It is not hashed yet.
    pub message: &'a [u8],
    /// The signature as WebAuthn has it (§6.5.5): ECDSA's as DER.
    pub signature: &'a [u8],
}

/// Checks signatures. It may take its time, as WebCrypto does.
pub trait SignatureVerifier {
    /// Whether signatures of that key can be checked here at all: the algorithm is known, and the key is one (a point lies on its
    /// curve). A new key is asked about before it is stored. The limits of [`rsa_limits`](crate::rsa_limits) are looked at besides.
    fn can_use(&self, key: &PublicKey) -> impl Future<Output = bool>;

    /// Whether the signature holds. False for anything else, a key that the implementation cannot use included.
    fn holds(&self, signed: Signed<'_>) -> impl Future<Output = bool>;
}

impl<V: SignatureVerifier> SignatureVerifier for &V {
    fn can_use(&self, key: &PublicKey) -> impl Future<Output = bool> {
        (**self).can_use(key)
    }

    fn holds(&self, signed: Signed<'_>) -> impl Future<Output = bool> {
        (**self).holds(signed)
    }
}
