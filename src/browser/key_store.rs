//! Keys in the browser's storage.

use super::{Browser, encoding, sys};
use crate::device::KeyStore;
use crate::key::Key;
use wasm_bindgen::JsValue;

/// The setting `storage`: an object with `getItem` and `setItem` that answer at once.
pub fn read_setting(settings: &JsValue) -> Result<JsValue, String> {
    let storage = sys::get(settings, "storage");
    let usable = sys::method(&storage, "getItem").is_some() && sys::method(&storage, "setItem").is_some();
    if usable || storage.is_undefined() {
        Ok(storage)
    } else {
        Err("setting storage should have getItem and setItem".to_owned())
    }
}

impl KeyStore for Browser {
    fn load(&self, name: &str) -> Option<Key> {
        Key::from_record(&sys::load_record(&self.storage, name))
    }

    fn save(&self, name: &str, key: &Key) {
        sys::save_record(&self.storage, name, &encoding::to_json(&key.to_record()));
    }
}
