//! JSON as strict as the library can be.

use serde::de::DeserializeOwned;

/// Reads a JSON object with nothing after it. Members that the type names must not be there twice.
#[must_use]
pub fn object<T: DeserializeOwned>(text: &str) -> Option<T> {
    // Serde would take an array for a struct.
    let is_object = text.trim_start_matches([' ', '\t', '\r', '\n']).starts_with('{');
    is_object.then(|| serde_json::from_str(text).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::object;
    use serde::Deserialize;

    #[derive(Deserialize, Debug, PartialEq)]
    struct Example {
        a: u8,
    }

    #[test]
    fn objects_are_read_strictly() {
        assert_eq!(object(" {\"a\":1,\"b\":[]}\n"), Some(Example { a: 1 }));
        for bad in ["[1]", "{\"a\":1}x", "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":1}", "{}", "", "{\"a\":1"]
        {
            assert_eq!(object::<Example>(bad), None, "{bad}");
        }
    }
}
