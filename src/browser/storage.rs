//! Keys in `localStorage`, or in the page's own storage; in memory where neither takes them.

use super::value::{global, member, string};
use super::{Browser, sys};
use crate::failure::Failure;
use crate::key::Key;
use crate::key_store::KeyStore;
use crate::platform::Page as _;
use js_sys::Map;
use wasm_bindgen::{JsCast as _, JsValue};

impl Browser {
    /// The text of that name; `null` or nothing where there is none, and anything else that a page's own storage answers.
    #[must_use]
    pub fn item(&self, name: &str) -> JsValue {
        let remembered = self.memory_of_storage().get(&name.into());
        if remembered.is_string() {
            return remembered;
        }
        // Reading throws where cookies are blocked, in sandboxed frames and in `file:` pages.
        self.storage().get_item(name).unwrap_or(JsValue::UNDEFINED)
    }

    /// Remembers the text, at least as long as the page lives.
    pub fn set_item(&self, name: &str, item: &str) {
        let memory = self.memory_of_storage();
        memory.delete(&name.into());
        let _ = self.storage().set_item(name, item);
        // Some storages drop what they are given, and say nothing.
        if string(&self.item(name)).as_deref() != Some(item) {
            memory.set(&name.into(), &item.into());
        }
    }

    /// Forgets the text of that name.
    pub fn remove_item(&self, name: &str) {
        self.memory_of_storage().delete(&name.into());
        let _ = self.storage().remove_item(name);
        // A page's own storage need not have that.
        if string(&self.item(name)).is_some_and(|item| !item.is_empty()) {
            let _ = self.storage().set_item(name, "");
        }
    }

    /// What the page has set: an object, or a class with methods of its own.
    fn own_storage(&self) -> Option<JsValue> {
        Some(member(&self.settings, "storage")).filter(|own| own.is_object() || own.is_function())
    }

    fn storage(&self) -> sys::Storage {
        self.own_storage().unwrap_or_else(|| global("localStorage")).unchecked_into()
    }

    /// What that storage did not take.
    fn memory_of_storage(&self) -> Map {
        let key = self.own_storage().unwrap_or_else(|| self.memory.clone().into()).unchecked_into();
        if let Ok(memory) = self.memory.get(&key).dyn_into() {
            return memory;
        }
        let memory = Map::new();
        self.memory.set(&key, &memory);
        memory
    }
}

impl KeyStore for Browser {
    fn load(&self, name: &str) -> Result<Option<Key>, Failure> {
        let item = self.item(name);
        if item.is_null_or_undefined() {
            return Ok(None);
        }
        match string(&item) {
            Some(record) => Ok(self.parse_json(&record).as_ref().and_then(Key::from_record)),
            // Taken for nothing, it would have each start make a key.
            None => Err(Failure::internal(
                &[
                    "setting storage: getItem should answer with a text or null, at once, and answered ",
                    &sys::object_to_string(&item).unwrap_or_default(),
                ]
                .concat(),
            )),
        }
    }

    fn save(&self, name: &str, key: &Key) {
        self.set_item(name, &key.to_json());
    }

    fn forget(&self, name: &str) {
        self.remove_item(name);
    }
}
