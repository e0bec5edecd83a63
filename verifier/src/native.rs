//! Signatures checked by a native library: aws-lc-rs or ring, which have the same functions.

use crate::cose_key::PublicKey;
use crate::signature::{Algorithm, SignatureVerifier, Signed};

/// Writes the checks of one library, whose `signature` module is given; and what the libraries don't have in common: how a point
/// is looked at, and P-521.
macro_rules! native {
    ($name:ident, $library:literal, $signature:path, $is_on_its_curve:path, $holds_es512:path) => {
        #[doc = concat!("Checks signatures with ", $library, ", at once, on the caller's thread.")]
        /// RSA keys must have 2,048 to 8,192 bits.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name;

        impl SignatureVerifier for $name {
            async fn can_use(&self, key: &PublicKey) -> bool {
                match uncompressed(key) {
                    Some(point) => $is_on_its_curve(key.algorithm(), &point),
                    // To the libraries 32 bytes are a key of Ed25519 whatever they are.
                    None => matches!(key, PublicKey::Rsa { .. } | PublicKey::EdDsa { .. }),
                }
            }

            async fn holds(&self, signed: Signed<'_>) -> bool {
                use $signature as library;
                let Signed { key, message, signature } = signed;
                let of_point = |algorithm| {
                    let point = uncompressed(key).unwrap_or_default();
                    library::UnparsedPublicKey::new(algorithm, point).verify(message, signature)
                };
                let holds = match key {
                    PublicKey::Es256 { .. } => of_point(&library::ECDSA_P256_SHA256_ASN1),
                    PublicKey::Es384 { .. } => of_point(&library::ECDSA_P384_SHA384_ASN1),
                    PublicKey::Es512 { .. } => return $holds_es512(signed),
                    PublicKey::Rsa { algorithm, n, e } => {
                        let parameters = match algorithm {
                            Algorithm::Rs256 => &library::RSA_PKCS1_2048_8192_SHA256,
                            Algorithm::Rs384 => &library::RSA_PKCS1_2048_8192_SHA384,
                            Algorithm::Rs512 => &library::RSA_PKCS1_2048_8192_SHA512,
                            Algorithm::Ps256 => &library::RSA_PSS_2048_8192_SHA256,
                            Algorithm::Ps384 => &library::RSA_PSS_2048_8192_SHA384,
                            Algorithm::Ps512 => &library::RSA_PSS_2048_8192_SHA512,
                            _ => return false,
                        };
                        library::RsaPublicKeyComponents { n, e }.verify(parameters, message, signature)
                    }
                    PublicKey::EdDsa { x } => {
                        library::UnparsedPublicKey::new(&library::ED25519, x).verify(message, signature)
                    }
                    _ => return false,
                };
                holds.is_ok()
            }
        }
    };
}

#[cfg(feature = "aws-lc-rs")]
native!(AwsLc, "aws-lc-rs", aws_lc_rs::signature, aws_lc::is_on_its_curve, aws_lc::holds_es512);
#[cfg(feature = "ring")]
native!(
    Ring,
    "ring, which does not have ES512",
    ring::signature,
    of_ring::is_on_its_curve,
    of_ring::holds_es512
);

#[cfg(feature = "aws-lc-rs")]
pub use AwsLc as Native;
#[cfg(not(feature = "aws-lc-rs"))]
pub use Ring as Native;

/// A point as SEC 1, §2.3.3, writes it; `None` for a key that has none.
fn uncompressed(key: &PublicKey) -> Option<Vec<u8>> {
    match key {
        PublicKey::Es256 { x, y } => Some([&[0x04][..], x, y].concat()),
        PublicKey::Es384 { x, y } => Some([&[0x04][..], x, y].concat()),
        PublicKey::Es512 { x, y } => Some([&[0x04][..], x, y].concat()),
        _ => None,
    }
}

#[cfg(feature = "aws-lc-rs")]
mod aws_lc {
    use super::{Algorithm, Signed, uncompressed};
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA512_ASN1, ParsedPublicKey,
        UnparsedPublicKey,
    };

    pub(super) fn is_on_its_curve(algorithm: Algorithm, point: &[u8]) -> bool {
        let algorithm = match algorithm {
            Algorithm::Es256 => &ECDSA_P256_SHA256_ASN1,
            Algorithm::Es384 => &ECDSA_P384_SHA384_ASN1,
            Algorithm::Es512 => &ECDSA_P521_SHA512_ASN1,
            _ => return false,
        };
        ParsedPublicKey::new(algorithm, point).is_ok()
    }

    pub(super) fn holds_es512(signed: Signed<'_>) -> bool {
        uncompressed(signed.key).is_some_and(|point| {
            let key = UnparsedPublicKey::new(&ECDSA_P521_SHA512_ASN1, point);
            key.verify(signed.message, signed.signature).is_ok()
        })
    }
}

#[cfg(feature = "ring")]
mod of_ring {
    use super::{Algorithm, Signed};

    /// ring looks at a point only together with a signature, and then does not say which of the two is wrong.
    pub(super) fn is_on_its_curve(algorithm: Algorithm, point: &[u8]) -> bool {
        match algorithm {
            Algorithm::Es256 => p256::PublicKey::from_sec1_bytes(point).is_ok(),
            Algorithm::Es384 => p384::PublicKey::from_sec1_bytes(point).is_ok(),
            _ => false,
        }
    }

    pub(super) const fn holds_es512(_: Signed<'_>) -> bool {
        false
    }
}
