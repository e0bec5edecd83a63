//! Signatures checked by the host's WebCrypto.

use crate::rsa_limits;
use crate::sys::{self, SubtleCrypto};
use js_sys::{Array, Object, Reflect, Uint8Array};
use std::cell::Cell;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wx_soter_verifier::SignatureVerifier;
use wx_soter_verifier::signature::Signed;
use wx_soter_webauthn::{Algorithm, PublicKey, ecdsa_signature};

/// The host's WebCrypto. A signature does not hold where it throws, since then it cannot use the key.
#[derive(Default)]
pub(crate) struct WebCrypto {
    /// Whether it was asked for, and there is none.
    pub(crate) is_missing: Cell<bool>,
}

impl SignatureVerifier for WebCrypto {
    async fn holds(&self, signed: Signed<'_>) -> bool {
        let Some(signature) = signature(signed) else {
            return false;
        };
        let Some(subtle) = sys::subtle() else {
            self.is_missing.set(true);
            return false;
        };
        let verified = verify(&subtle, signed.key, &signature, signed.message).await;
        // Nothing but `true` is a yes.
        verified.is_ok_and(|verified| verified.as_bool() == Some(true))
    }
}

/// The signature in WebCrypto's form; `None` where there is nothing to ask, because it cannot hold.
fn signature(signed: Signed<'_>) -> Option<Uint8Array> {
    match signed.key {
        PublicKey::Es256 { .. } => {
            ecdsa_signature::from_der(signed.signature).map(|raw| Uint8Array::from(&raw[..]))
        }
        PublicKey::Rs256 { n, e } => rsa_limits::are_met(n, e).then(|| Uint8Array::from(signed.signature)),
        PublicKey::EdDsa { .. } => Some(Uint8Array::from(signed.signature)),
    }
}

async fn verify(
    subtle: &SubtleCrypto,
    key: &PublicKey,
    signature: &Uint8Array,
    message: &[u8],
) -> Result<JsValue, JsValue> {
    let parameters = parameters(key.algorithm())?;
    let spki = Uint8Array::from(key.to_spki().as_slice());
    let usages = Array::of1(&"verify".into());
    let key = subtle.import_key("spki", &spki, &parameters, false, &usages)?;
    let key = JsFuture::from(sys::supervised(&key)).await?;
    let verified = subtle.verify(&parameters, &key, signature, &Uint8Array::from(message))?;
    JsFuture::from(sys::supervised(&verified)).await
}

/// The algorithm as WebCrypto names it, for importing a key and for verifying.
fn parameters(algorithm: Algorithm) -> Result<JsValue, JsValue> {
    let members: &[(&str, &str)] = match algorithm {
        Algorithm::Es256 => &[("name", "ECDSA"), ("namedCurve", "P-256"), ("hash", "SHA-256")],
        Algorithm::Rs256 => &[("name", "RSASSA-PKCS1-v1_5"), ("hash", "SHA-256")],
        Algorithm::EdDsa => &[("name", "Ed25519")],
    };
    let parameters = Object::new();
    for (name, value) in members {
        Reflect::set(&parameters, &(*name).into(), &(*value).into())?;
    }
    Ok(parameters.into())
}
