//! The service on a real port and a real database, and a device that registers keys and makes results.
#![allow(
    dead_code,
    missing_docs,
    unused_imports,
    unused_macros,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing
)]

pub mod at_end;
pub mod described;
#[path = "../../../../verifier/tests/common/mod.rs"]
pub mod parts;
pub mod process;
pub mod proxy;
pub mod wechat;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum_server::Handle;
use clap::Parser;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use soter_server::clock::{Clock, SystemClock};
use soter_server::listener::{self, ConnectionCap, HeadTimeouts};
use soter_server::router::router;
use soter_server::secret::Hash;
use soter_server::service::Service;
use soter_server::settings::Settings;
use soter_server::store::Store;
use soter_server::upstream::Upstream;
use sqlx::{Connection, Executor};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, AtomicUsize, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tower::ServiceExt;
use wx_soter_authenticator::{self as authenticator, Credential};
use wx_soter_webauthn::json::RegistrationResponseJson;
use wx_soter_webauthn::response::AttestationResponse;
use wx_soter_webauthn::result_json::ResultJson;
use wx_soter_webauthn::{ClientData, Flags};

pub const TOKEN: &str = "a token for tests";
pub const ORIGIN: &str = "https://example.org";

/// What has not come by then never will: not a limit of speed, but so that a test which waits in vain says for what.
pub const PATIENCE: Duration = Duration::from_secs(300);

/// Waits for what a machine may take any time to do.
pub async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !condition().await {
        assert!(started.elapsed() < PATIENCE, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// A database of a test's own.
pub struct Database {
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    pub fn sqlite() -> Self {
        sqlx::any::install_default_drivers();
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("keys.db").display());
        Self { url, _folder: Some(folder) }
    }

    /// `None`, with a word, where the tests were given no PostgreSQL.
    pub async fn postgres() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var("SOTER_TEST_POSTGRES") else {
            eprintln!("skipped: SOTER_TEST_POSTGRES names no PostgreSQL server");
            return None;
        };
        let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut admin = sqlx::PgConnection::connect(&server).await.unwrap();
        admin.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
        let mut url = url::Url::parse(&server).unwrap();
        url.set_path(&name);
        Some(Self::at(url.into()))
    }

    pub fn at(url: String) -> Self {
        sqlx::any::install_default_drivers();
        Self { url, _folder: None }
    }

    pub fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres")
    }
}

/// As if so many seconds had passed: it is the database's clock that counts, and all that it compares with it is earlier by that.
pub async fn let_time_pass(database: &Database, seconds: i64) {
    let mut connection = sqlx::AnyConnection::connect(&database.url).await.unwrap();
    for (table, columns) in [
        ("challenges", &["expires_at"][..]),
        ("access_tokens", &["expires_at"]),
        ("app_keys", &["created_at", "used_at"]),
    ] {
        let earlier: Vec<_> =
            columns.iter().map(|column| format!("{column} = {column} - {seconds}")).collect();
        let update = format!("UPDATE {table} SET {}", earlier.join(", "));
        connection.execute(sqlx::AssertSqlSafe(update)).await.unwrap();
    }
    connection.close().await.unwrap();
}

/// Has an openid used so many challenges of its backend's own, which are remembered for ever.
pub async fn add_spent(database: &Database, openid: &str, number: u32) {
    let hash = if database.is_postgres() {
        "decode(lpad(n::text, 64, '0'), 'hex')"
    } else {
        "CAST(printf('%032d', n) AS BLOB)"
    };
    let insert = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {number})
         INSERT INTO challenges (app, openid, hash, expires_at, spent_on_key, spent_on_result)
         SELECT '', '{openid}', {hash}, NULL, FALSE, TRUE FROM numbers"
    );
    let mut connection = sqlx::AnyConnection::connect(&database.url).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(insert)).await.unwrap();
    connection.close().await.unwrap();
}

/// The same tests on both databases: `on_both! { name, other_name }` wants functions that take a [`Database`].
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test($crate::common::Database::sqlite()).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                if let Some(database) = $crate::common::Database::postgres().await {
                    super::$test(database).await;
                }
            })+
        }
    };
}
pub(crate) use on_both;

/// The clock of an instance, which stands still unless it is put forward or back.
pub struct StandingClock(AtomicI64);

impl StandingClock {
    fn now() -> Self {
        Self(AtomicI64::new(SystemClock.now()))
    }

    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for StandingClock {
    fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Parser)]
#[command(args_override_self = true)]
struct Arguments {
    #[command(flatten)]
    settings: Settings,
}

/// An instance of the service.
pub struct Server {
    pub address: SocketAddr,
    pub clock: Arc<StandingClock>,
    pub service: Arc<Service>,
    router: Router,
    under_way: Arc<AtomicUsize>,
    client: reqwest::Client,
    handle: Handle<SocketAddr>,
}

impl Server {
    pub async fn start(database: &Database) -> Self {
        Self::with(database, &[]).await
    }

    /// With further options of the command line.
    pub async fn with(database: &Database, options: &[&str]) -> Self {
        let mut arguments = vec!["soter-server", "--rp-id", "example.org", "--origin", ORIGIN];
        // No limit of time or number, unless a test is about it.
        arguments.extend(["--max-rate", "1000000", "--timeout-seconds", "600"]);
        arguments.extend(["--max-rate-per-openid", "1000000", "--max-challenges", "1000000"]);
        arguments.extend(["--database-url", &database.url]);
        let token = Hash::of(TOKEN).to_hex();
        arguments.extend(["--access-token-hash", &token]);
        arguments.extend(options);
        let mut settings = Arguments::parse_from(arguments).settings;
        settings.read_files().unwrap();
        settings.check().unwrap();
        soter_server::metrics::install().unwrap();
        let store =
            Store::open(&settings.database_url, settings.max_connections, settings.timeout()).await.unwrap();
        let clock = Arc::new(StandingClock::now());
        let mut service = Service::new(&settings, store);
        service.clock = clock.clone();
        service.upstream = Upstream::of(&settings).unwrap();
        let service = Arc::new(service);
        let handle = Handle::new();
        let heads = HeadTimeouts { first: PATIENCE, next: PATIENCE };
        let cap = ConnectionCap::new(usize::MAX);
        let server = listener::server(([127, 0, 0, 1], 0).into(), handle.clone(), heads, cap);
        let under_way = Arc::<AtomicUsize>::default();
        let router =
            router(service.clone()).layer(middleware::from_fn_with_state(under_way.clone(), count_under_way));
        tokio::spawn(server.serve(router.clone().into_make_service()));
        let address = handle.listening().await.unwrap();
        Self { address, clock, service, router, under_way, client: reqwest::Client::new(), handle }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn call_url(&self, call: &str) -> String {
        self.url(&format!("/cgi-bin/soter/{call}?access_token={TOKEN}"))
    }

    pub async fn post(&self, call: &str, body: &Value) -> Value {
        self.post_raw(call, body.to_string().into_bytes()).await
    }

    /// With another token.
    pub async fn post_with(&self, token: &str, call: &str, body: &Value) -> Value {
        let url = self.url(&format!("/cgi-bin/soter/{call}?access_token={token}"));
        self.client.post(url).body(body.to_string()).send().await.unwrap().json().await.unwrap()
    }

    /// Every answer to a call is HTTP 200 and JSON, whatever was sent.
    pub async fn post_raw(&self, call: &str, body: Vec<u8>) -> Value {
        let response = self.client.post(self.call_url(call)).body(body).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let answer = response.json().await.unwrap();
        described::check(&format!("/cgi-bin/soter/{call}"), "post", &answer);
        answer
    }

    /// Sends a call and no more; whoever drops the stream hangs up.
    pub async fn send(&self, call: &str, body: &Value) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request(call, body).as_bytes()).await.unwrap();
        stream
    }

    /// Waits until no call is under way: each is answered, or dropped.
    pub async fn is_quiet(&self) {
        until("the end of all calls", async || self.under_way.load(Ordering::SeqCst) == 0).await;
    }

    /// Waits until so many calls are under way.
    pub async fn has_under_way(&self, calls: usize) {
        until("calls under way", async || self.under_way.load(Ordering::SeqCst) >= calls).await;
    }

    /// The answer to a call; `None` if it had to wait more often than that, and was dropped.
    pub async fn post_unless_it_waits(&self, times: usize, call: &str, body: &Value) -> Option<Value> {
        let request =
            Request::post(self.call_url(call).replace(' ', "%20")).body(Body::from(body.to_string()));
        let mut answering = pin!(self.router.clone().oneshot(request.unwrap()));
        let mut waited = 0;
        let answer = std::future::poll_fn(|context| match answering.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending if waited == times => Poll::Ready(None),
            Poll::Pending => {
                waited += 1;
                Poll::Pending
            }
        });
        let body = answer.await?.unwrap().into_body().collect().await.unwrap().to_bytes();
        Some(serde_json::from_slice(&body).unwrap())
    }

    pub async fn challenge(&self, openid: &str) -> String {
        let answer = self.post("get_challenge", &json!({ "openid": openid })).await;
        assert_eq!(answer["errcode"], 0, "{answer}");
        answer["challenge"].as_str().unwrap().to_owned()
    }

    /// Registers the device's key with a fresh challenge.
    pub async fn register(&self, openid: &str, device: &Device) {
        let registration = device.registration(&self.challenge(openid).await);
        let answer =
            self.post("register_key", &json!({ "openid": openid, "registration": registration })).await;
        assert_eq!(answer, registered(device));
    }

    pub async fn verify(&self, openid: &str, result: &Made) -> Value {
        self.post("verify_signature", &result.body(openid)).await
    }
}

/// A call in HTTP.
pub fn request(call: &str, body: &Value) -> String {
    let (token, body) = (TOKEN.replace(' ', "%20"), body.to_string());
    let path = format!("/cgi-bin/soter/{call}?access_token={token}");
    format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

async fn count_under_way(
    State(under_way): State<Arc<AtomicUsize>>,
    request: Request,
    next: Next,
) -> Response {
    struct OneLess(Arc<AtomicUsize>);
    impl Drop for OneLess {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::SeqCst);
        }
    }
    under_way.fetch_add(1, Ordering::SeqCst);
    let _one_less = OneLess(under_way);
    next.run(request).await
}

impl Drop for Server {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
}

pub fn ok() -> Value {
    json!({ "errcode": 0, "errmsg": "ok", "is_ok": true })
}

/// The answer to a registration.
pub fn registered(device: &Device) -> Value {
    let cpu_id = parts::base64url(&device.credential_id);
    json!({ "errcode": 0, "errmsg": "ok", "is_ok": true, "cpu_id": cpu_id })
}

/// The answer to a registration with a result that does not hold.
pub fn no_by_result(reason: &str) -> Value {
    json!({ "errcode": 0, "errmsg": "ok", "is_ok": false, "reason": reason, "field": "json_string" })
}

pub fn no(reason: &str) -> Value {
    json!({ "errcode": 0, "errmsg": "ok", "is_ok": false, "reason": reason })
}

pub fn error(code: i32, message: &str) -> Value {
    json!({ "errcode": code, "errmsg": message })
}

/// A device with a key of its own id.
pub struct Device {
    pub credential_id: Vec<u8>,
    pub uid: Vec<u8>,
    pub origin: &'static str,
    pub rp_id: &'static str,
    pub flags: u8,
    pub format: &'static str,
    /// The next signature counter; stays 0 if it is.
    pub counter: AtomicU32,
}

impl Device {
    pub fn new(name: &str) -> Self {
        Self {
            credential_id: name.as_bytes().to_vec(),
            uid: b"user".to_vec(),
            origin: ORIGIN,
            rp_id: "example.org",
            flags: 0x05,
            format: "none",
            counter: AtomicU32::new(1),
        }
    }

    /// One that keeps no counter, as Apple's.
    pub fn without_counter(name: &str) -> Self {
        Self { counter: AtomicU32::new(0), ..Self::new(name) }
    }

    /// A `RegistrationResponseJSON`.
    pub fn registration(&self, challenge: &str) -> Value {
        let registering = parts::Registering {
            challenge: challenge.as_bytes().to_vec(),
            origin: self.origin,
            rp_id: self.rp_id,
            flags: self.flags | 0x40,
            credential_id: self.credential_id.clone(),
            format: self.format,
            ..Default::default()
        };
        let response = registering.response();
        let response = AttestationResponse {
            id: response.id,
            client_data_json: response.client_data_json,
            attestation_object: response.attestation_object,
            transports: response.transports,
            authenticator_attachment: None,
        };
        serde_json::to_value(RegistrationResponseJson::try_from(response).unwrap()).unwrap()
    }

    /// What `startSoterAuthentication` gives for a challenge.
    pub fn result(&self, challenge: &str) -> Made {
        let counter = self.counter.load(Ordering::Relaxed);
        if counter > 0 {
            self.counter.store(counter + 1, Ordering::Relaxed);
        }
        let client_data = parts::client_data("webauthn.get", challenge.as_bytes(), self.origin, "");
        let mut credential = Credential::new(parts::SECRET, self.credential_id.clone()).unwrap();
        credential.sign_count = counter;
        let response = credential.get_uncounted(&authenticator::Request {
            client_data_json: client_data,
            flags: Flags(self.flags),
            ..authenticator::Request::new(self.rp_id, &ClientData::default())
        });
        let result = ResultJson::new(challenge, counter, &self.uid, &response);
        Made { json: serde_json::to_value(result).unwrap(), signature: parts::base64(&response.signature) }
    }
}

/// A result.
#[derive(Clone)]
pub struct Made {
    pub json: Value,
    pub signature: String,
}

impl Made {
    pub fn body(&self, openid: &str) -> Value {
        json!({ "openid": openid, "json_string": self.json.to_string(), "json_signature": self.signature })
    }
}
