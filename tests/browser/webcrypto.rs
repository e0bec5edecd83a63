//! Known answers: the signatures of WebAuthn Level 3, §16, checked by the browser's WebCrypto through our own code.

use serde_json::Value;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use wx_soter::signature::es256_der_to_p1363;

#[wasm_bindgen(module = "/src/browser/effects.js")]
extern "C" {
    #[wasm_bindgen(js_name = importKey)]
    fn import_key(wish: &JsValue) -> js_sys::Promise;
    #[wasm_bindgen(catch)]
    async fn verify(wish: &JsValue, answer: &JsValue) -> Result<JsValue, JsValue>;
}

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().unwrap();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn array(bytes: &[u8]) -> JsValue {
    js_sys::Uint8Array::from(bytes).into()
}

fn base64url(bytes: &[u8]) -> JsValue {
    let btoa: js_sys::Function = js_sys::Reflect::get(&js_sys::global(), &"btoa".into()).unwrap().into();
    let binary: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let text = btoa.call1(&JsValue::UNDEFINED, &binary.into()).unwrap().as_string().unwrap();
    text.replace('+', "-").replace('/', "_").replace('=', "").into()
}

fn sha256(bytes: &[u8]) -> JsValue {
    let crypto = js_sys::Reflect::get(&js_sys::global(), &"crypto".into()).unwrap();
    let subtle = js_sys::Reflect::get(&crypto, &"subtle".into()).unwrap();
    let digest: js_sys::Function = js_sys::Reflect::get(&subtle, &"digest".into()).unwrap().into();
    digest.call2(&subtle, &"SHA-256".into(), &array(bytes)).unwrap()
}

fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in members {
        js_sys::Reflect::set(&object, &(*name).into(), value).unwrap();
    }
    object.into()
}

#[wasm_bindgen_test]
async fn the_specifications_signatures_hold_and_changed_ones_do_not() {
    let file: Value = serde_json::from_str(include_str!("../vectors/webauthn-level-3.json")).unwrap();
    let mut algorithms = Vec::new();
    for vector in file["vectors"].as_array().unwrap() {
        let assertion = &vector["assertion"];
        let signature = bytes(&assertion["signature"]);
        let (algorithm, signature) = if vector["algorithm"] == -7 {
            ("ES256", es256_der_to_p1363(&signature).unwrap().to_vec())
        } else {
            ("RS256", signature)
        };
        algorithms.push(algorithm);
        for (spoilt, holds) in [(None, true), (Some("signature"), false), (Some("data"), false)] {
            let mut signature = signature.clone();
            let mut data = bytes(&assertion["authenticatorData"]);
            match spoilt {
                Some("signature") => signature[40] ^= 1,
                Some(_) => data[36] ^= 1,
                None => {}
            }
            let wish = object(&[
                ("algorithm", algorithm.into()),
                ("publicKey", base64url(&bytes(&vector["publicKey"]))),
                ("signature", array(&signature)),
            ]);
            let client_data_json = bytes(&assertion["clientDataJSON"]);
            let answer = object(&[
                ("key", import_key(&wish).into()),
                ("authenticatorData", array(&data)),
                ("clientDataHash", sha256(&client_data_json)),
            ]);
            let verified = verify(&wish, &answer).await.unwrap();
            assert_eq!(verified, holds, "{} {spoilt:?}", vector["name"]);
        }
    }
    assert!(algorithms.contains(&"ES256") && algorithms.contains(&"RS256"));
}
