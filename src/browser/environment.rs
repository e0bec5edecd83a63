//! What page and device this is, and who has the turn on it.

use super::{Browser, sys};
use crate::device::Surroundings;
use crate::environment::{Environment, System};
use crate::text::contains;
use std::cell::Cell;

thread_local! {
    // Browsers run one ceremony at a time in a document (Blink even in a tab), so all `Wx` of a page take turns.
    static OPEN: Cell<bool> = const { Cell::new(false) };
}

impl Surroundings for Browser {
    fn environment(&self) -> Environment {
        let snapshot = sys::environment();
        let get = |name| sys::get(&snapshot, name);
        let is_true = |name| get(name).as_bool() == Some(true);
        let user_agent = sys::text(&get("userAgent"));
        let platform = sys::text(&get("platform"));
        Environment {
            secure_context: get("isSecureContext").as_bool(),
            webauthn: is_true("webauthn"),
            origin: sys::text(&get("origin")),
            may_get: is_true("mayGet"),
            may_create: is_true("mayCreate"),
            system: System::detect(&platform, &user_agent, sys::number(&get("maxTouchPoints"))),
            gecko: contains(&user_agent, "Firefox/"),
        }
    }

    fn take_turn(&self) -> bool {
        !OPEN.replace(true)
    }

    fn end_turn(&self) {
        OPEN.set(false);
    }
}
