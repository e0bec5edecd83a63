//! What shows the person what they are asked for.

use crate::failure::Failure;
use crate::mode::AuthMode;

/// The prompt of one call. It goes when the call settles.
pub trait Prompt {
    /// Shows it.
    ///
    /// # Errors
    /// Where the page's own prompt throws.
    fn show(&self, auth_content: &str, mode: AuthMode) -> Result<(), Failure>;

    /// Waits until it ends the call: the person cancels, or the page's own prompt fails. Never where there is none.
    async fn ended(&self) -> Failure;

    /// Waits for a click on it, which counts as the person's; false where there is no button, or it has gone.
    async fn ask_for_click(&self) -> bool;
}
