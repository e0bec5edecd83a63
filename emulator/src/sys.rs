//! Raw bindings to the device's state, which JavaScript keeps.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wx_soter::browser::sys::Call;

#[wasm_bindgen(module = "/src/state.js")]
extern "C" {
    /// A snapshot of the state.
    pub fn look(settings: &JsValue, paths: &str) -> String;
    #[wasm_bindgen(js_name = takeTurn)]
    pub fn take_turn(settings: &JsValue, call: &Call) -> bool;
    #[wasm_bindgen(js_name = endTurn)]
    pub fn end_turn(settings: &JsValue, call: &Call);
    /// The number of the next draw.
    pub fn draw(settings: &JsValue) -> u32;
    /// Notes how often in a row the person did not match, and locks the device for some milliseconds, or none.
    pub fn note(settings: &JsValue, mismatches: u32, lock: u32);
    /// Asks the person; resolves with a snapshot of an event.
    pub fn ask(
        call: &Call,
        settings: &JsValue,
        auth_content: &str,
        auth_mode: &str,
        attempt: u32,
        deadline: u32,
        paths: &str,
    ) -> Promise;
    /// Tells the page of a new key; resolves with a snapshot of an event.
    #[wasm_bindgen(js_name = tellPage)]
    pub fn tell_page(call: &Call, settings: &JsValue, registration: &JsValue, paths: &str) -> Promise;
}
