//! `forgetKey`: the next start makes another key, which the page's server gets to know.

use crate::availability;
use crate::failure::Failure;
use crate::key_store::KeyStore;
use crate::platform::Page;
use crate::result::{ForgottenKey, Success};
use crate::settings::Settings;
use wx_soter_webauthn::base64url;

/// Forgets the key that is remembered under these settings, and tells which it was. A record that cannot be read goes too.
///
/// # Errors
/// Where the page's own storage does not answer at once.
pub fn run<P: Page + KeyStore>(platform: &P, settings: &Settings) -> Result<Success, Failure> {
    let environment = platform.environment();
    let name = availability::key_name(settings, &environment);
    let key = platform.load(&name)?;
    platform.forget(&name);
    Ok(Success::Forgotten(key.map(|key| ForgottenKey {
        rp_id: availability::rp_id(settings, &environment).to_owned(),
        credential_id: base64url::encode(&key.id),
    })))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::run;
    use crate::api::Api;
    use crate::call;
    use crate::options::Options;
    use crate::result::{ForgottenKey, Success};
    use crate::scripted_platform::ScriptedPlatform;
    use crate::settings::Settings;
    use pollster::block_on;
    use wx_soter_webauthn::base64url;

    #[test]
    fn the_key_of_these_settings_is_forgotten_and_no_other() {
        let platform = ScriptedPlatform::default();
        let user = |id: &str| Settings { user_id: id.into(), ..Settings::default() };
        for settings in [user("ann"), user("bob")] {
            block_on(call::run(&platform, &settings, Api::Start, &Options::default(), 60_000)).unwrap();
        }
        let id = platform.store.borrow()["wx-soter:example.org:ann"].id.clone();
        let forgotten = ForgottenKey { rp_id: "example.org".into(), credential_id: base64url::encode(&id) };
        assert_eq!(run(&platform, &user("ann")), Ok(Success::Forgotten(Some(forgotten))));
        assert_eq!(run(&platform, &user("ann")), Ok(Success::Forgotten(None)));
        assert_eq!(platform.store.borrow().keys().collect::<Vec<_>>(), ["wx-soter:example.org:bob"]);
    }
}
