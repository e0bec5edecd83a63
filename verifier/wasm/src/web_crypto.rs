//! Signatures checked by the host's WebCrypto.

use crate::ecdsa_signature;
use crate::sys::{self, SubtleCrypto};
use js_sys::{Array, Object, Reflect, Uint8Array};
use std::cell::Cell;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wx_soter_verifier::signature::Signed;
use wx_soter_verifier::{SignatureVerifier, rsa_limits};
use wx_soter_webauthn::{Algorithm, PublicKey};

/// The host's WebCrypto. A signature does not hold where it throws, since then it cannot use the key.
#[derive(Default)]
pub(crate) struct WebCrypto {
    /// Whether it was asked for, and there is none.
    pub(crate) is_missing: Cell<bool>,
}

impl WebCrypto {
    fn subtle(&self) -> Option<SubtleCrypto> {
        let subtle = sys::subtle();
        self.is_missing.set(self.is_missing.get() || subtle.is_none());
        subtle
    }
}

impl SignatureVerifier for WebCrypto {
    /// Hosts look at a key when they import it, and don't have all algorithms.
    async fn can_use(&self, key: &PublicKey) -> bool {
        let Some(subtle) = self.subtle() else {
            return false;
        };
        import(&subtle, key).await.is_ok()
    }

    async fn holds(&self, signed: Signed<'_>) -> bool {
        let Some(signature) = signature(signed) else {
            return false;
        };
        let Some(subtle) = self.subtle() else {
            return false;
        };
        let verified = verify(&subtle, signed.key, &signature, signed.message).await;
        // Nothing but `true` is a yes.
        verified.is_ok_and(|verified| verified.as_bool() == Some(true))
    }
}

/// The signature in WebCrypto's form; `None` where there is nothing to ask, because it cannot hold.
fn signature(signed: Signed<'_>) -> Option<Uint8Array> {
    let of_point =
        |size| ecdsa_signature::to_p1363(signed.signature, size).map(|raw| Uint8Array::from(&raw[..]));
    let as_it_is = || Uint8Array::from(signed.signature);
    match signed.key {
        PublicKey::Es256 { .. } => of_point(32),
        PublicKey::Es384 { .. } => of_point(48),
        PublicKey::Es512 { .. } => of_point(66),
        PublicKey::Rsa { n, e, .. } => rsa_limits::are_met(n, e).then(as_it_is),
        PublicKey::EdDsa { .. } => Some(as_it_is()),
        _ => None,
    }
}

async fn verify(
    subtle: &SubtleCrypto,
    key: &PublicKey,
    signature: &Uint8Array,
    message: &[u8],
) -> Result<JsValue, JsValue> {
    let parameters = parameters(key.algorithm())?;
    let key = import(subtle, key).await?;
    let verified = subtle.verify(&parameters, &key, signature, &Uint8Array::from(message))?;
    JsFuture::from(sys::supervised(&verified)).await
}

async fn import(subtle: &SubtleCrypto, key: &PublicKey) -> Result<JsValue, JsValue> {
    let parameters = parameters(key.algorithm())?;
    let spki = Uint8Array::from(key.to_spki().as_slice());
    let usages = Array::of1(&"verify".into());
    let key = subtle.import_key("spki", &spki, &parameters, false, &usages)?;
    JsFuture::from(sys::supervised(&key)).await
}

/// The algorithm as WebCrypto names it, for importing a key and for verifying.
fn parameters(algorithm: Algorithm) -> Result<JsValue, JsValue> {
    const PKCS1: &str = "RSASSA-PKCS1-v1_5";
    let members: &[(&str, &str)] = match algorithm {
        Algorithm::Es256 => &[("name", "ECDSA"), ("namedCurve", "P-256"), ("hash", "SHA-256")],
        Algorithm::Es384 => &[("name", "ECDSA"), ("namedCurve", "P-384"), ("hash", "SHA-384")],
        Algorithm::Es512 => &[("name", "ECDSA"), ("namedCurve", "P-521"), ("hash", "SHA-512")],
        Algorithm::Rs256 => &[("name", PKCS1), ("hash", "SHA-256")],
        Algorithm::Rs384 => &[("name", PKCS1), ("hash", "SHA-384")],
        Algorithm::Rs512 => &[("name", PKCS1), ("hash", "SHA-512")],
        Algorithm::Ps256 => &[("name", "RSA-PSS"), ("hash", "SHA-256")],
        Algorithm::Ps384 => &[("name", "RSA-PSS"), ("hash", "SHA-384")],
        Algorithm::Ps512 => &[("name", "RSA-PSS"), ("hash", "SHA-512")],
        Algorithm::EdDsa => &[("name", "Ed25519")],
        // Nobody's name for an algorithm.
        _ => &[],
    };
    // A salt is as long as the hash (RFC 8230, §2).
    let salt_length = match algorithm {
        Algorithm::Ps256 => Some(32),
        Algorithm::Ps384 => Some(48),
        Algorithm::Ps512 => Some(64),
        _ => None,
    };
    let parameters = Object::new();
    for (name, value) in members {
        Reflect::set(&parameters, &(*name).into(), &(*value).into())?;
    }
    if let Some(length) = salt_length {
        Reflect::set(&parameters, &"saltLength".into(), &length.into())?;
    }
    Ok(parameters.into())
}
