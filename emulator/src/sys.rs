//! Raw bindings to the device's state and person, which JavaScript keeps.

use wasm_bindgen::prelude::*;
use wx_soter::browser::sys::Call;

#[wasm_bindgen(module = "/src/state.js")]
extern "C" {
    #[wasm_bindgen(js_name = takeTurn)]
    pub fn take_turn(settings: &JsValue, call: &Call) -> bool;
    #[wasm_bindgen(js_name = endTurn)]
    pub fn end_turn(settings: &JsValue, call: &Call);
    pub fn draw(settings: &JsValue) -> u32;
    pub fn note(settings: &JsValue, mismatches: u32, lock: u32);
    #[wasm_bindgen(js_name = isLocked)]
    pub fn is_locked(settings: &JsValue) -> bool;
    pub fn ask(
        call: &Call,
        settings: &JsValue,
        auth_content: &str,
        auth_mode: &str,
        attempt: u32,
        deadline: u32,
        paths: &str,
    );
    #[wasm_bindgen(js_name = tellPage)]
    pub fn tell_page(call: &Call, settings: &JsValue, registration: &str, uid: &str, paths: &str);
}
