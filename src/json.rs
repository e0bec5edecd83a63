//! The values that calls answer with.

use crate::mode::AuthMode;

/// A JSON value. Objects keep their order: `resultJSON` is compared byte by byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// A string.
    Text(String),
    /// A number.
    Number(u32),
    /// A boolean.
    Flag(bool),
    /// An array of modes' names.
    Modes(Vec<AuthMode>),
    /// An object.
    Object(Members),
}

/// The members of an object, added one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members(Vec<(&'static str, Json)>);

impl Members {
    /// The members, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[(&'static str, Json)] {
        &self.0
    }

    /// Adds a member. Not inlined, since each copy costs the module a hundred bytes.
    #[inline(never)]
    pub fn add(&mut self, name: &'static str, value: Json) {
        self.0.push((name, value));
    }

    /// Adds a string.
    #[inline(never)]
    pub fn add_text(&mut self, name: &'static str, text: &str) {
        self.add(name, Json::Text(text.to_owned()));
    }
}

/// For native tests. Pages get values through `Entries` of `src/browser/encoding.rs`, and the engine's own JSON.
#[cfg(not(target_arch = "wasm32"))]
impl serde::Serialize for Json {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_u32(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Modes(modes) => serializer.collect_seq(modes.iter().map(|mode| mode.as_str())),
            Self::Object(members) => {
                serializer.collect_map(members.as_slice().iter().map(|(name, value)| (name, value)))
            }
        }
    }
}
