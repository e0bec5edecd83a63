//! A JavaScript value as far as options and settings need it, so that their rules run without an engine.

/// The longest list that is read; no option needs more, and a page's mistake must not stall the page.
pub const LIST_MAX: u32 = 64;

/// A value that a page passed. Each member is read once, since a getter may answer differently.
pub trait Value: Sized {
    /// The member of that name; `undefined` where it is missing.
    fn get(&self, name: &str) -> Self;

    /// The item at that place of an array.
    fn at(&self, index: u32) -> Self;

    /// The name that WeChat's parameter errors use for the type, and `Object.prototype.toString` too: `Undefined`,
    /// `String`, `Number`, `Array`, `Null`, `Object` and so on.
    fn type_name(&self) -> String;

    /// A string, each lone surrogate replaced by U+FFFD; empty where it is none.
    fn text(&self) -> String;

    /// Whether it is a string without lone surrogates.
    fn is_well_formed(&self) -> bool;

    /// A number; NaN where it is none.
    fn number(&self) -> f64;

    /// The length of a string, in UTF-16 code units, or of an array; 0 for anything else.
    fn length(&self) -> u32;

    /// Whether it is `undefined`.
    fn is_undefined(&self) -> bool {
        self.type_name() == "Undefined"
    }
}

/// `None` is `undefined`.
#[cfg(all(test, not(target_arch = "wasm32")))]
impl Value for Option<serde_json::Value> {
    fn get(&self, name: &str) -> Self {
        self.as_ref()?.get(name).cloned()
    }

    fn at(&self, index: u32) -> Self {
        self.as_ref()?.get(usize::try_from(index).unwrap()).cloned()
    }

    fn type_name(&self) -> String {
        let name = match self {
            None => "Undefined",
            Some(serde_json::Value::Null) => "Null",
            Some(serde_json::Value::Bool(_)) => "Boolean",
            Some(serde_json::Value::Number(_)) => "Number",
            Some(serde_json::Value::String(_)) => "String",
            Some(serde_json::Value::Array(_)) => "Array",
            Some(serde_json::Value::Object(_)) => "Object",
        };
        name.to_owned()
    }

    fn text(&self) -> String {
        self.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    }

    fn is_well_formed(&self) -> bool {
        self.as_ref().is_some_and(serde_json::Value::is_string)
    }

    fn number(&self) -> f64 {
        self.as_ref().and_then(serde_json::Value::as_f64).unwrap_or(f64::NAN)
    }

    fn length(&self) -> u32 {
        let length = match self {
            Some(serde_json::Value::String(text)) => text.encode_utf16().count(),
            Some(serde_json::Value::Array(items)) => items.len(),
            _ => 0,
        };
        u32::try_from(length).unwrap()
    }
}
