//! The device that is a browser: every side effect of [`crate::device`] on the web platform. What other devices that JavaScript
//! can reach share with it is public.

pub mod call;
mod device;
mod encoding;
mod environment;
pub mod executor;
pub mod future;
mod key_store;
mod panic;
#[allow(missing_docs, reason = "the JavaScript files that have them describe them")]
pub mod sys;
#[cfg(feature = "exports")]
mod wx;

pub use device::{Browser, read as read_event};
pub use panic::set_hook;
#[cfg(feature = "exports")]
pub use wx::{call, can_i_use, resume};
