//! The key that a device remembers.

use crate::base64url;
use crate::signature::Algorithm;
use crate::value::{Fields, Value};
use serde::Serialize;

/// What has to be remembered of a key to ask for it and to check what it signs. None of it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The credential id.
    pub id: Vec<u8>,
    /// What it signs with.
    pub algorithm: Algorithm,
    /// The public key as `SubjectPublicKeyInfo`, DER.
    pub public_key: Vec<u8>,
    /// The user handle it was made for.
    pub user_handle: Vec<u8>,
    /// How often in a row it was refused. A deleted key and a person who cancels look the same to a page.
    pub refusals: u32,
}

/// After this many refusals in a row the next start finds out whether the key is still there.
pub const REFUSALS_BEFORE_PROBE: u32 = 2;

impl Key {
    /// Whether the key may have been deleted.
    #[must_use]
    pub const fn is_doubtful(&self) -> bool {
        self.refusals >= REFUSALS_BEFORE_PROBE
    }

    /// The form in which it is stored.
    #[must_use]
    pub fn to_record(&self) -> KeyRecord {
        KeyRecord {
            id: base64url::encode(&self.id),
            algorithm: self.algorithm.cose(),
            public_key: base64url::encode(&self.public_key),
            user_handle: base64url::encode(&self.user_handle),
            refusals: self.refusals,
        }
    }

    /// From the stored form; `None` where it is damaged, which then counts as no key.
    pub fn from_record(record: &impl Fields) -> Option<Self> {
        let bytes = |name| match record.get(name) {
            Value::Text(text) => base64url::decode(&text.utf8).filter(|bytes| !bytes.is_empty()),
            _ => None,
        };
        Some(Self {
            id: bytes("id")?,
            algorithm: Algorithm::from_cose(number(&record.get("algorithm"))?)?,
            public_key: bytes("publicKey")?,
            user_handle: bytes("userHandle")?,
            refusals: number(&record.get("refusals"))?.try_into().ok()?,
        })
    }
}

fn number(value: &Value) -> Option<i32> {
    match value {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the range and the fraction are checked"
        )]
        Value::Number(number) if number.abs() < 1e6 && number % 1.0 == 0.0 => Some(*number as i32),
        _ => None,
    }
}

/// A key as JSON, binary fields in base64url.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyRecord {
    id: String,
    algorithm: i32,
    public_key: String,
    user_handle: String,
    refusals: u32,
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::Key;
    use crate::signature::Algorithm;
    use proptest::prelude::*;
    use serde_json::json;

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(any::<u8>(), 1..100)
    }

    proptest! {
        #[test]
        fn a_stored_key_comes_back(id in bytes(), public_key in bytes(), user_handle in bytes(), refusals in 0u32..9, rsa: bool) {
            let algorithm = if rsa { Algorithm::Rs256 } else { Algorithm::Es256 };
            let key = Key { id, algorithm, public_key, user_handle, refusals };
            let record = serde_json::to_value(key.to_record()).unwrap();
            prop_assert_eq!(Key::from_record(&record), Some(key));
        }

        #[test]
        fn damaged_records_are_no_key(id in ".*", algorithm in any::<f64>(), refusals in any::<f64>()) {
            let record = json!({ "id": id, "algorithm": algorithm, "publicKey": "AA", "userHandle": "AA", "refusals": refusals });
            let _ = Key::from_record(&record);
            prop_assert_eq!(Key::from_record(&json!({ "id": id })), None);
        }
    }

    #[test]
    fn a_key_is_doubtful_after_two_refusals() {
        let mut key = Key {
            id: vec![1],
            algorithm: Algorithm::Es256,
            public_key: vec![1],
            user_handle: vec![1],
            refusals: 1,
        };
        assert!(!key.is_doubtful());
        key.refusals = 2;
        assert!(key.is_doubtful());
    }

    #[test]
    fn wrong_algorithms_and_counts_are_no_key() {
        let record = |algorithm: f64, refusals: f64| json!({ "id": "AA", "algorithm": algorithm, "publicKey": "AA", "userHandle": "AA", "refusals": refusals });
        assert!(Key::from_record(&record(-7.0, 0.0)).is_some());
        assert!(Key::from_record(&record(-8.0, 0.0)).is_none());
        assert!(Key::from_record(&record(-7.5, 0.0)).is_none());
        assert!(Key::from_record(&record(-7.0, -1.0)).is_none());
    }
}
