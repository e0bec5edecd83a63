//! Signatures checked by a native library: aws-lc-rs or ring, which have the same functions.

use crate::cose_key::PublicKey;
use crate::signature::{SignatureVerifier, Signed};

/// Writes the checks of one library, whose `signature` module is given.
macro_rules! native {
    ($name:ident, $library:literal, $signature:path) => {
        #[doc = concat!("Checks signatures with ", $library, ", at once, on the caller's thread.")]
        /// RSA keys must have 2,048 to 8,192 bits.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name;

        impl SignatureVerifier for $name {
            async fn holds(&self, signed: Signed<'_>) -> bool {
                use $signature as library;
                let Signed { key, message, signature } = signed;
                let holds = match key {
                    PublicKey::Es256 { x, y } => {
                        let point = [&[0x04][..], x, y].concat();
                        library::UnparsedPublicKey::new(&library::ECDSA_P256_SHA256_ASN1, point)
                            .verify(message, signature)
                    }
                    PublicKey::Rs256 { n, e } => {
                        let key = library::RsaPublicKeyComponents { n, e };
                        key.verify(&library::RSA_PKCS1_2048_8192_SHA256, message, signature)
                    }
                    PublicKey::EdDsa { x } => {
                        library::UnparsedPublicKey::new(&library::ED25519, x).verify(message, signature)
                    }
                };
                holds.is_ok()
            }
        }
    };
}

#[cfg(feature = "aws-lc-rs")]
native!(AwsLc, "aws-lc-rs", aws_lc_rs::signature);
#[cfg(feature = "ring")]
native!(Ring, "ring", ring::signature);

#[cfg(feature = "aws-lc-rs")]
pub use AwsLc as Native;
#[cfg(not(feature = "aws-lc-rs"))]
pub use Ring as Native;
