//! `forgetKey`: the next start makes another key, which the page's server gets to know.

use crate::availability;
use crate::failure::Failure;
use crate::options::Options;
use crate::platform::Platform;
use crate::result::Success;
use crate::settings::Settings;

/// Forgets the key that is remembered under these settings, and tells the platform of it where the page wants that. A record
/// that cannot be read goes too.
///
/// # Errors
/// Where the page's own storage does not answer at once.
pub fn run<P: Platform>(platform: &P, settings: &Settings, options: &Options) -> Result<Success, Failure> {
    let environment = platform.environment();
    let name = availability::key_name(settings, &environment);
    let key = platform.load(&name)?;
    platform.forget(&name);
    if let Some(key) = key.as_ref().filter(|_| options.signal_unknown_credential) {
        platform.signal_unknown_credential(availability::rp_id(settings, &environment), &key.id);
    }
    Ok(Success::Forgotten(key.is_some()))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::run;
    use crate::api::Api;
    use crate::call;
    use crate::options::Options;
    use crate::result::Success;
    use crate::scripted_platform::ScriptedPlatform;
    use crate::settings::Settings;
    use pollster::block_on;

    #[test]
    fn the_key_of_these_settings_is_forgotten_and_no_other() {
        let platform = ScriptedPlatform::default();
        let user = |id: &str| Settings { user_id: id.into(), ..Settings::default() };
        for settings in [user("ann"), user("bob")] {
            block_on(call::run(&platform, &settings, Api::Start, &Options::default(), 60_000)).unwrap();
        }
        let id = platform.store.borrow()["wx-soter:example.org:ann"].id.clone();
        let options = Options { signal_unknown_credential: true, ..Options::default() };
        assert_eq!(run(&platform, &user("ann"), &options), Ok(Success::Forgotten(true)));
        assert_eq!(*platform.signalled.borrow(), [id]);
        assert_eq!(run(&platform, &user("ann"), &options), Ok(Success::Forgotten(false)));
        assert_eq!(platform.store.borrow().keys().collect::<Vec<_>>(), ["wx-soter:example.org:bob"]);
    }
}
