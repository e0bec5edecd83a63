//! The two checks, and what they share with a ceremony.

use crate::text::concat;

use crate::device::Device;
use crate::environment::Environment;
use crate::failure::{Failure, Reason};
use crate::mode::{self, AuthMode};
use crate::settings::{Authenticators, Settings};
use futures_lite::future::or;

/// `checkIsSupportSoterAuthentication`: the supported modes, where this page can really run a ceremony.
///
/// # Errors
/// [`Reason::Timeout`], or what is in the way, unless the dialect answers that with an empty list.
pub async fn check_support<D: Device>(device: &D, settings: &Settings) -> Result<Vec<AuthMode>, Failure> {
    match state(device, settings).await {
        Ok((environment, _)) => Ok(supported_modes(settings, &environment).to_vec()),
        Err(failure)
            if failure.reason().code() == 90001 && settings.dialect.answers_unsupported_with_success() =>
        {
            Ok(Vec::new())
        }
        Err(failure) => Err(failure),
    }
}

/// `checkIsSoterEnrolledInDevice`: whether a user-verifying platform authenticator is set up now.
///
/// # Errors
/// [`Reason::Timeout`], [`Reason::ModeNotSupported`], or what is in the way of any ceremony.
pub async fn check_enrolled<D: Device>(
    device: &D,
    settings: &Settings,
    check_auth_mode: Option<String>,
) -> Result<bool, Failure> {
    let (environment, enrolled) = state(device, settings).await?;
    let requested = check_auth_mode.map(|mode| [mode]);
    mode::choose(requested.as_ref().map(<[String; 1]>::as_slice), supported_modes(settings, &environment))?;
    Ok(enrolled)
}

/// The page, and whether a user-verifying platform authenticator is set up.
async fn state<D: Device>(device: &D, settings: &Settings) -> Result<(Environment, bool), Failure> {
    let environment = device.environment();
    environment.check(device.load(&key_name(settings, &environment)).is_none())?;
    let answered =
        async { Ok(device.is_user_verifying_platform_authenticator_available().await == Some(true)) };
    let available = or(answered, async {
        device.sleep(settings.timeout_ms).await;
        Err(Failure::new(Reason::Timeout))
    })
    .await?;
    let may_be_another = settings.authenticators == Authenticators::Any;
    if available || may_be_another || environment.system.ships_platform_authenticator() {
        Ok((environment, available))
    } else {
        Err(Failure::new(Reason::NoPlatformAuthenticator))
    }
}

/// What `supportMode` says.
#[must_use]
pub fn supported_modes<'a>(settings: &'a Settings, environment: &Environment) -> &'a [AuthMode] {
    settings.modes.as_deref().unwrap_or_else(|| environment.system.usual_modes())
}

/// The RP id: the setting, or the page's host.
#[must_use]
pub fn rp_id<'a>(settings: &'a Settings, environment: &'a Environment) -> &'a str {
    settings.rp_id.as_deref().or_else(|| environment.host()).unwrap_or_default()
}

/// The name under which the key of this RP id and user is remembered.
#[must_use]
pub fn key_name(settings: &Settings, environment: &Environment) -> String {
    let user = settings.user.id.as_deref().unwrap_or_default();
    concat(&["wx-soter:", rp_id(settings, environment), ":", user])
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{check_enrolled, check_support};
    use crate::dialect::Dialect;
    use crate::environment::System;
    use crate::failure::{Failure, Reason};
    use crate::mode::AuthMode;
    use crate::scripted_device::ScriptedDevice;
    use crate::settings::{Authenticators, Settings};
    use pollster::block_on;

    const BOTH: [AuthMode; 2] = [AuthMode::FingerPrint, AuthMode::Facial];

    fn device(system: System, available: Option<bool>) -> ScriptedDevice {
        let mut device = ScriptedDevice::default();
        device.environment.system = system;
        device.available.set(available);
        device
    }

    fn support(device: &ScriptedDevice, settings: &Settings) -> Result<Vec<AuthMode>, Reason> {
        block_on(check_support(device, settings)).map_err(|failure| failure.reason())
    }

    fn enrolled(device: &ScriptedDevice, mode: Option<&str>) -> Result<bool, Failure> {
        block_on(check_enrolled(device, &Settings::default(), mode.map(str::to_owned)))
    }

    #[test]
    fn support_needs_an_authenticator_or_a_system_that_ships_one() {
        let settings = Settings::default();
        assert_eq!(support(&device(System::Other, Some(true)), &settings), Ok(BOTH.to_vec()));
        assert_eq!(support(&device(System::Android, Some(false)), &settings), Ok(BOTH.to_vec()));
        assert_eq!(support(&device(System::MacOs, None), &settings), Ok(vec![AuthMode::FingerPrint]));
        for available in [Some(false), None] {
            assert_eq!(
                support(&device(System::Other, available), &settings),
                Err(Reason::NoPlatformAuthenticator)
            );
        }
    }

    #[test]
    fn security_keys_count_where_any_authenticator_may_answer() {
        let settings = Settings { authenticators: Authenticators::Any, ..Settings::default() };
        assert_eq!(support(&device(System::Other, Some(false)), &settings), Ok(BOTH.to_vec()));
    }

    #[test]
    fn modes_are_the_pages_where_it_sets_them() {
        let settings = Settings { modes: Some(vec![AuthMode::Facial]), ..Settings::default() };
        assert_eq!(support(&device(System::Windows, Some(true)), &settings), Ok(vec![AuthMode::Facial]));
    }

    #[test]
    fn wechats_dialect_answers_unsupported_with_an_empty_list() {
        let mut device = device(System::Other, Some(false));
        let wechat = Settings { dialect: Dialect::Wechat, ..Settings::default() };
        assert_eq!(support(&device, &wechat), Ok(vec![]));
        device.environment.origin = "http://127.0.0.1".into();
        assert_eq!(support(&device, &wechat), Ok(vec![]));
        let tcmpp = Settings { dialect: Dialect::Tcmpp, ..Settings::default() };
        assert_eq!(support(&device, &tcmpp), Err(Reason::InvalidHost));
    }

    #[test]
    fn enrolled_is_what_is_set_up_now() {
        assert_eq!(enrolled(&device(System::Windows, Some(true)), None), Ok(true));
        assert_eq!(enrolled(&device(System::Windows, Some(false)), Some("facial")), Ok(false));
        assert_eq!(enrolled(&device(System::Windows, None), None), Ok(false), "unknown is not enrolled");
    }

    #[test]
    fn enrolled_fails_where_nothing_can_run() {
        let failure = enrolled(&device(System::Other, Some(false)), None).unwrap_err();
        assert_eq!(failure.reason(), Reason::NoPlatformAuthenticator);
        let failure = enrolled(&device(System::Windows, Some(true)), Some("speech")).unwrap_err();
        assert_eq!(failure.reason(), Reason::ModeNotSupported);
    }

    #[test]
    fn a_page_that_may_only_get_is_supported_once_it_has_a_key() {
        let mut device = ScriptedDevice::default();
        let settings = Settings::default();
        block_on(crate::ceremony::start(&device, &settings, &crate::options::StartOptions::default()))
            .unwrap();
        device.environment.may_create = false;
        assert_eq!(support(&device, &settings), Ok(BOTH.to_vec()));
        device.store.borrow_mut().clear();
        assert_eq!(support(&device, &settings), Err(Reason::BlockedByPolicy));
    }
}
