//! Signatures: what is to be checked, and who checks it.

use crate::cose_key::PublicKey;
use std::future::Future;

/// The algorithms of keys and signatures. COSE numbers (IANA, "COSE Algorithms").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA over P-256 with SHA-256, -7.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, -257; what Windows Hello makes on many machines.
    Rs256,
    /// EdDSA over Curve25519, -8.
    EdDsa,
}

impl Algorithm {
    /// The algorithm of that COSE number.
    #[must_use]
    pub const fn from_cose(number: i64) -> Option<Self> {
        match number {
            -7 => Some(Self::Es256),
            -257 => Some(Self::Rs256),
            -8 => Some(Self::EdDsa),
            _ => None,
        }
    }

    /// Its COSE number.
    #[must_use]
    pub const fn to_cose(self) -> i64 {
        match self {
            Self::Es256 => -7,
            Self::Rs256 => -257,
            Self::EdDsa => -8,
        }
    }
}

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
    /// Whether the signature holds. False for anything else, a key that the implementation cannot use included.
    fn holds(&self, signed: Signed<'_>) -> impl Future<Output = bool>;
}

impl<V: SignatureVerifier> SignatureVerifier for &V {
    fn holds(&self, signed: Signed<'_>) -> impl Future<Output = bool> {
        (**self).holds(signed)
    }
}
