//! Where WeChat is.

use anyhow::{Context, ensure};
use url::{Host, Url};

/// WeChat's own.
pub const WECHAT: &str = "https://api.weixin.qq.com";

/// Whether an app's secret and its access token may be sent there: by https, or to this machine, where a test or a proxy of one's own
/// listens.
///
/// # Errors
///
/// What is wrong, and how it should be.
pub fn check(origin: &str) -> anyhow::Result<()> {
    let url =
        Url::parse(origin).with_context(|| format!("--upstream is no address; WeChat's is {WECHAT}"))?;
    ensure!(
        matches!(url.scheme(), "https" | "http"),
        "--upstream must begin with https://, as WeChat's {WECHAT}"
    );
    // It may have a password in it.
    let exact = url.origin().ascii_serialization();
    ensure!(exact == origin, "--upstream is an origin, without a path; should it be {exact:?}?");
    ensure!(
        url.scheme() == "https" || is_this_machine(&url),
        "--upstream {origin:?} would have the secrets of apps sent in clear: http is for this machine alone"
    );
    Ok(())
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_nowhere_in_clear() {
        for right in [
            WECHAT,
            "https://sh.api.weixin.qq.com",
            "https://10.0.0.1:8443",
            "http://localhost:8080",
            "http://127.0.0.1:1",
            "http://[::1]:1",
        ] {
            assert!(check(right).is_ok(), "{right}");
        }
        for (wrong, told) in [
            ("http://api.weixin.qq.com", "in clear"),
            ("http://127.0.0.1.example.org", "in clear"),
            ("http://localhost.example.org", "in clear"),
            ("http://wechat.localhost", "in clear"),
            ("http://10.0.0.1", "in clear"),
            ("https://api.weixin.qq.com/", r#"should it be "https://api.weixin.qq.com""#),
            ("https://api.weixin.qq.com/cgi-bin", "without a path"),
            ("https://user:password@api.weixin.qq.com", r#"should it be "https://api.weixin.qq.com""#),
            ("api.weixin.qq.com", "is no address"),
            ("ftp://api.weixin.qq.com", "must begin with https://"),
            ("", "is no address"),
        ] {
            let error = check(wrong).err().map(|error| format!("{error:#}")).unwrap_or_default();
            assert!(error.contains(told) && !error.contains("password@"), "{wrong}: {error}");
        }
    }
}
