//! Settings, from the command line or the environment.

use crate::credentials::app_name;
use crate::secret::{Hash, Secret};
use crate::upstream::origin;
use crate::{database_url, listen, settings_file, store};
use anyhow::{Context, bail, ensure};
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use url::{Host, Url};
use wx_soter_verifier::Policy;
use wx_soter_verifier::policy::{AttestationPolicy, Backup, Certified, CounterPolicy, Iframes};

/// Settings. Each is an option, or the environment variable that stands beside it.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// The address and port to listen on
    #[arg(long, env = "SOTER_LISTEN", default_value = "127.0.0.1:8787", value_parser = listen::parse)]
    pub listen: SocketAddr,
    /// An address of its own for /healthz, /readyz and /metrics, which are then nowhere else
    #[arg(long, env = "SOTER_MONITORING_LISTEN", value_parser = listen::parse)]
    pub monitoring_listen: Option<SocketAddr>,
    /// Connections of clients; what comes beyond is closed at once
    #[arg(long, env = "SOTER_MAX_CLIENTS", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_clients: u32,
    /// Where keys and challenges live: sqlite://FILE?mode=rwc or postgres://…
    #[arg(
        long,
        env = "DATABASE_URL",
        default_value = "sqlite://soter-server.db?mode=rwc",
        hide_env_values = true
    )]
    pub database_url: String,
    /// A file with that URL, in place of it
    #[arg(long, env = "DATABASE_URL_FILE", conflicts_with = "database_url")]
    pub database_url_file: Option<PathBuf>,
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
    /// A file with such hashes, one a line; lines that begin with # are passed over
    #[arg(long = "access-token-hash-file", env = "SOTER_ACCESS_TOKEN_HASHES_FILE")]
    pub access_tokens_file: Option<PathBuf>,
    /// APPID:HASH, the SHA-256 of an app's secret, separated by commas: such an app fetches its access tokens from
    /// /cgi-bin/token, as from WeChat. An app may be there with several secrets, while one takes the other's place
    #[arg(long = "app", env = "SOTER_APPS", value_delimiter = ',', value_parser = app, hide_env_values = true)]
    pub apps: Vec<App>,
    /// A file with such apps, one a line
    #[arg(long = "app-file", env = "SOTER_APPS_FILE")]
    pub apps_file: Option<PathBuf>,
    /// How long an issued challenge is good, in seconds (WebAuthn §13.4.3 suggests minutes)
    #[arg(long, env = "SOTER_CHALLENGE_SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub challenge_seconds: u32,
    /// Which challenges a result may have
    #[arg(long, env = "SOTER_CHALLENGES", value_enum, default_value_t = Challenges::Any)]
    pub challenges: Challenges,
    /// After how many days a backend's own challenge, once spent, is forgotten where the key's counter refuses its result from
    /// then on; of a key that keeps no counter it is remembered as long as its openid has keys. After that WeChat is asked
    /// again about a mini program's result
    #[arg(long, env = "SOTER_FORGET_AFTER_DAYS", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub forget_after_days: u32,
    /// What a registration for an openid that has keys already takes
    #[arg(long, env = "SOTER_FURTHER_KEYS", value_enum, default_value_t = FurtherKeys::Any)]
    pub further_keys: FurtherKeys,
    /// How many keys an openid may have
    #[arg(long, env = "SOTER_MAX_KEYS", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub max_keys: u32,
    /// What to do about a signature counter that has not grown
    #[arg(long, env = "SOTER_COUNTER", value_enum, default_value_t = CounterSetting::Refuse)]
    pub counter: CounterSetting,
    /// Which keys may be backed up to other devices
    #[arg(long, env = "SOTER_BACKUP", value_enum, default_value_t = BackupSetting::Allow)]
    pub backup: BackupSetting,
    /// Which attestations a new key may have. The pages of wx-soter ask for none
    #[arg(long, env = "SOTER_ATTESTATION", value_enum, default_value_t = AttestationSetting::Any)]
    pub attestation: AttestationSetting,
    /// A file with the certificates, in PEM, to which trusted attestations lead
    #[arg(long, env = "SOTER_ATTESTATION_ROOTS")]
    pub attestation_roots: Option<PathBuf>,
    /// Those certificates, in DER, once they are read
    #[arg(skip)]
    pub attestation_root_certificates: Vec<Vec<u8>>,
    /// Calls a second with one access token
    #[arg(long, env = "SOTER_MAX_RATE", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_rate: u32,
    /// Calls a second for one openid of an app, so that nobody uses up what others share
    #[arg(long, env = "SOTER_MAX_RATE_PER_OPENID", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_rate_per_openid: u32,
    /// Challenges that an openid may have which are neither spent on a result nor expired
    #[arg(long, env = "SOTER_MAX_CHALLENGES", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_challenges: u32,
    /// Seconds after which a call is given up
    #[arg(long, env = "SOTER_TIMEOUT_SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub timeout_seconds: u32,
    /// Seconds for which it goes on after SIGTERM, while /readyz says 503, so that no call comes to a closed port
    #[arg(long, env = "SOTER_DRAIN_SECONDS", default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..=600))]
    pub drain_seconds: u32,
    /// Connections to the database; with PostgreSQL 4 at least, since 3 of them work for many calls at once
    #[arg(long, env = "SOTER_MAX_CONNECTIONS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub max_connections: u32,
    /// MiB on the disk of an SQLite database that are kept for results: with less, no new challenges are issued; 0 for none
    #[arg(long, env = "SOTER_DISK_RESERVE_MIB", default_value_t = 64)]
    pub disk_reserve_mib: u32,
    /// A file for the audit: a line of JSON for each call that registered, verified or removed, or was to
    #[arg(long, env = "SOTER_AUDIT")]
    pub audit: Option<PathBuf>,
    /// The form of the log, which goes to standard error; RUST_LOG says how much (info unless set)
    #[arg(long, env = "SOTER_LOG", value_enum, default_value_t = LogForm::Json)]
    pub log: LogForm,
    /// The APPID whose keys and challenges are those of access tokens without an APPID, and all that was stored before
    /// the service kept apps apart
    #[arg(long, env = "SOTER_DEFAULT_APP", value_parser = appid)]
    pub default_app: Option<String>,
    /// Where results of mini programs are checked, which WeChat made and WeChat alone can check: `https://api.weixin.qq.com`.
    /// Without it they are refused
    #[arg(long, env = "SOTER_UPSTREAM")]
    pub upstream: Option<String>,
    /// APPID:SECRET, separated by commas: the apps whose results are checked there, with their secrets at WeChat, not the hashes
    #[arg(long = "upstream-app", env = "SOTER_UPSTREAM_APPS", value_delimiter = ',', value_parser = upstream_app, hide_env_values = true)]
    pub upstream_apps: Vec<UpstreamApp>,
    /// A file with such apps, one a line
    #[arg(long = "upstream-app-file", env = "SOTER_UPSTREAM_APPS_FILE")]
    pub upstream_apps_file: Option<PathBuf>,
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

/// An app as WeChat knows it.
#[derive(Clone, Debug)]
pub struct UpstreamApp {
    /// `appid`
    pub appid: String,
    /// `secret`
    pub secret: Secret,
}

/// Which challenges a result may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Challenges {
    /// Those issued by get_challenge, and the backend's own; the backend must itself know its own, as with WeChat
    Any,
    /// Those issued by get_challenge
    Issued,
}

/// What a registration for an openid that has keys already takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FurtherKeys {
    /// Nothing more than the first one: the backend knows who is there
    Any,
    /// A result by one of those keys, in the same call
    ByExistingKey,
    /// There are no further keys: those that are there have to be removed before
    None,
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

/// [`AttestationPolicy`]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AttestationSetting {
    /// None, or one by the key itself; those with certificates are refused
    None,
    /// None, or any that holds in itself; who issued its certificates is not looked at
    Any,
    /// Those whose certificates lead to one of --attestation-roots
    Trusted,
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
        database_url::check(&self.database_url)?;
        ensure!(
            !database_url::is_postgres(&self.database_url)
                || self.max_connections >= store::MIN_POSTGRES_CONNECTIONS,
            "--max-connections must be {} at least with PostgreSQL, not {}: 3 of them work for many calls at once",
            store::MIN_POSTGRES_CONNECTIONS,
            self.max_connections
        );
        ensure!(
            matches!(Host::parse(&self.rp_id), Ok(Host::Domain(domain)) if domain == self.rp_id),
            "--rp-id must be a domain such as example.org, not {:?}",
            self.rp_id
        );
        ensure!(
            !is_public_suffix(&self.rp_id),
            "--rp-id {:?} is a public suffix, under which anybody has pages: browsers refuse it",
            self.rp_id
        );
        for origin in self.origins.iter().chain(&self.top_origins) {
            check_origin(origin)?;
        }
        ensure!(
            self.origins.iter().any(|origin| may_have_rp_id(origin, &self.rp_id)),
            "no --origin is a page of --rp-id {:?}, so that every result would be refused",
            self.rp_id
        );
        self.check_credentials()?;
        self.check_upstream()?;
        let is_trusted = self.attestation == AttestationSetting::Trusted;
        ensure!(
            !is_trusted || self.attestation_roots.is_some(),
            "--attestation trusted wants certificates to trust: set --attestation-roots"
        );
        ensure!(
            is_trusted || self.attestation_roots.is_none(),
            "--attestation-roots is for --attestation trusted, which is not set"
        );
        Ok(())
    }

    /// Apps are told apart by nothing but their secrets and tokens.
    fn check_credentials(&self) -> anyhow::Result<()> {
        for (index, app) in self.apps.iter().enumerate() {
            let earlier = self.apps.iter().take(index);
            if let Some(other) =
                earlier.filter(|other| other.secret.is(&app.secret)).find(|other| other.appid != app.appid)
            {
                bail!(
                    "--app {:?} and {:?} have one secret, so that the tokens of either would be those of the first: give each \
                     app a secret of its own",
                    other.appid,
                    app.appid
                );
            }
        }
        let name =
            |token: &AccessToken| app_name(token.appid.as_deref(), self.default_app.as_deref()).to_owned();
        let shown = |token: &AccessToken| match &token.appid {
            Some(appid) => format!("{appid:?}"),
            None => "the default app".to_owned(),
        };
        for (index, token) in self.access_tokens.iter().enumerate() {
            let earlier = self.access_tokens.iter().take(index);
            if let Some(other) =
                earlier.filter(|other| other.hash.is(&token.hash)).find(|other| name(other) != name(token))
            {
                bail!(
                    "--access-token-hash has one token for {} and for {}: give each app a token of its own",
                    shown(other),
                    shown(token)
                );
            }
        }
        Ok(())
    }

    /// What is set and would be without effect is wrong.
    fn check_upstream(&self) -> anyhow::Result<()> {
        let Some(upstream) = &self.upstream else {
            ensure!(
                self.upstream_apps.is_empty(),
                "--upstream-app is for --upstream, which is not set; WeChat's is {}",
                origin::WECHAT
            );
            return Ok(());
        };
        origin::check(upstream)?;
        ensure!(
            !self.upstream_apps.is_empty(),
            "--upstream wants the apps whose results are checked there: set --upstream-app, or --upstream-app-file"
        );
        let reached = self.reached_appids();
        for (index, app) in self.upstream_apps.iter().enumerate() {
            ensure!(
                self.upstream_apps.iter().take(index).all(|other| other.appid != app.appid),
                "--upstream-app has {:?} twice: WeChat takes one secret of an app",
                app.appid
            );
            ensure!(
                reached.contains(app.appid.as_str()),
                "--upstream-app {:?} is the app of no access token: give it an --app or an --access-token-hash, or set \
                 --default-app to it if it is the app of access tokens without an APPID",
                app.appid
            );
        }
        Ok(())
    }

    /// The apps that callers may be of, as far as they have a name.
    fn reached_appids(&self) -> BTreeSet<&str> {
        let of_tokens = self.access_tokens.iter().map(|token| token.appid.as_deref());
        let of_apps = self.apps.iter().map(|app| Some(app.appid.as_str()));
        let all = of_tokens.chain(of_apps).map(|appid| appid.or(self.default_app.as_deref()));
        // Without credentials a token is lent, which is the default app's.
        let lent = self.default_app.as_deref().filter(|_| !self.has_credentials());
        all.flatten().chain(lent).collect()
    }

    /// Adds what is in the files that the settings name.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or has a line of another form.
    pub fn read_files(&mut self) -> anyhow::Result<()> {
        if let Some(file) = &self.database_url_file {
            self.database_url = settings_file::text(file)?;
        }
        if let Some(file) = &self.access_tokens_file {
            self.access_tokens.extend(settings_file::lines(file, access_token)?);
        }
        if let Some(file) = &self.apps_file {
            self.apps.extend(settings_file::lines(file, app)?);
        }
        if let Some(file) = &self.upstream_apps_file {
            self.upstream_apps.extend(settings_file::lines(file, upstream_app)?);
        }
        if let Some(file) = &self.attestation_roots {
            self.attestation_root_certificates = settings_file::certificates(file)?;
        }
        Ok(())
    }

    /// What is in force, by the names of the options, without secrets.
    #[must_use]
    pub fn in_force(&self) -> Vec<(&'static str, String)> {
        let appids: Vec<_> = self.apps.iter().map(|app| app.appid.as_str()).collect();
        let upstream_appids: Vec<_> = self.upstream_apps.iter().map(|app| app.appid.as_str()).collect();
        vec![
            ("listen", self.listen.to_string()),
            (
                "monitoring-listen",
                self.monitoring_listen.map(|address| address.to_string()).unwrap_or_default(),
            ),
            ("max-clients", self.max_clients.to_string()),
            ("database-url", database_url::without_secrets(&self.database_url)),
            ("rp-id", self.rp_id.clone()),
            ("origin", self.origins.join(",")),
            ("top-origin", self.top_origins.join(",")),
            ("access-token-hash", format!("{} given", self.access_tokens.len())),
            ("app", appids.join(",")),
            ("default-app", self.default_app.clone().unwrap_or_default()),
            ("upstream", self.upstream.clone().unwrap_or_default()),
            ("upstream-app", upstream_appids.join(",")),
            ("challenge-seconds", self.challenge_seconds.to_string()),
            ("challenges", name_of(self.challenges)),
            ("forget-after-days", self.forget_after_days.to_string()),
            ("further-keys", name_of(self.further_keys)),
            ("max-keys", self.max_keys.to_string()),
            ("counter", name_of(self.counter)),
            ("backup", name_of(self.backup)),
            ("attestation", name_of(self.attestation)),
            ("attestation-roots", format!("{} given", self.attestation_root_certificates.len())),
            ("max-rate", self.max_rate.to_string()),
            ("max-rate-per-openid", self.max_rate_per_openid.to_string()),
            ("max-challenges", self.max_challenges.to_string()),
            ("timeout-seconds", self.timeout_seconds.to_string()),
            ("drain-seconds", self.drain_seconds.to_string()),
            ("max-connections", self.max_connections.to_string()),
            ("disk-reserve-mib", self.disk_reserve_mib.to_string()),
            ("audit", self.audit.as_deref().map(|file| file.display().to_string()).unwrap_or_default()),
            ("log", name_of(self.log)),
        ]
    }

    /// What an operator should know of them, and may want otherwise.
    #[must_use]
    pub fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        if self.challenges == Challenges::Any {
            warnings.push(
                "challenges that a backend makes by itself are accepted, once, however old they are: where all come from \
                 get_challenge, --challenges issued refuses others",
            );
            if self.upstream.is_some() {
                warnings.push(
                    "--upstream with --challenges any: a mini program's result with a challenge of the backend's own may be \
                     accepted again once the challenge is forgotten (after --forget-after-days, erase_openid, or another \
                     --default-app), so that the backend must know by itself which it has had: --challenges issued refuses such \
                     results",
                );
            }
            if self.counter == CounterSetting::Report {
                warnings.push(
                    "--counter report accepts results of before once their challenges are forgotten, if --counter refuse \
                     was in force before: own challenges want --counter refuse",
                );
            }
        }
        warnings
    }

    /// Whether any backend could call.
    #[must_use]
    pub fn has_credentials(&self) -> bool {
        !(self.access_tokens.is_empty() && self.apps.is_empty())
    }

    /// What the verifier is to demand; of roots, without the time. It wants the user verified, as all of wx-soter does.
    #[must_use]
    pub fn policy(&self) -> Policy {
        let mut policy = Policy::new(&self.rp_id, &self.origins);
        if !self.top_origins.is_empty() {
            policy.iframes = Iframes::Within(self.top_origins.clone());
        }
        policy.counter = match self.counter {
            CounterSetting::Refuse => CounterPolicy::Refuse,
            CounterSetting::Report => CounterPolicy::Report,
        };
        policy.backup = match self.backup {
            BackupSetting::Allow => Backup::Allow,
            BackupSetting::RefuseBackedUp => Backup::RefuseBackedUp,
            BackupSetting::RefuseEligible => Backup::RefuseEligible,
        };
        policy.attestation = self.attestation_policy();
        policy
    }

    fn attestation_policy(&self) -> AttestationPolicy {
        let mut policy = AttestationPolicy::default();
        match self.attestation {
            AttestationSetting::None => policy.certified = Certified::Refuse,
            AttestationSetting::Any => {}
            AttestationSetting::Trusted => {
                policy.none = false;
                policy.self_attestation = false;
                policy.certified =
                    Certified::Roots { roots: self.attestation_root_certificates.clone(), now: 0 };
            }
        }
        policy
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

/// Whether it is in the Public Suffix List, as `com` and `github.io` are. What is in no rule of it is none: `localhost`, and
/// names within a company.
fn is_public_suffix(rp_id: &str) -> bool {
    psl::suffix(rp_id.as_bytes()).is_some_and(|suffix| suffix.is_known() && suffix == rp_id)
}

/// A value as the command line has it.
fn name_of(value: impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
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
    let host = url.host_str().unwrap_or_default();
    ensure!(
        url.scheme() != "http" || host == "localhost" || host.ends_with(".localhost"),
        "{origin:?} has no WebAuthn: browsers want https everywhere but on localhost"
    );
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

fn upstream_app(text: &str) -> Result<UpstreamApp, &'static str> {
    let (appid, secret) = text.split_once(':').ok_or("must be APPID:SECRET")?;
    let is_secret = !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_graphic());
    // WeChat's have 32 digits.
    if !is_secret || Hash::from_hex(secret).is_some() {
        return Err("must be APPID:SECRET, with the secret itself and not its hash");
    }
    Ok(UpstreamApp { appid: self::appid(appid)?, secret: Secret::new(secret.to_owned()) })
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
