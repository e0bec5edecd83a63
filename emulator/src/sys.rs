//! Raw bindings to the state of one device, which is `settings.device`: JavaScript's, so that the module keeps nothing and
//! devices share nothing.

use wasm_bindgen::prelude::*;
use wx_soter::browser::sys::Call;

#[wasm_bindgen]
extern "C" {
    /// What `pkg/lib/emulator/create-emulator.js` makes.
    #[derive(Clone)]
    pub type State;
    #[wasm_bindgen(method, getter)]
    pub fn origin(this: &State) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn seed(this: &State) -> String;
    /// The modes that are enrolled.
    #[wasm_bindgen(method, getter)]
    pub fn enrolled(this: &State) -> JsValue;
    /// A word, or a function that is asked each time.
    #[wasm_bindgen(method, getter)]
    pub fn user(this: &State) -> JsValue;
    /// How long the person takes, in milliseconds.
    #[wasm_bindgen(method, getter)]
    pub fn delay(this: &State) -> f64;
    /// How many random numbers have been drawn.
    #[wasm_bindgen(method, getter)]
    pub fn draws(this: &State) -> u32;
    #[wasm_bindgen(method, setter)]
    pub fn set_draws(this: &State, draws: u32);
    /// How often in a row the person did not match.
    #[wasm_bindgen(method, getter)]
    pub fn mismatches(this: &State) -> u32;
    #[wasm_bindgen(method, setter)]
    pub fn set_mismatches(this: &State, mismatches: u32);
    /// Until when the device is locked, as `Date.now()` has it.
    #[wasm_bindgen(method, getter, js_name = lockedUntil)]
    pub fn locked_until(this: &State) -> f64;
    #[wasm_bindgen(method, setter, js_name = lockedUntil)]
    pub fn set_locked_until(this: &State, time: f64);
    /// The call that has the device.
    #[wasm_bindgen(method, getter)]
    pub fn open(this: &State) -> Option<Call>;
    #[wasm_bindgen(method, setter)]
    pub fn set_open(this: &State, call: Option<Call>);
}
