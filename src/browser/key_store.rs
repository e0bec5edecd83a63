//! Keys in the browser's storage.

use super::{Browser, sys};
use crate::device::{Encoding as _, KeyStore};
use crate::key::Key;

impl KeyStore for Browser {
    fn load(&self, name: &str) -> Option<Key> {
        Key::from_record(&sys::load_record(&self.page.storage, name))
    }

    fn save(&self, name: &str, key: &Key) {
        sys::save_record(&self.page.storage, name, &self.to_json(&key.to_record()));
    }
}
