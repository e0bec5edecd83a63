//! A JavaScript value as far as options and settings need it, so that their rules run without an engine.

/// A value that a page passed.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `undefined`, or a key that is not there.
    Undefined,
    /// A string.
    Text(Text),
    /// A number.
    Number(f64),
    /// An array.
    List(Vec<Value>),
    /// Anything else, by the name in `Object.prototype.toString`: `Null`, `Boolean`, `Object`, `Function` and so on.
    Other(String),
}

/// A JavaScript string, which is UTF-16 and may hold lone surrogates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text, each lone surrogate replaced by U+FFFD.
    pub utf8: String,
    /// Whether nothing had to be replaced.
    pub well_formed: bool,
}

impl Text {
    /// The length that `string.length` gives: UTF-16 code units.
    #[must_use]
    pub fn length(&self) -> usize {
        self.utf8.encode_utf16().count()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self { utf8: text.to_owned(), well_formed: true }
    }
}

impl Value {
    /// The text, where it is one.
    #[must_use]
    pub fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.utf8),
            _ => None,
        }
    }

    /// The name that WeChat's parameter errors use for the type.
    #[must_use]
    pub fn type_name(&self) -> &str {
        match self {
            Self::Undefined => "Undefined",
            Self::Text(_) => "String",
            Self::Number(_) => "Number",
            Self::List(_) => "Array",
            Self::Other(name) => name,
        }
    }
}

/// An object whose fields can be read by name. Each field is read once, since a getter may answer differently.
pub trait Fields {
    /// The field's value; `Undefined` where it is missing.
    fn get(&self, name: &str) -> Value;
}

impl Fields for () {
    fn get(&self, _name: &str) -> Value {
        Value::Undefined
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
impl From<&serde_json::Value> for Value {
    fn from(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Other("Null".into()),
            serde_json::Value::Bool(_) => Self::Other("Boolean".into()),
            serde_json::Value::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            serde_json::Value::String(text) => Self::Text(text.as_str().into()),
            serde_json::Value::Array(list) => Self::List(list.iter().map(Self::from).collect()),
            serde_json::Value::Object(_) => Self::Other("Object".into()),
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
impl Fields for serde_json::Value {
    fn get(&self, name: &str) -> Value {
        self.as_object().and_then(|object| object.get(name)).map_or(Value::Undefined, Value::from)
    }
}
