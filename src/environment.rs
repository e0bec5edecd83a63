//! What the page and the device are, and whether a ceremony can run there at all.

use crate::failure::{Failure, Reason};
use crate::mode::AuthMode;
use crate::text::contains;

/// What page and device are like, looked at anew for each call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `isSecureContext`; `None` in engines that have none.
    pub secure_context: Option<bool>,
    /// Whether `navigator.credentials` and `PublicKeyCredential` are there, with the accessors of WebAuthn Level 2
    /// that hand out the public key (Chromium 85, Safari 16, Firefox 119).
    pub webauthn: bool,
    /// Whether WebCrypto is there, which checks the signatures.
    pub webcrypto: bool,
    /// Whether what makes keys here has made one that was of no use, since the page was loaded.
    pub makes_unusable_keys: bool,
    /// The serialized origin, such as `https://example.com`; the `origin` that client data must name.
    pub origin: String,
    /// The scheme of the page's address with its colon, such as `file:`; for messages.
    pub scheme: String,
    /// Whether permissions policy lets this document call `get`; true where the engine does not say.
    pub may_get: bool,
    /// The same for `create`.
    pub may_create: bool,
    /// The operating system.
    pub system: System,
    /// Whether the engine is Firefox's.
    pub gecko: bool,
}

/// The operating system, as far as the user agent tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum System {
    /// Windows: Windows Hello.
    Windows,
    /// macOS: Touch ID.
    MacOs,
    /// iOS and iPadOS: Touch ID or Face ID.
    Ios,
    /// Android: the screen lock.
    Android,
    /// ChromeOS.
    ChromeOs,
    /// Linux and the rest, which ship no platform authenticator that browsers use.
    #[default]
    Other,
}

impl System {
    /// From `navigator.userAgentData.platform` where there is one, and `navigator.userAgent`. iPadOS says that it is
    /// a Mac; only its touch points give it away.
    #[must_use]
    pub fn detect(platform: &str, user_agent: &str, max_touch_points: u32) -> Self {
        let says = |words: &[&str]| words.iter().any(|word| platform == *word || contains(user_agent, word));
        if says(&["Android"]) {
            Self::Android
        } else if says(&["iPhone", "iPad", "iPod"]) {
            Self::Ios
        } else if says(&["Windows"]) {
            Self::Windows
        } else if says(&["CrOS", "Chrome OS", "Chromium OS"]) {
            Self::ChromeOs
        } else if says(&["macOS", "Macintosh"]) {
            if max_touch_points > 1 { Self::Ios } else { Self::MacOs }
        } else {
            Self::Other
        }
    }

    /// Whether it ships a platform authenticator, which then may only need setting up.
    #[must_use]
    pub const fn ships_platform_authenticator(self) -> bool {
        !matches!(self, Self::Other)
    }

    /// What `supportMode` says unless the page sets `modes`. No browser tells finger from face; of these systems only
    /// macOS is known to have no face recognition.
    #[must_use]
    pub const fn usual_modes(self) -> &'static [AuthMode] {
        match self {
            Self::MacOs => &[AuthMode::FingerPrint],
            _ => &[AuthMode::FingerPrint, AuthMode::Facial],
        }
    }
}

impl Environment {
    /// Whether WebAuthn can be called here. Browsers answer some of this only with an error in the middle of a
    /// ceremony, and `isUserVerifyingPlatformAuthenticatorAvailable` ignores all of it.
    ///
    /// # Errors
    /// The first thing in the way.
    pub fn check(&self, needs_create: bool) -> Result<(), Failure> {
        if self.secure_context == Some(false) {
            return Err(Failure::with_detail(
                Reason::InsecureContext,
                "WebAuthn needs HTTPS, or http://localhost",
            ));
        }
        if !self.webauthn {
            return Err(Failure::new(Reason::NoWebauthn));
        }
        if !self.webcrypto {
            return Err(Failure::with_detail(
                Reason::NoWebauthn,
                "crypto.subtle is missing, without which no signature can be checked",
            ));
        }
        if self.host().is_none() {
            let (what, remedy) = self.unfit_origin();
            let detail = ["WebAuthn needs a domain or localhost, not ", what, remedy].concat();
            return Err(Failure::with_detail(Reason::InvalidHost, &detail));
        }
        if !self.may_get || (needs_create && !self.may_create) {
            let feature = if self.may_get { "create" } else { "get" };
            return Err(Failure::with_detail(
                Reason::BlockedByPolicy,
                &["permissions policy lacks publickey-credentials-", feature].concat(),
            ));
        }
        Ok(())
    }

    /// What the origin is that WebAuthn refuses, and what to do about it where that is not plain.
    fn unfit_origin(&self) -> (&str, &str) {
        let is_web = matches!(self.scheme.as_str(), "https:" | "http:");
        let is_opaque = matches!(self.origin.as_str(), "" | "null");
        match (is_web, is_opaque) {
            // As Capacitor's, Cordova's and Electron's pages are.
            (false, _) if !self.scheme.is_empty() => {
                (&self.scheme, " which has no domains: serve the page over https")
            }
            (_, true) => {
                ("an opaque origin", ", as documents in a sandbox have: allow-same-origin ends that")
            }
            _ => (&self.origin, ""),
        }
    }

    /// Gecko on Linux refuses `authenticatorAttachment: 'platform'` within a millisecond, whatever is there
    /// (`authrs_bridge` answers NS_ERROR_FAILURE).
    #[must_use]
    pub const fn knows_platform_attachment(&self) -> bool {
        !(self.gecko && matches!(self.system, System::Other))
    }

    /// The host of the origin where WebAuthn accepts it: a domain or `localhost`, not an IP address (WebAuthn Level 3
    /// §5.1.3 step 7, "effective domain").
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        let rest = self.origin.strip_prefix("https://").or_else(|| self.origin.strip_prefix("http://"))?;
        let bracketed = rest.as_bytes().first() == Some(&b'[');
        let host = rest.bytes().position(|byte| byte == b':').map_or(Some(rest), |port| rest.get(..port))?;
        // The URL parser has made any IPv4 address dotted decimal, so its last label is a number (URL, "ends in a number").
        // Behind a domain there may be the dot of DNS's root.
        let labels = host.strip_suffix('.').unwrap_or(host);
        let mut last_label = labels.bytes().rev().take_while(|byte| *byte != b'.');
        let numeric = last_label.all(|byte| byte.is_ascii_digit());
        (!bracketed && !numeric).then_some(host)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Environment, System};
    use crate::failure::Reason;
    use crate::mode::AuthMode;
    use proptest::prelude::*;

    fn page(origin: &str) -> Environment {
        Environment {
            secure_context: Some(true),
            webauthn: true,
            webcrypto: true,
            makes_unusable_keys: false,
            origin: origin.into(),
            scheme: origin.split_inclusive(':').next().unwrap_or_default().into(),
            may_get: true,
            may_create: true,
            system: System::Other,
            gecko: false,
        }
    }

    #[test]
    fn domains_and_localhost_are_hosts() {
        let rows = [
            ("https://example.com", "example.com"),
            ("https://a.example.com:8443", "a.example.com"),
            ("http://localhost:8000", "localhost"),
            ("http://localhost.", "localhost."),
            ("https://example.com.:8443", "example.com."),
            ("http://foo.localhost", "foo.localhost"),
            ("https://xn--fiqs8s", "xn--fiqs8s"),
        ];
        for (origin, host) in rows {
            assert_eq!(page(origin).host(), Some(host));
            assert_eq!(page(origin).check(true), Ok(()));
        }
    }

    #[test]
    fn addresses_files_and_opaque_origins_are_not() {
        for origin in [
            "http://127.0.0.1:8000",
            "https://10.0.0.1",
            "http://[::1]:8000",
            "https://[::1]",
            "file://",
            "null",
            "",
        ] {
            assert_eq!(page(origin).check(true).unwrap_err().reason(), Reason::InvalidHost, "{origin}");
        }
    }

    #[test]
    fn what_is_wrong_with_an_origin_is_named() {
        for (origin, scheme, named) in [
            ("null", "file:", "not file: which has"),
            ("app://index.html", "app:", "not app: which has"),
            ("null", "https:", "not an opaque origin,"),
            ("https://10.0.0.1", "https:", "not https://10.0.0.1"),
        ] {
            let page = Environment { scheme: scheme.into(), ..page(origin) };
            let failure = page.check(true).unwrap_err();
            assert!(failure.detail().unwrap().contains(named), "{origin}: {:?}", failure.detail());
        }
    }

    #[test]
    fn the_first_thing_in_the_way_is_named() {
        let mut page = page("http://127.0.0.1");
        page.may_create = false;
        page.webauthn = false;
        page.secure_context = Some(false);
        let mut reasons = vec![page.check(true).unwrap_err().reason()];
        page.secure_context = None;
        reasons.push(page.check(true).unwrap_err().reason());
        page.webauthn = true;
        reasons.push(page.check(true).unwrap_err().reason());
        page.origin = "https://example.com".into();
        reasons.push(page.check(true).unwrap_err().reason());
        assert_eq!(
            reasons,
            [Reason::InsecureContext, Reason::NoWebauthn, Reason::InvalidHost, Reason::BlockedByPolicy]
        );
        assert_eq!(page.check(false), Ok(()));
        page.may_get = false;
        assert_eq!(page.check(false).unwrap_err().reason(), Reason::BlockedByPolicy);
    }

    #[test]
    fn only_gecko_on_linux_does_not_know_the_platform_attachment() {
        let mut page = page("https://example.com");
        assert!(page.knows_platform_attachment());
        page.gecko = true;
        assert!(!page.knows_platform_attachment());
        page.system = System::Windows;
        assert!(page.knows_platform_attachment());
    }

    #[test]
    fn systems_are_told_by_platform_or_user_agent() {
        let rows = [
            ("Windows", "", 0, System::Windows),
            ("", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:153.0)", 0, System::Windows),
            ("macOS", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 0, System::MacOs),
            ("", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 5, System::Ios),
            ("", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X)", 5, System::Ios),
            ("Android", "Mozilla/5.0 (Linux; Android 15)", 5, System::Android),
            ("Chrome OS", "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)", 0, System::ChromeOs),
            ("Linux", "Mozilla/5.0 (X11; Linux x86_64)", 0, System::Other),
        ];
        for (platform, user_agent, touch_points, system) in rows {
            assert_eq!(System::detect(platform, user_agent, touch_points), system, "{platform} {user_agent}");
        }
        assert!(!System::Other.ships_platform_authenticator());
        assert_eq!(System::MacOs.usual_modes(), [AuthMode::FingerPrint]);
        assert_eq!(System::Windows.usual_modes(), [AuthMode::FingerPrint, AuthMode::Facial]);
    }

    proptest! {
        #[test]
        fn no_ip_address_is_ever_a_host(v4 in any::<std::net::Ipv4Addr>(), v6 in any::<std::net::Ipv6Addr>(), port in any::<u16>()) {
            for host in [format!("https://{v4}:{port}"), format!("https://{v4}"), format!("https://[{v6}]:{port}")] {
                prop_assert!(page(&host).host().is_none(), "{}", host);
            }
        }

        #[test]
        fn any_origin_is_read_without_panic(origin in ".*") {
            let _ = page(&origin).host();
        }
    }
}
