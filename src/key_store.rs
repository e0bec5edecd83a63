//! What remembers keys.

use crate::failure::Failure;
use crate::key::Key;

/// Remembers keys, by name.
pub trait KeyStore {
    /// The key of that name; `None` also where the store cannot be read, or what it has is damaged.
    ///
    /// # Errors
    /// Where the page's own store does not answer at once.
    fn load(&self, name: &str) -> Result<Option<Key>, Failure>;

    /// Remembers the key, at least as long as the page lives.
    fn save(&self, name: &str, key: &Key);

    /// Forgets the key of that name.
    fn forget(&self, name: &str);
}
