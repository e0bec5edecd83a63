//! What WebCrypto is asked: whether one signature holds.

use crate::base64_url::Base64Url;
use crate::raw_signature;
use serde::Serialize;
use wx_soter_verifier::cose_key::PublicKey;
use wx_soter_verifier::signature::Signed;

/// A signature to be checked, in WebCrypto's terms.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    jwk: Jwk,
    message: Vec<u8>,
    signature: Vec<u8>,
}

/// A public key as a JSON Web Key (RFC 7517), whose `kty` tells the algorithm here.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kty")]
enum Jwk {
    #[serde(rename = "EC")]
    Es256 { crv: &'static str, x: Base64Url, y: Base64Url },
    #[serde(rename = "RSA")]
    Rs256 { n: Base64Url, e: Base64Url },
    #[serde(rename = "OKP")]
    EdDsa { crv: &'static str, x: Base64Url },
}

impl Question {
    /// `None` where there is nothing to ask, because it cannot hold.
    pub fn about(signed: Signed<'_>) -> Option<Self> {
        let Signed { key, message, signature } = signed;
        let (jwk, signature) = match key {
            PublicKey::Es256 { x, y } => {
                let jwk = Jwk::Es256 { crv: "P-256", x: Base64Url(x.to_vec()), y: Base64Url(y.to_vec()) };
                (jwk, raw_signature::from_der(signature)?)
            }
            PublicKey::Rs256 { n, e } => {
                let jwk = Jwk::Rs256 { n: Base64Url(n.clone()), e: Base64Url(e.clone()) };
                (is_safe_rsa(n, e).then_some(jwk)?, signature.to_vec())
            }
            PublicKey::EdDsa { x } => {
                (Jwk::EdDsa { crv: "Ed25519", x: Base64Url(x.to_vec()) }, signature.to_vec())
            }
        };
        Some(Self { jwk, message: message.to_vec(), signature })
    }
}

/// 2,048 to 8,192 bits, and an odd exponent from 3 to 33 bits: what native libraries take, while WebCrypto takes less.
fn is_safe_rsa(n: &[u8], e: &[u8]) -> bool {
    let is_modulus = (2048..=8192).contains(&bits(n));
    let is_exponent = e != [1] && e.last().is_some_and(|last| last % 2 == 1) && bits(e) <= 33;
    is_modulus && is_exponent
}

/// How many bits a number without leading zeros has.
fn bits(number: &[u8]) -> usize {
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::{Question, is_safe_rsa};
    use wx_soter_verifier::cose_key::PublicKey;
    use wx_soter_verifier::signature::Signed;

    #[test]
    fn weak_rsa_keys_are_not_asked_about() {
        let number = |first, length: usize| [vec![first], vec![0xff; length - 1]].concat();
        let e = [1, 0, 1];
        assert!(is_safe_rsa(&number(0x80, 256), &e));
        assert!(is_safe_rsa(&number(0xff, 1024), &[3]));
        assert!(!is_safe_rsa(&number(0x7f, 256), &e));
        assert!(!is_safe_rsa(&number(1, 1025), &e));
        for bad in [&[1][..], &[2], &[1, 0, 0], &[2, 0, 0, 0, 1], &[]] {
            assert!(!is_safe_rsa(&number(0x80, 256), bad), "{bad:02x?}");
        }
    }

    #[test]
    fn a_question_is_in_terms_of_web_crypto() {
        let key = PublicKey::EdDsa { x: [0xff; 32] };
        let signed = Signed { key: &key, message: &[1, 2], signature: &[3] };
        let asked = serde_json::to_string(&Question::about(signed)).unwrap();
        let x = "_".repeat(42);
        let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}8"}}"#);
        assert_eq!(asked, format!(r#"{{"jwk":{jwk},"message":[1,2],"signature":[3]}}"#));
        let key = PublicKey::Es256 { x: [1; 32], y: [2; 32] };
        assert_eq!(Question::about(Signed { key: &key, message: &[], signature: b"no DER" }), None);
    }
}
