//! Keys in the browser's storage.

use super::{Browser, sys};
use crate::device::{Encoding as _, KeyStore};
use crate::failure::Failure;
use crate::key::Key;
use crate::snapshot::Snapshot;
use crate::text::concat;

impl KeyStore for Browser {
    fn load(&self, name: &str) -> Result<Option<Key>, Failure> {
        let found = sys::load(&self.settings, name, Key::RECORD);
        let found = Snapshot::read(&found);
        let wrong = found.get("wrong").text();
        if wrong.is_empty() {
            Ok(Key::from_record(&found))
        } else {
            let answered = concat(&[
                "setting storage: getItem should answer with a text or null, at once, and answered ",
                wrong,
            ]);
            Err(Failure::internal(&answered))
        }
    }

    fn save(&self, name: &str, key: &Key) {
        sys::save(&self.settings, name, &self.to_json(&key.to_record()));
    }

    fn forget(&self, name: &str) {
        sys::forget(&self.settings, name);
    }
}
