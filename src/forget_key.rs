//! `forgetKey`: the next start makes another key, which the page's server gets to know.

use crate::availability;
use crate::device::Device;
use crate::failure::Failure;
use crate::result::Success;
use crate::settings::Settings;

/// Forgets the key that is remembered under these settings, and tells which it was. A record that cannot be read goes too.
///
/// # Errors
/// Where the page's own storage does not answer at once.
pub fn run<D: Device>(device: &D, settings: &Settings) -> Result<Success, Failure> {
    let environment = device.environment();
    let name = availability::key_name(settings, &environment);
    let key = device.load(&name)?;
    device.forget(&name);
    let forgotten = key.map(|key| (availability::rp_id(settings, &environment).to_owned(), key.id));
    Ok(Success { forgotten: forgotten.unwrap_or_default(), ..Success::default() })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::run;
    use crate::api::Api;
    use crate::ceremony;
    use crate::options::Options;
    use crate::scripted_device::ScriptedDevice;
    use crate::settings::Settings;
    use pollster::block_on;

    #[test]
    fn the_key_of_these_settings_is_forgotten_and_no_other() {
        let device = ScriptedDevice::default();
        let user = |id: &str| Settings { user_id: id.into(), ..Settings::default() };
        for settings in [user("ann"), user("bob")] {
            block_on(ceremony::run(&device, &settings, Api::Start, &Options::default())).unwrap();
        }
        let id = device.store.borrow()["wx-soter:example.org:ann"].id.clone();
        assert_eq!(run(&device, &user("ann")).unwrap().forgotten, ("example.org".to_owned(), id));
        assert_eq!(run(&device, &user("ann")).unwrap().forgotten, (String::new(), String::new()));
        assert_eq!(device.store.borrow().keys().collect::<Vec<_>>(), ["wx-soter:example.org:bob"]);
    }
}
