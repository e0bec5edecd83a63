//! What page and device this is, and who has the turn on it.

use super::{Browser, sys};
use crate::device::Surroundings;
use crate::environment::{Environment, System};
use crate::snapshot::Snapshot;
use crate::text::contains;
use std::sync::atomic::{AtomicBool, Ordering};

/// Browsers run one ceremony at a time in a document (Blink even in a tab), so all `Wx` of a page take turns.
static OPEN: AtomicBool = AtomicBool::new(false);

impl Surroundings for Browser {
    fn environment(&self) -> Environment {
        let written = sys::environment();
        let found = Snapshot::read(&written);
        let is_true = |name| found.get(name).flag() == Some(true);
        let user_agent = found.get("userAgent").text();
        let platform = found.get("platform").text();
        let max_touch_points = found.get("maxTouchPoints").number().unwrap_or_default();
        Environment {
            secure_context: found.get("isSecureContext").flag(),
            webauthn: is_true("webauthn"),
            webcrypto: is_true("webcrypto"),
            makes_unusable_keys: is_true("makesUnusableKeys"),
            origin: found.text("origin"),
            may_get: is_true("mayGet"),
            may_create: is_true("mayCreate"),
            system: System::detect(platform, user_agent, max_touch_points),
            gecko: contains(user_agent, "Firefox/"),
        }
    }

    fn take_turn(&self) -> bool {
        !OPEN.swap(true, Ordering::Relaxed)
    }

    fn end_turn(&self) {
        OPEN.store(false, Ordering::Relaxed);
    }

    fn note_unusable_key(&self) {
        sys::note_unusable_key();
    }
}
