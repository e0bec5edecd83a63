//! The key that a device remembers.

use crate::authenticator::ALGORITHMS;
use crate::value::{Members, Value};
use wx_soter_webauthn::algorithm::Algorithm;
use wx_soter_webauthn::base64url;

/// What has to be remembered of a key to ask for it and to check what it signs. None of it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The credential id.
    pub id: Vec<u8>,
    /// What it signs with.
    pub algorithm: Algorithm,
    /// The public key as `SubjectPublicKeyInfo`, DER.
    pub public_key: Vec<u8>,
    /// Its user handle.
    pub user_handle: Vec<u8>,
    /// How many starts in a row failed without an explanation. A deleted key and a person who cancels look the same to a
    /// page.
    pub refusals: u32,
    /// How many probes since the key last signed were of no help: they told nothing, or said that the key is there, and it
    /// did not sign.
    pub probes: u32,
    /// How many keys it is the last of that were made one after the other, none of which has signed.
    pub replacements: u32,
}

/// After this many refusals in a row the next start finds out whether the key is still there.
const REFUSALS_BEFORE_PROBE: u32 = 2;
/// The patience with keys that never sign doubles with each of them, up to 64 refusals.
const MAX_DOUBLINGS: u32 = 5;

/// How a start begins that has a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approach {
    /// Ask it to sign.
    Sign,
    /// Find out whether it is still there: make a key, and exclude this one.
    Probe,
    /// Ask it once more, since no probe could tell whether it is there; replace it if it is refused.
    SignOrReplace,
    /// Make another in its place.
    Replace,
}

impl Key {
    /// How the next start begins.
    ///
    /// After a probe it begins with the key in doubt and with a new one in turn, so that whoever is willing succeeds whether the
    /// key is there or not. No key is made at each start even where no key ever signs, since the patience with them grows.
    #[must_use]
    pub fn approach(&self) -> Approach {
        match self.refusals.checked_sub(self.patience()) {
            None => Approach::Sign,
            Some(_) if self.probes == 0 => Approach::Probe,
            Some(since) if since % 2 == 0 => Approach::SignOrReplace,
            Some(_) => Approach::Replace,
        }
    }

    /// How many refusals in a row put it in doubt.
    fn patience(&self) -> u32 {
        REFUSALS_BEFORE_PROBE << self.replacements.min(MAX_DOUBLINGS)
    }

    /// It was refused once more.
    pub const fn refuse(&mut self) {
        self.refusals = self.refusals.saturating_add(1);
    }

    /// A probe told nothing: the next start asks the key.
    pub fn probe_in_vain(&mut self) {
        self.probes = self.probes.saturating_add(1);
        self.refusals = self.patience();
    }

    /// A probe found it: it has as much patience as at first.
    pub const fn find(&mut self) {
        self.probes = self.probes.saturating_add(1);
        self.refusals = 0;
    }

    /// It is of no use: the next start makes another.
    pub fn give_up(&mut self) {
        self.probe_in_vain();
        self.refuse();
    }

    /// Whether it is in doubt, or might be: it has been refused since it last signed.
    #[must_use]
    pub const fn was_refused(&self) -> bool {
        self.refusals > 0 || self.probes > 0 || self.replacements > 0
    }

    /// It has signed.
    pub const fn trust(&mut self) {
        self.refusals = 0;
        self.probes = 0;
        self.replacements = 0;
    }

    /// The form in which it is stored.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Base64url and names: nothing of it has to be escaped.
        [
            r#"{"id":""#,
            &base64url::encode(&self.id),
            r#"","algorithm":""#,
            self.algorithm.name(),
            r#"","publicKey":""#,
            &base64url::encode(&self.public_key),
            r#"","userHandle":""#,
            &base64url::encode(&self.user_handle),
            r#"","refusals":"#,
            &self.refusals.to_string(),
            r#","probes":"#,
            &self.probes.to_string(),
            r#","replacements":"#,
            &self.replacements.to_string(),
            "}",
        ]
        .concat()
    }

    /// From the stored form; `None` where it is damaged, which then counts as no key.
    #[must_use]
    pub fn from_record(record: &impl Members) -> Option<Self> {
        let bytes = |name| base64url::decode(record.get(name).as_str()?).filter(|bytes| !bytes.is_empty());
        // Older records have only refusals.
        let count = |name| match record.get(name) {
            Value::Undefined => Some(0),
            count => count.to_u32(),
        };
        let algorithm = record.get("algorithm");
        Some(Self {
            id: bytes("id")?,
            algorithm: ALGORITHMS.into_iter().find(|known| Some(known.name()) == algorithm.as_str())?,
            public_key: bytes("publicKey")?,
            user_handle: bytes("userHandle").filter(|handle| handle.len() <= USER_HANDLE_MAX)?,
            refusals: record.get("refusals").to_u32()?,
            probes: count("probes")?,
            replacements: count("replacements")?,
        })
    }
}

/// The longest user handle, in bytes (WebAuthn Level 3, §5.4.3).
const USER_HANDLE_MAX: usize = 64;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Approach, Key};
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use wx_soter_webauthn::algorithm::Algorithm;

    fn key() -> Key {
        Key {
            id: vec![1],
            algorithm: Algorithm::Es256,
            public_key: vec![2],
            user_handle: vec![3],
            refusals: 0,
            probes: 0,
            replacements: 0,
        }
    }

    fn stored(record: &Value) -> Option<Key> {
        Key::from_record(record)
    }

    fn read(json: &str) -> Option<Key> {
        Key::from_record(&serde_json::from_str::<Value>(json).unwrap())
    }

    fn bytes(longest: usize) -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(any::<u8>(), 1..longest)
    }

    proptest! {
        #[test]
        fn a_stored_key_comes_back(id in bytes(40), public_key in bytes(99), user_handle in bytes(64), refusals: u32, probes: u32, replacements: u32, rsa: bool) {
            let algorithm = if rsa { Algorithm::Rs256 } else { Algorithm::Es256 };
            let key = Key { id, algorithm, public_key, user_handle, refusals, probes, replacements };
            prop_assert_eq!(read(&key.to_json()), Some(key));
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".*") {
            prop_assert_eq!(stored(&json!({ "id": text, "algorithm": text, "publicKey": text, "userHandle": text, "refusals": text })), None);
        }
    }

    #[test]
    fn a_record_has_the_form_that_it_always_had() {
        assert_eq!(
            key().to_json(),
            r#"{"id":"AQ","algorithm":"ES256","publicKey":"Ag","userHandle":"Aw","refusals":0,"probes":0,"replacements":0}"#
        );
        let before_probes =
            json!({ "id": "AQ", "algorithm": "ES256", "publicKey": "Ag", "userHandle": "Aw", "refusals": 0 });
        assert_eq!(stored(&before_probes), Some(key()));
    }

    #[test]
    fn a_user_handle_has_at_most_64_bytes() {
        let handle = |length| Key { user_handle: vec![7; length], ..key() };
        assert!(read(&handle(64).to_json()).is_some());
        assert!(read(&handle(65).to_json()).is_none());
    }

    #[test]
    fn a_start_begins_by_what_became_of_the_ones_before() {
        let approach =
            |refusals, probes, replacements| Key { refusals, probes, replacements, ..key() }.approach();
        assert_eq!(
            [0, 1, 2].map(|refusals| approach(refusals, 0, 0)),
            [Approach::Sign, Approach::Sign, Approach::Probe]
        );
        let probed = [1, 2, 3, 4].map(|refusals| approach(refusals, 1, 0));
        assert_eq!(
            probed,
            [Approach::Sign, Approach::SignOrReplace, Approach::Replace, Approach::SignOrReplace]
        );
        assert_eq!([3, 4].map(|refusals| approach(refusals, 0, 1)), [Approach::Sign, Approach::Probe]);
        assert_eq!(approach(63, 0, u32::MAX), Approach::Sign);
        assert_eq!(approach(64, 0, u32::MAX), Approach::Probe);
    }

    #[test]
    fn what_is_damaged_is_no_key() {
        let record = |member: &str, value: Value| {
            let mut record: Value = serde_json::from_str(&key().to_json()).unwrap();
            record[member] = value;
            stored(&record)
        };
        assert!(record("algorithm", json!("RS256")).is_some());
        for id in ["", "***", "A", "AAAAA", "AA==", "A+", "\u{e4}\u{e4}"] {
            assert_eq!(record("id", json!(id)), None, "{id}");
        }
        let wrong = [
            ("algorithm", json!("EdDSA")),
            ("refusals", json!(-1)),
            ("refusals", json!(1e10)),
            ("publicKey", json!(null)),
        ];
        for (member, value) in wrong {
            assert_eq!(record(member, value.clone()), None, "{member}: {value}");
        }
    }
}
