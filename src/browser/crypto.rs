//! WebCrypto.

use super::{Browser, json, sys};
use crate::device::Crypto;
use crate::failure::Failure;
use crate::key::Key;
use crate::signature::{Algorithm, es256_der_to_p1363};
use js_sys::{Array, Promise, Uint8Array};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

impl Crypto for Browser {
    fn random(&self) -> Result<[u8; 32], Failure> {
        let bytes = Uint8Array::new_with_length(32);
        sys::call(&sys::global("crypto"), "getRandomValues", &[&bytes])
            .map_err(|error| Failure::internal(sys::describe(&error)))?;
        let mut random = [0; 32];
        bytes.copy_to(&mut random);
        Ok(random)
    }

    async fn sha256(&self, bytes: &[u8]) -> [u8; 32] {
        let digest = subtle("digest", &[&"SHA-256".into(), &Uint8Array::from(bytes)]).await;
        let mut hash = [0; 32];
        if let Ok(digest) = digest {
            let digest = Uint8Array::new(&digest);
            if digest.length() == 32 {
                digest.copy_to(&mut hash);
            }
        }
        hash
    }

    async fn verify(&self, key: &Key, signed: &[u8], signature: &[u8]) -> bool {
        let signature = match key.algorithm {
            Algorithm::Es256 => match es256_der_to_p1363(signature) {
                Some(raw) => Uint8Array::from(raw.as_slice()),
                None => return false,
            },
            Algorithm::Rs256 => Uint8Array::from(signature),
        };
        let parameters = Parameters::of(key.algorithm);
        let import = [
            &JsValue::from("spki"),
            &Uint8Array::from(key.public_key.as_slice()),
            &parameters,
            &JsValue::FALSE,
            &Array::of1(&"verify".into()),
        ];
        let Ok(public_key) = subtle("importKey", &import).await else {
            return false;
        };
        let verified = subtle(
            "verify",
            &[&parameters, &public_key, &signature, &Uint8Array::from(signed)],
        )
        .await;
        verified.is_ok_and(|verified| verified == JsValue::TRUE)
    }
}

/// The parameters of both `importKey` and `verify`; each ignores what only the other needs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    name: &'static str,
    hash: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    named_curve: Option<&'static str>,
}

impl Parameters {
    fn of(algorithm: Algorithm) -> JsValue {
        let (name, named_curve) = match algorithm {
            Algorithm::Es256 => ("ECDSA", Some("P-256")),
            Algorithm::Rs256 => ("RSASSA-PKCS1-v1_5", None),
        };
        json::to_js(&Self {
            name,
            hash: "SHA-256",
            named_curve,
        })
    }
}

async fn subtle(method: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let subtle = sys::get(&sys::global("crypto"), "subtle");
    JsFuture::from(Promise::resolve(&sys::call(&subtle, method, arguments)?)).await
}
