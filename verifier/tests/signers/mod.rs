//! New keys of every algorithm, made by another library than the one that checks by default.
#![allow(dead_code, missing_docs, clippy::expect_used, clippy::unwrap_used)]

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P521_SHA512_ASN1_SIGNING,
    EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaKeyPair, RsaSignatureEncoding,
};
use std::rc::Rc;
use wx_soter_verifier::certificate_key;
use wx_soter_verifier::cose_key::PublicKey;
use wx_soter_verifier::signature::Algorithm;

/// From a message to its signature.
pub type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// A key pair.
pub struct Signer {
    pub key: PublicKey,
    /// Signs as WebAuthn wants it.
    pub sign: Sign,
}

impl Signer {
    pub fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }
}

fn ec(algorithm: Algorithm, signing: &'static EcdsaSigningAlgorithm) -> Signer {
    let pair = EcdsaKeyPair::generate(signing).unwrap();
    let spki: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    let key = certificate_key::from_spki(spki.as_ref(), algorithm).unwrap();
    let sign = move |message: &[u8]| pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec();
    Signer { key, sign: Box::new(sign) }
}

pub fn es256() -> Signer {
    ec(Algorithm::Es256, &ECDSA_P256_SHA256_ASN1_SIGNING)
}

pub fn es384() -> Signer {
    ec(Algorithm::Es384, &ECDSA_P384_SHA384_ASN1_SIGNING)
}

pub fn es512() -> Signer {
    ec(Algorithm::Es512, &ECDSA_P521_SHA512_ASN1_SIGNING)
}

pub fn eddsa() -> Signer {
    let pair = Ed25519KeyPair::generate().unwrap();
    let key = PublicKey::EdDsa { x: pair.public_key().as_ref().try_into().unwrap() };
    Signer { key, sign: Box::new(move |message| pair.sign(message).as_ref().to_vec()) }
}

/// One key of 2,048 bits, used with each of RSA's algorithms.
pub fn rsa() -> [Signer; 6] {
    let pair = Rc::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap());
    let encodings: [(Algorithm, &'static RsaSignatureEncoding); 6] = [
        (Algorithm::Rs256, &RSA_PKCS1_SHA256),
        (Algorithm::Rs384, &RSA_PKCS1_SHA384),
        (Algorithm::Rs512, &RSA_PKCS1_SHA512),
        (Algorithm::Ps256, &RSA_PSS_SHA256),
        (Algorithm::Ps384, &RSA_PSS_SHA384),
        (Algorithm::Ps512, &RSA_PSS_SHA512),
    ];
    encodings.map(|(algorithm, encoding)| {
        let pair = Rc::clone(&pair);
        let spki: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
        let key = certificate_key::from_spki(spki.as_ref(), algorithm).unwrap();
        let sign = move |message: &[u8]| {
            let mut signature = vec![0; pair.public_modulus_len()];
            pair.sign(encoding, &SystemRandom::new(), message, &mut signature).unwrap();
            signature
        };
        Signer { key, sign: Box::new(sign) }
    })
}

/// One of each algorithm.
pub fn all() -> Vec<Signer> {
    [es256(), es384(), es512(), eddsa()].into_iter().chain(rsa()).collect()
}
