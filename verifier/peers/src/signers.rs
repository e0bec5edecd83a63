//! Keys of each algorithm, for cases and measurements.

use crate::common::{es256_cose, sign};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use wx_soter_verifier::certificate_key;
use wx_soter_verifier::cose_key::PublicKey;
use wx_soter_verifier::signature::Algorithm;

/// From a message to its signature.
pub type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// A key pair.
pub struct Signer {
    /// As browsers and servers call it.
    pub name: &'static str,
    /// COSE number.
    pub algorithm: i64,
    /// The public key as a COSE key.
    pub cose: Vec<u8>,
    /// Signs as WebAuthn wants it.
    pub sign: Sign,
}

/// The key of the verifier's own tests.
pub fn es256() -> Signer {
    Signer { name: "ES256", algorithm: -7, cose: es256_cose(-7), sign: Box::new(sign) }
}

/// A new key of 2,048 bits.
pub fn rs256() -> Signer {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let spki: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    let cose = certificate_key::from_spki(spki.as_ref(), Algorithm::Rs256).unwrap().to_cose();
    let sign = move |message: &[u8]| {
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
        signature
    };
    Signer { name: "RS256", algorithm: -257, cose, sign: Box::new(sign) }
}

/// The key of a fixed seed.
pub fn eddsa() -> Signer {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[5; 32]).unwrap();
    let x = pair.public_key().as_ref().try_into().unwrap();
    let cose = PublicKey::EdDsa { x }.to_cose();
    let sign = move |message: &[u8]| pair.sign(message).as_ref().to_vec();
    Signer { name: "EdDSA", algorithm: -8, cose, sign: Box::new(sign) }
}

/// One of each.
pub fn all() -> [Signer; 3] {
    [es256(), rs256(), eddsa()]
}
