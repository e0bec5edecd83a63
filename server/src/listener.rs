//! Listening: how long a client may take to say something, and how many may be connected.

use axum_server::accept::Accept;
use axum_server::{Handle, Server};
use hyper_util::rt::TokioTimer;
use std::future::{Ready, ready};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower_http::add_extension::AddExtension;

/// For how long a connection may be open without a whole head of a request.
#[derive(Clone, Copy, Debug)]
pub struct HeadTimeouts {
    /// From the connection to the first.
    pub first: Duration,
    /// From one to the next.
    pub next: Duration,
}

impl Default for HeadTimeouts {
    /// A client connects because it has something to say. After that, longer than proxies keep an idle connection (nginx:
    /// 60 s), so that none is closed under a request which is on its way.
    fn default() -> Self {
        Self { first: Duration::from_secs(10), next: Duration::from_secs(75) }
    }
}

/// A server with these limits.
#[must_use]
pub fn server(
    listen: SocketAddr,
    handle: Handle<SocketAddr>,
    heads: HeadTimeouts,
    cap: ConnectionCap,
) -> Server<SocketAddr, ConnectionCap> {
    limited(axum_server::bind(listen).handle(handle), heads, cap)
}

/// The same with what listens already.
#[must_use]
pub fn limited(
    server: Server<SocketAddr>,
    heads: HeadTimeouts,
    cap: ConnectionCap,
) -> Server<SocketAddr, ConnectionCap> {
    // HTTP/1 alone: to tell it from HTTP/2 the library would wait for a first byte, however long.
    let server = server.http1_only().acceptor(cap);
    let server = server.accept_error_handler(|_, error| {
        tracing::warn!(%error, "no connection can be accepted");
    });
    let mut server = server.first_request_timeout(heads.first);
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(heads.next);
    server
}

/// How often the log tells at most that connections are refused.
const LOG_INTERVAL: Duration = Duration::from_secs(10);

/// So many connections may be open. What comes beyond is closed at once, which a proxy understands, and does not wait for what
/// may not come.
#[derive(Clone, Debug)]
pub struct ConnectionCap {
    most: usize,
    free: Arc<Semaphore>,
    logged: Arc<Mutex<Option<Instant>>>,
}

impl ConnectionCap {
    /// At most so many.
    #[must_use]
    pub fn new(most: usize) -> Self {
        let most = most.min(Semaphore::MAX_PERMITS);
        Self { most, free: Arc::new(Semaphore::new(most)), logged: Arc::default() }
    }

    fn refuse(&self) -> io::Error {
        metrics::counter!("soter_connections_refused_total").increment(1);
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.is_none_or(|at| at.elapsed() >= LOG_INTERVAL) {
            *logged = Some(Instant::now());
            tracing::warn!(connections = self.most, "connections are refused: there are as many as may be");
        }
        io::ErrorKind::ConnectionRefused.into()
    }
}

impl<S> Accept<TcpStream, S> for ConnectionCap {
    type Stream = TcpStream;
    /// Lives as long as the connection, and the permit with it.
    type Service = AddExtension<S, Arc<OwnedSemaphorePermit>>;
    type Future = Ready<io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        ready(match self.free.clone().try_acquire_owned() {
            Ok(permit) => Ok((stream, AddExtension::new(service, Arc::new(permit)))),
            Err(_) => Err(self.refuse()),
        })
    }
}

/// Raises the soft limit of open files as far as it goes: many systems begin with 1,024, for programs that use `select`. Says how
/// many there may be, where the system has such a limit.
#[cfg(unix)]
pub fn raise_open_files() -> Option<u64> {
    match rlimit::increase_nofile_limit(rlimit::INFINITY) {
        Ok(files) => Some(files),
        Err(error) => {
            tracing::warn!(%error, "the limit of open files cannot be raised");
            rlimit::Resource::NOFILE.get_soft().ok()
        }
    }
}

/// There is no such limit.
#[cfg(not(unix))]
pub fn raise_open_files() -> Option<u64> {
    None
}
