//! What page and device this is.

use super::{Browser, sys};
use crate::device::Surroundings;
use crate::environment::{Environment, System};
use std::cell::Cell;
use std::rc::Rc;

impl Surroundings for Browser {
    fn environment(&self) -> Environment {
        let snapshot = sys::environment();
        let flag = |name| sys::get(&snapshot, name).as_bool();
        let user_agent = sys::text(&snapshot, "userAgent");
        Environment {
            secure_context: flag("isSecureContext"),
            webauthn: flag("webauthn") == Some(true),
            origin: sys::text(&snapshot, "origin"),
            may_get: flag("mayGet") != Some(false),
            may_create: flag("mayCreate") != Some(false),
            system: System::detect(
                &sys::text(&snapshot, "platform"),
                &user_agent,
                sys::get(&snapshot, "maxTouchPoints").as_f64().unwrap_or_default(),
            ),
            gecko: crate::text::contains(&user_agent, "Firefox/"),
        }
    }

    fn open(&self) -> &Rc<Cell<bool>> {
        &self.open
    }
}
