//! Checking ES256 signatures.

use ecdsa::hazmat::verify_prehashed;
use p256::AffinePoint;
use p256::ecdsa::Signature;
use p256::elliptic_curve::point::AffineCoordinates as _;
use sha2::{Digest as _, Sha256};
use wx_soter_webauthn::{PublicKey, ecdsa_signature};

/// Whether the signature, DER as WebAuthn has it (§6.5.5), is the key's over the message. False for keys of other
/// algorithms.
#[must_use]
pub fn verify(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    ecdsa_signature::from_der(signature).is_some_and(|raw| verify_raw(key, message, &raw))
}

/// The same for a signature as WebCrypto takes it: two numbers of 32 bytes each.
#[must_use]
pub fn verify_raw(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    holds(key, message, signature).is_some()
}

fn holds(key: &PublicKey, message: &[u8], signature: &[u8]) -> Option<()> {
    let PublicKey::Es256 { x, y } = key else {
        return None;
    };
    let point = AffinePoint::from_coordinates(&(*x).into(), &(*y).into()).into_option()?;
    let signature = Signature::from_slice(signature).ok()?;
    verify_prehashed(&point.into(), &Sha256::digest(message), &signature).ok()
}

#[cfg(test)]
mod tests {
    use super::{verify, verify_raw};
    use crate::request::signed_bytes;
    use alloc::vec::Vec;
    use proptest::prelude::*;
    use wx_soter_webauthn::{AuthenticatorData, PublicKey, ecdsa_signature, vectors};

    #[test]
    fn the_specifications_own_signatures_hold() {
        let mut held = 0;
        for vector in vectors::all() {
            let data = AuthenticatorData::parse(&vector.registration.authenticator_data).unwrap();
            let Ok(key) = PublicKey::from_cose(data.new_credential().unwrap().public_key) else {
                continue;
            };
            let assertion = vector.assertion;
            let message = signed_bytes(&assertion.authenticator_data, &assertion.client_data_json);
            let holds = verify(&key, &message, &assertion.signature);
            assert_eq!(holds, matches!(key, PublicKey::Es256 { .. }), "{}", vector.name);
            assert!(!verify(&key, &message[1..], &assertion.signature));
            if let Some(mut raw) = ecdsa_signature::from_der(&assertion.signature).filter(|_| holds) {
                assert!(verify_raw(&key, &message, &raw));
                raw[63] ^= 1;
                assert!(!verify_raw(&key, &message, &raw));
                held += 1;
            }
        }
        assert!(held > 5);
    }

    proptest! {
        #[test]
        fn any_key_and_signature_are_checked(x: [u8; 32], y: [u8; 32], signature: Vec<u8>) {
            let key = PublicKey::Es256 { x, y };
            prop_assert!(!verify(&key, b"message", &signature));
            prop_assert!(!verify_raw(&key, b"message", &signature));
        }
    }
}
