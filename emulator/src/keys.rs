//! The keys that a device holds, each a record in its memory.

use wx_soter::value::Members;
use wx_soter_authenticator::Credential;
use wx_soter_webauthn::base64url;

/// The name of a key's record.
#[must_use]
pub fn record_name(id: &[u8]) -> String {
    ["wx-soter-emulator:", &base64url::encode(id)].concat()
}

/// Writes a key's record.
#[must_use]
pub fn to_json(key: &Credential) -> String {
    // Base64url: nothing of it has to be escaped.
    [
        r#"{"id":""#,
        &base64url::encode(key.id()),
        r#"","secret":""#,
        &base64url::encode(&key.secret()),
        r#"","signCount":"#,
        &key.sign_count.to_string(),
        "}",
    ]
    .concat()
}

/// Reads a key's record; `None` where it is none.
#[must_use]
pub fn from_record(record: &impl Members) -> Option<Credential> {
    let bytes = |name| base64url::decode(record.get(name).as_str()?);
    let mut key = Credential::new(bytes("secret")?.try_into().ok()?, bytes("id")?)?;
    key.sign_count = record.get("signCount").to_u32()?;
    Some(key)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{from_record, to_json};
    use wx_soter::value::{Members, Text, Value};
    use wx_soter_authenticator::Credential;

    struct Json(serde_json::Value);

    impl Members for Json {
        fn itself(&self) -> Value {
            Value::Object("Object".to_owned())
        }

        fn get(&self, path: &str) -> Value {
            match &self.0[path] {
                serde_json::Value::String(text) => {
                    Value::String(Text { text: text.clone(), units: 0, is_well_formed: true })
                }
                value => value.as_f64().map_or(Value::Undefined, Value::Number),
            }
        }
    }

    #[test]
    fn a_kept_key_comes_back() {
        let read = |json: &str| from_record(&Json(serde_json::from_str(json).unwrap()));
        let mut key = Credential::new([3; 32], vec![1, 2]).unwrap();
        key.sign_count = 7;
        let back = read(&to_json(&key)).unwrap();
        assert_eq!((back.id(), back.secret(), back.sign_count), (key.id(), key.secret(), 7));
        assert!(read(r#"{"id":"AQ","secret":"AA","signCount":0}"#).is_none());
    }
}
