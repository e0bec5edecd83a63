//! WebCrypto: signatures and random numbers.

use super::Browser;
use super::value::global;
use crate::signature_verifier::SignatureVerifier;
use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};
use wx_soter_webauthn::algorithm::Algorithm;

/// A public key with what WebCrypto has to know of its algorithm.
pub struct PublicKey {
    key: CryptoKey,
    algorithm: Object,
}

/// `crypto.subtle`, which [`crate::environment`] has looked for.
fn subtle() -> SubtleCrypto {
    global("crypto.subtle").unchecked_into()
}

/// 32 random bytes; `None` where there are none to give.
#[must_use]
pub fn random() -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let filled =
        super::value::call(&global("crypto"), "getRandomValues", &[Uint8Array::new_with_length(32).into()])?;
    filled.dyn_into::<Uint8Array>().ok().filter(|filled| filled.length() == 32)?.copy_to(&mut bytes);
    Some(bytes)
}

impl SignatureVerifier for Browser {
    type PublicKey = PublicKey;

    async fn import(&self, algorithm: Algorithm, public_key: &[u8]) -> Option<PublicKey> {
        let parameters: &[(&str, &str)] = match algorithm {
            Algorithm::Es256 => &[("name", "ECDSA"), ("namedCurve", "P-256"), ("hash", "SHA-256")],
            Algorithm::Rs256 => &[("name", "RSASSA-PKCS1-v1_5"), ("hash", "SHA-256")],
            _ => return None,
        };
        let algorithm = Object::new();
        for (name, value) in parameters {
            Reflect::set(&algorithm, &(*name).into(), &(*value).into()).ok()?;
        }
        let usages = js_sys::Array::of1(&"verify".into());
        let imported = subtle().import_key_with_object(
            "spki",
            &Uint8Array::from(public_key),
            &algorithm,
            false,
            &usages,
        );
        let key = JsFuture::from(imported.ok()?).await.ok()?.unchecked_into();
        Some(PublicKey { key, algorithm })
    }

    async fn verify(&self, key: &PublicKey, signature: &[u8], message: &[u8]) -> bool {
        let PublicKey { key, algorithm } = key;
        let (signature, message) = (Uint8Array::from(signature), Uint8Array::from(message));
        let asked =
            subtle().verify_with_object_and_js_u8_array_and_js_u8_array(algorithm, key, &signature, &message);
        match asked {
            Ok(verified) => JsFuture::from(verified).await.is_ok_and(|holds| holds == JsValue::TRUE),
            Err(_) => false,
        }
    }
}
