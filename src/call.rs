//! One call: which rules it goes by.

use crate::api::Api;
use crate::failure::Failure;
use crate::options::Options;
use crate::platform::Platform;
use crate::result::Success;
use crate::settings::Settings;
use crate::{availability, ceremony, forget_key};

/// Runs a call to its end. `deadline_ms` is how much of the page's `timeout` is left.
///
/// # Errors
/// Whatever came in the way; see the table of errors in the README.
pub async fn run<P: Platform>(
    platform: &P,
    settings: &Settings,
    api: Api,
    options: &Options,
    deadline_ms: u32,
) -> Result<Success, Failure> {
    match api {
        Api::Start => ceremony::run(platform, settings, options, deadline_ms).await,
        Api::CheckSupport => availability::check_support(platform, settings, deadline_ms).await,
        Api::CheckEnrolled => availability::check_enrolled(platform, settings, options, deadline_ms).await,
        Api::ForgetKey => forget_key::run(platform, settings, options),
    }
}
