//! Keys in the browser's storage.

use super::{Browser, sys};
use crate::device::{Encoding as _, KeyStore};
use crate::key::Key;
use crate::snapshot::Snapshot;

impl KeyStore for Browser {
    fn load(&self, name: &str) -> Option<Key> {
        Key::from_record(&Snapshot::read(&sys::load(&self.settings, name, Key::RECORD)))
    }

    fn save(&self, name: &str, key: &Key) {
        sys::save(&self.settings, name, &self.to_json(&key.to_record()));
    }
}
