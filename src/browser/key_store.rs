//! Keys in `localStorage`, or in the page's own storage, or in memory where that is denied.

use super::{Browser, json, sys};
use crate::device::KeyStore;
use crate::key::Key;
use std::cell::RefCell;
use wasm_bindgen::JsValue;

thread_local! {
    /// What no storage took.
    static MEMORY: RefCell<Vec<(String, Key)>> = const { RefCell::new(Vec::new()) };
}

/// The setting `storage`: an object with `getItem` and `setItem` that answer at once.
pub fn read_setting(settings: &JsValue) -> Result<Option<JsValue>, String> {
    let storage = sys::get(settings, "storage");
    if storage.is_undefined() {
        return Ok(None);
    }
    let usable = sys::method(&storage, "getItem").is_some() && sys::method(&storage, "setItem").is_some();
    if usable {
        Ok(Some(storage))
    } else {
        Err("setting storage should have getItem and setItem".to_owned())
    }
}

impl Browser {
    /// Reading `localStorage` throws where cookies are blocked, in sandboxed frames and in `file:` pages.
    fn storage(&self) -> JsValue {
        self.storage
            .clone()
            .unwrap_or_else(|| sys::global("localStorage"))
    }
}

impl KeyStore for Browser {
    fn load(&self, name: &str) -> Option<Key> {
        let remembered = MEMORY.with_borrow(|memory| {
            memory
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, key)| key.clone())
        });
        remembered.or_else(|| {
            let record = sys::call(&self.storage(), "getItem", &[&name.into()])
                .ok()?
                .as_string()?;
            Key::from_record(&json::parse(&record)?)
        })
    }

    fn save(&self, name: &str, key: &Key) {
        let record = json::stringify(&key.to_record()).unwrap_or_default();
        let saved = sys::call(&self.storage(), "setItem", &[&name.into(), &record.into()]).is_ok();
        MEMORY.with_borrow_mut(|memory| {
            memory.retain(|(known, _)| known != name);
            if !saved {
                memory.push((name.to_owned(), key.clone()));
            }
        });
    }
}
