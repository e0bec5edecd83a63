//! The two checks, and what they share with a ceremony.

use crate::environment::Environment;
use crate::failure::{Failure, Reason};
use crate::mode::{self, AuthMode};
use crate::options::Options;
use crate::platform::Platform;
use crate::result::Success;
use crate::settings::{Authenticators, Settings};
use futures_lite::future::or;

/// `checkIsSupportSoterAuthentication`: whether a page can authenticate. WeChat's dialect says of a device that cannot that no
/// mode is supported.
///
/// # Errors
/// What is in the way.
pub async fn check_support<P: Platform>(
    platform: &P,
    settings: &Settings,
    deadline_ms: u32,
) -> Result<Success, Failure> {
    match check(platform, settings, None, deadline_ms).await {
        Ok((_, supported)) => Ok(Success::Supported(supported)),
        Err(failure)
            if failure.reason().code() == 90001 && settings.dialect.answers_unsupported_with_success() =>
        {
            Ok(Success::Supported(Vec::new()))
        }
        Err(failure) => Err(failure),
    }
}

/// `checkIsSoterEnrolledInDevice`: whether a user-verifying platform authenticator is set up now, for that mode where the
/// device can tell modes apart.
///
/// # Errors
/// What is in the way of any authentication.
pub async fn check_enrolled<P: Platform>(
    platform: &P,
    settings: &Settings,
    options: &Options,
    deadline_ms: u32,
) -> Result<Success, Failure> {
    let modes = options.modes.as_deref();
    let asked = modes.and_then(|modes| modes.first().copied());
    let (is_set_up, supported) = check(platform, settings, asked, deadline_ms).await?;
    if mode::choose(modes, &supported).is_none() {
        return Err(mode::none_chosen(&options.unknown_mode, &supported));
    }
    Ok(Success::Enrolled(is_set_up))
}

/// Whether an authenticator is set up, and the supported modes.
async fn check<P: Platform>(
    platform: &P,
    settings: &Settings,
    mode: Option<AuthMode>,
    deadline_ms: u32,
) -> Result<(bool, Vec<AuthMode>), Failure> {
    let environment = platform.environment();
    let key = platform.load(&key_name(settings, &environment))?;
    environment.check(key.is_none())?;
    let answered = async { Ok(platform.is_available(mode).await == Some(true)) };
    let late = async {
        platform.sleep(deadline_ms).await?;
        Err(Failure::new(Reason::Timeout))
    };
    let is_set_up = or(answered, late).await?;
    let may_be_another = settings.authenticators == Authenticators::Any;
    if is_set_up || may_be_another || environment.system.ships_platform_authenticator() {
        Ok((is_set_up, supported_modes(settings, &environment).to_vec()))
    } else {
        Err(Failure::new(Reason::NoPlatformAuthenticator))
    }
}

/// What `supportMode` says.
#[must_use]
pub fn supported_modes<'a>(settings: &'a Settings, environment: &Environment) -> &'a [AuthMode] {
    if settings.modes.is_empty() { environment.system.usual_modes() } else { &settings.modes }
}

/// The RP id: the setting, or the page's host.
#[must_use]
pub fn rp_id<'a>(settings: &'a Settings, environment: &'a Environment) -> &'a str {
    if settings.rp_id.is_empty() { environment.host().unwrap_or_default() } else { &settings.rp_id }
}

/// The name under which the key of this RP id and user is remembered.
#[must_use]
pub fn key_name(settings: &Settings, environment: &Environment) -> String {
    ["wx-soter:", rp_id(settings, environment), ":", &settings.user_id].concat()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use crate::api::Api;
    use crate::call::run;
    use crate::dialect::Dialect;
    use crate::environment::System;
    use crate::failure::{Failure, Reason};
    use crate::mode::AuthMode;
    use crate::options::Options;
    use crate::result::Success;
    use crate::scripted_platform::ScriptedPlatform;
    use crate::settings::{Authenticators, Settings};
    use pollster::block_on;

    const BOTH: [AuthMode; 2] = [AuthMode::FingerPrint, AuthMode::Facial];

    fn platform(system: System, available: Option<bool>) -> ScriptedPlatform {
        let mut platform = ScriptedPlatform::default();
        platform.environment.system = system;
        platform.available.set(available);
        platform
    }

    fn support(platform: &ScriptedPlatform, settings: &Settings) -> Result<Vec<AuthMode>, Reason> {
        block_on(run(platform, settings, Api::CheckSupport, &Options::default(), 60_000))
            .map(|success| match success {
                Success::Supported(modes) => modes,
                other => unreachable!("{other:?}"),
            })
            .map_err(|failure| failure.reason())
    }

    fn enrolled(platform: &ScriptedPlatform, mode: Option<&str>) -> Result<bool, Failure> {
        let modes = mode.map(|mode| AuthMode::from_name(mode).into_iter().collect());
        let options = Options { modes, ..Options::default() };
        block_on(run(platform, &Settings::default(), Api::CheckEnrolled, &options, 60_000))
            .map(|success| success == Success::Enrolled(true))
    }

    #[test]
    fn a_check_that_hangs_times_out() {
        let platform = ScriptedPlatform::default();
        platform.availability_hangs.set(true);
        platform.deadline_passes.set(true);
        assert_eq!(support(&platform, &Settings::default()), Err(Reason::Timeout));
        assert_eq!(enrolled(&platform, None).unwrap_err().reason(), Reason::Timeout);
        let wechat = Settings { dialect: Dialect::Wechat, ..Settings::default() };
        assert_eq!(support(&platform, &wechat), Err(Reason::Timeout), "which says nothing about support");
    }

    #[test]
    fn support_needs_an_authenticator_or_a_system_that_ships_one() {
        let settings = Settings::default();
        assert_eq!(support(&platform(System::Other, Some(true)), &settings), Ok(BOTH.to_vec()));
        assert_eq!(support(&platform(System::Android, Some(false)), &settings), Ok(BOTH.to_vec()));
        assert_eq!(support(&platform(System::MacOs, None), &settings), Ok(vec![AuthMode::FingerPrint]));
        for available in [Some(false), None] {
            assert_eq!(
                support(&platform(System::Other, available), &settings),
                Err(Reason::NoPlatformAuthenticator)
            );
        }
    }

    #[test]
    fn security_keys_count_where_any_authenticator_may_answer() {
        let settings = Settings { authenticators: Authenticators::Any, ..Settings::default() };
        assert_eq!(support(&platform(System::Other, Some(false)), &settings), Ok(BOTH.to_vec()));
    }

    #[test]
    fn modes_are_the_pages_where_it_sets_them() {
        let settings = Settings { modes: vec![AuthMode::Facial], ..Settings::default() };
        assert_eq!(support(&platform(System::Windows, Some(true)), &settings), Ok(vec![AuthMode::Facial]));
    }

    #[test]
    fn wechats_dialect_answers_unsupported_with_an_empty_list() {
        let mut platform = platform(System::Other, Some(false));
        let wechat = Settings { dialect: Dialect::Wechat, ..Settings::default() };
        assert_eq!(support(&platform, &wechat), Ok(vec![]));
        platform.environment.origin = "http://127.0.0.1".into();
        assert_eq!(support(&platform, &wechat), Ok(vec![]));
        let tcmpp = Settings { dialect: Dialect::Tcmpp, ..Settings::default() };
        assert_eq!(support(&platform, &tcmpp), Err(Reason::InvalidHost));
    }

    #[test]
    fn enrolled_is_what_is_set_up_now() {
        assert_eq!(enrolled(&platform(System::Windows, Some(true)), None), Ok(true));
        assert_eq!(enrolled(&platform(System::Windows, Some(false)), Some("facial")), Ok(false));
        assert_eq!(enrolled(&platform(System::Windows, None), None), Ok(false), "unknown is not enrolled");
    }

    #[test]
    fn enrolled_fails_where_nothing_can_run() {
        let failure = enrolled(&platform(System::Other, Some(false)), None).unwrap_err();
        assert_eq!(failure.reason(), Reason::NoPlatformAuthenticator);
        let failure = enrolled(&platform(System::Windows, Some(true)), Some("speech")).unwrap_err();
        assert_eq!(failure.reason(), Reason::ModeNotSupported);
    }

    #[test]
    fn a_page_that_may_only_get_is_supported_once_it_has_a_key() {
        let mut platform = ScriptedPlatform::default();
        let settings = Settings::default();
        block_on(run(&platform, &settings, Api::Start, &Options::default(), 60_000)).unwrap();
        platform.environment.may_create = false;
        assert_eq!(support(&platform, &settings), Ok(BOTH.to_vec()));
        platform.store.borrow_mut().clear();
        assert_eq!(support(&platform, &settings), Err(Reason::BlockedByPolicy));
    }
}
