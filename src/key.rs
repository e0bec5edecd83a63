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
    /// Its user handle.
    pub user_handle: String,
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
    pub fn to_record(&self) -> Json {
        let mut members = Members::default();
        members.add_text("id", &self.id);
        members.add_text("algorithm", self.algorithm.name());
        members.add_text("publicKey", &self.public_key);
        members.add_text("userHandle", &self.user_handle);
        members.add("refusals", Json::Number(self.refusals));
        members.add("probes", Json::Number(self.probes));
        members.add("replacements", Json::Number(self.replacements));
        Json::Object(members)
    }

    /// The members of the stored form.
    pub const RECORD: &'static str = "id algorithm publicKey userHandle refusals probes replacements";

    /// From the stored form; `None` where it is damaged, which then counts as no key.
    #[must_use]
    pub fn from_record(record: &Snapshot<'_>) -> Option<Self> {
        let count = |name| record.get(name).number().and_then(|count| u32::try_from(count).ok());
        let refusals = count("refusals");
        let algorithm = Algorithm::from_name(record.get("algorithm").text());
        let key = Self {
            id: record.text("id"),
            algorithm: algorithm.unwrap_or_default(),
            public_key: record.text("publicKey"),
            user_handle: record.text("userHandle"),
            refusals: refusals.unwrap_or_default(),
            // Older records have neither.
            probes: count("probes").unwrap_or_default(),
            replacements: count("replacements").unwrap_or_default(),
        };
        let is_damaged = !is_base64url(&key.id)
            || !is_base64url(&key.public_key)
            || !is_base64url(&key.user_handle)
            || key.user_handle.len() > MAX_USER_HANDLE
            || algorithm.is_none()
            || refusals.is_none();
        (!is_damaged).then_some(key)
    }
}

/// The longest user handle, 64 bytes (WebAuthn Level 3, §5.4.3), in characters of base64url.
const MAX_USER_HANDLE: usize = 86;

/// Whether it stands for some bytes.
fn is_base64url(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !matches!(text.len() % 4, 1) && !text.is_empty() && text.bytes().all(is_digit)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Approach, Key};
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
        fn a_stored_key_comes_back(id in BASE64URL, public_key in BASE64URL, user_handle in BASE64URL, refusals in 0u32..9, probes in 0u32..9, replacements in 0u32..9, rsa: bool) {
            let algorithm = if rsa { Algorithm::Rs256 } else { Algorithm::Es256 };
            let key = Key { id, algorithm, public_key, user_handle, refusals, probes, replacements };
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
    fn records_from_before_probes_were_counted_are_read() {
        let record =
            json!({ "id": "AA", "algorithm": "ES256", "publicKey": "AA", "userHandle": "AA", "refusals": 1 });
        assert_eq!((stored(&record).unwrap().probes, stored(&record).unwrap().replacements), (0, 0));
    }

    #[test]
    fn a_user_handle_has_at_most_64_bytes() {
        let record = |length| json!({ "id": "AA", "algorithm": "ES256", "publicKey": "AA", "userHandle": "A".repeat(length), "refusals": 0 });
        assert!(stored(&record(86)).is_some());
        assert!(stored(&record(87)).is_none());
    }

    #[test]
    fn a_start_begins_by_what_became_of_the_ones_before() {
        let approach = |refusals, probes, replacements| {
            Key { refusals, probes, replacements, ..Key::default() }.approach()
        };
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
