//! The values that calls answer with.

use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// A JSON value. Objects keep their order: `resultJSON` is compared byte by byte.
///
/// One type with one [`Serialize`] for all answers, since each derived one costs the module half a kilobyte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// A string.
    Text(String),
    /// A number.
    Number(u32),
    /// A boolean.
    Flag(bool),
    /// An array of strings.
    Texts(Vec<&'static str>),
    /// An object.
    Object(Vec<(&'static str, Json)>),
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_u32(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Texts(texts) => texts.serialize(serializer),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}
