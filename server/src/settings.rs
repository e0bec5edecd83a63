//! Settings, from the command line or the environment.

use crate::secret::Hash;
use anyhow::{Context, bail, ensure};
use clap::{Args, ValueEnum};
use std::net::SocketAddr;
use std::time::Duration;
use url::{Host, Url};
use wx_soter_verifier::Policy;
use wx_soter_verifier::policy::{Backup, CounterPolicy, Iframes};

/// Settings. Each is an option, or the environment variable that stands beside it.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// The address and port to listen on
    #[arg(long, env = "SOTER_LISTEN", default_value = "127.0.0.1:8787")]
    pub listen: SocketAddr,
    /// Where keys and challenges live: sqlite://FILE?mode=rwc or postgres://…
    #[arg(
        long,
        env = "DATABASE_URL",
        default_value = "sqlite://soter-server.db?mode=rwc",
        hide_env_values = true
    )]
    pub database_url: String,
    /// The RP id of the pages: their domain, or a parent of it
    #[arg(long, env = "SOTER_RP_ID", default_value = "localhost")]
    pub rp_id: String,
    /// Origins of the pages, separated by commas
    #[arg(
        long = "origin",
        env = "SOTER_ORIGINS",
        value_delimiter = ',',
        default_value = "http://localhost:8000"
    )]
    pub origins: Vec<String>,
    /// Origins of pages that may hold them in an iframe of another origin, separated by commas; without any, no
    /// such iframe is accepted
    #[arg(long = "top-origin", env = "SOTER_TOP_ORIGINS", value_delimiter = ',')]
    pub top_origins: Vec<String>,
    /// SHA-256 of each access token, 64 hexadecimal digits, or APPID:HASH, separated by commas; `soter-server token` makes one.
    /// Keys and challenges are those of the app; without an APPID, of the default app
    #[arg(long = "access-token-hash", env = "SOTER_ACCESS_TOKEN_HASHES", value_delimiter = ',', value_parser = access_token, hide_env_values = true)]
    pub access_tokens: Vec<AccessToken>,
    /// APPID:HASH, the SHA-256 of an app's secret, separated by commas: such an app fetches its access tokens from
    /// /cgi-bin/token, as from WeChat
    #[arg(long = "app", env = "SOTER_APPS", value_delimiter = ',', value_parser = app, hide_env_values = true)]
    pub apps: Vec<App>,
    /// How long an issued challenge is good, in seconds (WebAuthn §13.4.3 suggests minutes)
    #[arg(long, env = "SOTER_CHALLENGE_SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub challenge_seconds: u32,
    /// Which challenges a result may have
    #[arg(long, env = "SOTER_CHALLENGES", value_enum, default_value_t = Challenges::Any)]
    pub challenges: Challenges,
    /// After how many days a backend's own challenge, once spent, is forgotten: whatever was made for it could be sent
    /// again then; never unless set
    #[arg(long, env = "SOTER_FORGET_AFTER_DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub forget_after_days: Option<u32>,
    /// What to do about a signature counter that has not grown
    #[arg(long, env = "SOTER_COUNTER", value_enum, default_value_t = CounterSetting::Refuse)]
    pub counter: CounterSetting,
    /// Which keys may be backed up to other devices
    #[arg(long, env = "SOTER_BACKUP", value_enum, default_value_t = BackupSetting::Allow)]
    pub backup: BackupSetting,
    /// Calls a second with one access token
    #[arg(long, env = "SOTER_MAX_RATE", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_rate: u32,
    /// Seconds after which a call is given up
    #[arg(long, env = "SOTER_TIMEOUT_SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub timeout_seconds: u32,
    /// Seconds for which it goes on after SIGTERM, while /readyz says 503, so that no call comes to a closed port
    #[arg(long, env = "SOTER_DRAIN_SECONDS", default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..=600))]
    pub drain_seconds: u32,
    /// Connections to the database
    #[arg(long, env = "SOTER_MAX_CONNECTIONS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub max_connections: u32,
    /// The form of the log, which goes to standard error; RUST_LOG says how much (info unless set)
    #[arg(long, env = "SOTER_LOG", value_enum, default_value_t = LogForm::Json)]
    pub log: LogForm,
    /// The APPID whose keys and challenges are those of access tokens without an APPID, and all that was stored before
    /// the service kept apps apart
    #[arg(long, env = "SOTER_DEFAULT_APP", value_parser = appid)]
    pub default_app: Option<String>,
}

/// An access token of the configuration.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The app that it works for; `None` for the default one.
    pub appid: Option<String>,
    /// The hash of the token.
    pub hash: Hash,
}

/// An app that fetches its access tokens.
#[derive(Clone, Debug)]
pub struct App {
    /// `appid`
    pub appid: String,
    /// The hash of `secret`.
    pub secret: Hash,
}

/// Which challenges a result may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Challenges {
    /// Those issued by get_challenge, and the backend's own; the backend must itself know its own, as with WeChat
    Any,
    /// Those issued by get_challenge
    Issued,
}

/// [`CounterPolicy`]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CounterSetting {
    /// The result is refused
    Refuse,
    /// The result is accepted, and the log and the metrics tell
    Report,
}

/// [`Backup`]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BackupSetting {
    /// All
    Allow,
    /// Those that are not backed up now
    RefuseBackedUp,
    /// None
    RefuseEligible,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// A JSON object each line
    Json,
    /// For people
    Text,
}

impl Settings {
    /// What clap cannot see by looking at one option.
    ///
    /// # Errors
    ///
    /// What is wrong, and how it should be.
    pub fn check(&self) -> anyhow::Result<()> {
        let needs_tokens = !self.listen.ip().is_loopback();
        ensure!(
            !needs_tokens || self.has_credentials(),
            "listening on {} wants access tokens: set --access-token-hash (`soter-server token` makes one) or --app",
            self.listen
        );
        ensure!(
            self.database_url.starts_with("sqlite:") || is_postgres(&self.database_url),
            "--database-url must begin with sqlite: or postgres:"
        );
        ensure!(
            matches!(Host::parse(&self.rp_id), Ok(Host::Domain(domain)) if domain == self.rp_id),
            "--rp-id must be a domain such as example.org, not {:?}",
            self.rp_id
        );
        ensure!(
            !(self.database_url.contains(":memory:") || self.database_url.contains("mode=memory")),
            "--database-url must be a file: each connection would have a memory of its own"
        );
        for origin in self.origins.iter().chain(&self.top_origins) {
            check_origin(origin)?;
        }
        ensure!(
            self.origins.iter().any(|origin| may_have_rp_id(origin, &self.rp_id)),
            "no --origin is a page of --rp-id {:?}, so that every result would be refused",
            self.rp_id
        );
        Ok(())
    }

    /// Whether any backend could call.
    #[must_use]
    pub fn has_credentials(&self) -> bool {
        !(self.access_tokens.is_empty() && self.apps.is_empty())
    }

    /// What the verifier is to demand. It wants the user verified, as all of wx-soter does.
    #[must_use]
    pub fn policy(&self) -> Policy {
        Policy {
            iframes: if self.top_origins.is_empty() {
                Iframes::Refuse
            } else {
                Iframes::Within(self.top_origins.clone())
            },
            counter: match self.counter {
                CounterSetting::Refuse => CounterPolicy::Refuse,
                CounterSetting::Report => CounterPolicy::Report,
            },
            backup: match self.backup {
                BackupSetting::Allow => Backup::Allow,
                BackupSetting::RefuseBackedUp => Backup::RefuseBackedUp,
                BackupSetting::RefuseEligible => Backup::RefuseEligible,
            },
            ..Policy::new(&self.rp_id, &self.origins)
        }
    }

    /// [`Settings::drain_seconds`]
    #[must_use]
    pub const fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds as u64)
    }

    /// [`Settings::timeout_seconds`]
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds as u64)
    }
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

/// Origins are compared exactly, so one with a slash at its end would match nothing.
fn check_origin(origin: &str) -> anyhow::Result<()> {
    if origin.starts_with("android:apk-key-hash:") || origin.starts_with("ios:bundle-id:") {
        return Ok(());
    }
    let url = Url::parse(origin).with_context(|| format!("{origin:?} is no origin"))?;
    let exact = url.origin().ascii_serialization();
    if !url.origin().is_tuple() || exact != origin {
        bail!("{origin:?} is no origin as browsers write it; should it be {exact:?}?");
    }
    Ok(())
}

/// A page may have its own host for RP id, or a parent of it. Apps and related origins may have others, and are believed.
fn may_have_rp_id(origin: &str, rp_id: &str) -> bool {
    let url = Url::parse(origin).ok();
    url.as_ref().and_then(Url::host_str).is_none_or(|host| {
        host.strip_suffix(rp_id).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

fn hash(text: &str) -> Result<Hash, &'static str> {
    Hash::from_hex(text).ok_or("must be a SHA-256 in 64 hexadecimal digits")
}

fn app(text: &str) -> Result<App, &'static str> {
    let (appid, secret) = text.split_once(':').ok_or("must be APPID:HASH")?;
    Ok(App { appid: self::appid(appid)?, secret: hash(secret)? })
}

fn access_token(text: &str) -> Result<AccessToken, &'static str> {
    let (appid, hash) = match text.split_once(':') {
        Some((appid, hash)) => (Some(self::appid(appid)?), hash),
        None => (None, text),
    };
    Ok(AccessToken { appid, hash: self::hash(hash)? })
}

/// An empty one would be the default app's.
fn appid(text: &str) -> Result<String, &'static str> {
    if text.is_empty() || text.contains(char::is_control) {
        Err("must be an APPID")
    } else {
        Ok(text.to_owned())
    }
}
