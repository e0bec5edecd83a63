//! The key that a device remembers.

use crate::json::{Json, Members};
use crate::signature::Algorithm;
use crate::snapshot::Snapshot;

/// What has to be remembered of a key to ask for it and to check what it signs. None of it is secret. Binary members
/// are base64url, as they are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// The credential id.
    pub id: String,
    /// What it signs with.
    pub algorithm: Algorithm,
    /// The public key as `SubjectPublicKeyInfo`, DER.
    pub public_key: String,
    /// The user handle it was made for.
    pub user_handle: String,
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
    pub fn to_record(&self) -> Json {
        let mut members = Members::default();
        members.add_text("id", &self.id);
        members.add_text("algorithm", self.algorithm.name());
        members.add_text("publicKey", &self.public_key);
        members.add_text("userHandle", &self.user_handle);
        members.add("refusals", Json::Number(self.refusals));
        Json::Object(members)
    }

    /// The members of the stored form.
    pub const RECORD: &'static str = "id algorithm publicKey userHandle refusals";

    /// From the stored form; `None` where it is damaged, which then counts as no key.
    #[must_use]
    pub fn from_record(record: &Snapshot<'_>) -> Option<Self> {
        let refusals = record.get("refusals").number().and_then(|refusals| u32::try_from(refusals).ok());
        let algorithm = Algorithm::from_name(record.get("algorithm").text());
        let key = Self {
            id: record.text("id"),
            algorithm: algorithm.unwrap_or_default(),
            public_key: record.text("publicKey"),
            user_handle: record.text("userHandle"),
            refusals: refusals.unwrap_or_default(),
        };
        let is_damaged = !is_base64url(&key.id)
            || !is_base64url(&key.public_key)
            || !is_base64url(&key.user_handle)
            || algorithm.is_none()
            || refusals.is_none();
        (!is_damaged).then_some(key)
    }
}

/// Whether it stands for some bytes.
fn is_base64url(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !matches!(text.len() % 4, 1) && !text.is_empty() && text.bytes().all(is_digit)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::Key;
    use crate::signature::Algorithm;
    use crate::snapshot::{Snapshot, write};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    const BASE64URL: &str = "([A-Za-z0-9_-]{4}){0,9}[A-Za-z0-9_-]{2,3}";

    fn stored(record: &Value) -> Option<Key> {
        Key::from_record(&Snapshot::read(&write(record, Key::RECORD)))
    }

    proptest! {
        #[test]
        fn a_stored_key_comes_back(id in BASE64URL, public_key in BASE64URL, user_handle in BASE64URL, refusals in 0u32..9, rsa: bool) {
            let algorithm = if rsa { Algorithm::Rs256 } else { Algorithm::Es256 };
            let key = Key { id, algorithm, public_key, user_handle, refusals };
            let record = serde_json::to_value(key.to_record()).unwrap();
            prop_assert_eq!(stored(&record), Some(key));
        }

        #[test]
        fn damaged_records_are_no_key(id in ".*", algorithm in ".*", refusals in any::<f64>()) {
            let record = json!({ "id": id, "algorithm": algorithm, "publicKey": "AA", "userHandle": "AA", "refusals": refusals });
            prop_assert!(stored(&record).is_none_or(|key| key.id == id));
            prop_assert_eq!(stored(&json!({ "id": id })), None);
        }
    }

    #[test]
    fn a_key_is_doubtful_after_two_refusals() {
        let record = |refusals: u32| json!({ "id": "AA", "algorithm": "ES256", "publicKey": "AA", "userHandle": "AA", "refusals": refusals });
        assert!(!stored(&record(1)).unwrap().is_doubtful());
        assert!(stored(&record(2)).unwrap().is_doubtful());
    }

    #[test]
    fn what_is_no_base64url_is_no_key() {
        let record = |id: &str| json!({ "id": id, "algorithm": "ES256", "publicKey": "AA", "userHandle": "AA", "refusals": 0 });
        assert!(stored(&record("AAA")).is_some());
        for id in ["", "***", "A", "AAAAA", "AA==", "A+", "\u{e4}\u{e4}"] {
            assert_eq!(stored(&record(id)), None, "{id}");
        }
    }

    #[test]
    fn unknown_algorithms_and_wrong_counts_are_no_key() {
        let record = |algorithm: &str, refusals: f64| json!({ "id": "AA", "algorithm": algorithm, "publicKey": "AA", "userHandle": "AA", "refusals": refusals });
        assert!(stored(&record("RS256", 0.0)).is_some());
        assert!(stored(&record("EdDSA", 0.0)).is_none());
        assert!(stored(&record("ES256", -1.0)).is_none());
        assert!(stored(&record("ES256", 1e10)).is_none());
    }
}
