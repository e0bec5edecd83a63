//! JavaScript values, for the rules of options and settings.

use super::sys;
use crate::value::Value;
use wasm_bindgen::JsValue;

impl Value for JsValue {
    fn get(&self, name: &str) -> Self {
        sys::get(self, name)
    }

    fn at(&self, index: u32) -> Self {
        sys::at(self, index)
    }

    fn type_name(&self) -> String {
        sys::type_name(self)
    }

    fn text(&self) -> String {
        sys::text(self)
    }

    fn is_well_formed(&self) -> bool {
        sys::is_well_formed(self)
    }

    fn number(&self) -> f64 {
        sys::number(self)
    }

    fn length(&self) -> u32 {
        sys::length(self)
    }

    fn is_undefined(&self) -> bool {
        Self::is_undefined(self)
    }
}
