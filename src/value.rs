//! What a page hands over, as far as rules look at it. The rules read any [`Members`], so that they run without an engine.

/// A JavaScript value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `undefined`, and what throws when it is read.
    Undefined,
    /// `null`
    Null,
    /// A boolean.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A string.
    String(Text),
    /// A function.
    Function,
    /// An array: its length, and its items as far as they were read. No option needs more than [`ITEMS_MAX`], and a page's
    /// mistake must not stall the page.
    Array(u32, Vec<Value>),
    /// Any other object, by the name that `Object.prototype.toString` has for it.
    Object(String),
    /// A symbol, a `BigInt`, or what cannot be looked at; by the same name.
    Other(String),
}

/// How many items of an array are read.
pub const ITEMS_MAX: u32 = 64;

/// A string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The string, each lone surrogate replaced by U+FFFD; empty where it is longer than [`Text::UNITS_MAX`].
    pub text: String,
    /// Its length in UTF-16 code units.
    pub units: u32,
    /// Whether it has no lone surrogates.
    pub is_well_formed: bool,
}

impl Text {
    /// The longest string that is read; no option may be that long.
    pub const UNITS_MAX: u32 = 65_536;
}

impl Value {
    /// What `Object.prototype.toString` calls it, and WeChat's parameter errors too: `Undefined`, `String`, `Null` …
    #[must_use]
    pub fn type_name(&self) -> &str {
        match self {
            Self::Undefined => "Undefined",
            Self::Null => "Null",
            Self::Boolean(_) => "Boolean",
            Self::Number(_) => "Number",
            Self::String(_) => "String",
            Self::Function => "Function",
            Self::Array(..) => "Array",
            // Of `new String('c')` it would say `String`, which is what was asked for.
            Self::Object(name) if ["String", "Number", "Boolean"].contains(&name.as_str()) => "Object",
            Self::Object(name) | Self::Other(name) => name,
        }
    }

    /// Whether it is `undefined`.
    #[must_use]
    pub const fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined)
    }

    /// Whether it is `true`.
    #[must_use]
    pub const fn is_true(&self) -> bool {
        matches!(self, Self::Boolean(true))
    }

    /// The string; `None` where it is none.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(&text.text),
            _ => None,
        }
    }

    /// The string; empty where it is none.
    #[must_use]
    pub fn into_string(self) -> String {
        match self {
            Self::String(text) => text.text,
            _ => String::new(),
        }
    }

    /// A number without its fraction; `None` where it is none, or does not fit.
    #[must_use]
    pub fn to_u32(&self) -> Option<u32> {
        match self {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it is looked at before whether it fits, and the fraction is to go"
            )]
            Self::Number(number) if (0.0..=f64::from(u32::MAX)).contains(number) => Some(*number as u32),
            _ => None,
        }
    }
}

/// An object of the page's.
pub trait Members {
    /// The object itself.
    fn itself(&self) -> Value;

    /// The member of that path, such as `challenge` or `user.id`. Each call reads it anew, and a getter may answer
    /// differently the next time, so each rule reads once.
    fn get(&self, path: &str) -> Value;
}

#[cfg(all(test, not(target_arch = "wasm32")))]
impl From<&serde_json::Value> for Value {
    fn from(value: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match value {
            Json::Null => Self::Null,
            Json::Bool(flag) => Self::Boolean(*flag),
            Json::Number(number) => Self::Number(number.as_f64().unwrap()),
            Json::String(text) => Self::String(Text {
                units: u32::try_from(text.encode_utf16().count()).unwrap(),
                text: text.clone(),
                is_well_formed: true,
            }),
            Json::Array(items) => {
                let read = items.iter().take(ITEMS_MAX as usize).map(Self::from).collect();
                Self::Array(u32::try_from(items.len()).unwrap(), read)
            }
            Json::Object(_) => Self::Object("Object".into()),
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
impl Members for serde_json::Value {
    fn itself(&self) -> Value {
        self.into()
    }

    fn get(&self, path: &str) -> Value {
        let member = path.split('.').try_fold(self, |value, name| value.get(name));
        member.map_or(Value::Undefined, Value::from)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Members, Value};
    use serde_json::json;

    #[test]
    fn numbers_lose_their_fraction_and_must_fit() {
        let number = |number: f64| Value::Number(number).to_u32();
        assert_eq!([0.0, 1.9, 4_294_967_295.0].map(number), [Some(0), Some(1), Some(u32::MAX)]);
        assert_eq!([-1.0, 4_294_967_296.0, f64::NAN, f64::INFINITY].map(number), [None; 4]);
        assert_eq!(Value::Null.to_u32(), None);
    }

    #[test]
    fn members_are_read_by_their_path() {
        let object = json!({ "user": { "id": "ann" }, "list": [1] });
        let get = |path| Members::get(&object, path);
        assert_eq!(get("user.id").as_str(), Some("ann"));
        assert_eq!(get("user").type_name(), "Object");
        assert_eq!(Value::Object("String".to_owned()).type_name(), "Object");
        assert!(["user.id.more", "nothing", "nothing.more"].iter().all(|path| get(path).is_undefined()));
        assert_eq!(get("list"), Value::Array(1, vec![Value::Number(1.0)]));
    }
}
