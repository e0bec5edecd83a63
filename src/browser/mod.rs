//! The device that is a browser: every side effect of [`crate::device`] on the web platform.

mod device;
mod encoding;
mod environment;
mod executor;
mod key_store;
mod panic;
mod sys;
mod wx;

use device::Browser;
pub use panic::set_hook;
pub use wx::{call, can_i_use, run_ready};
