//! Startup, background tasks and shutdown.

use crate::router::router;
use crate::secret::{self, Hash};
use crate::service::Service;
use crate::settings::{AccessToken, Settings};
use crate::store::Store;
use crate::{getting_started, log, metrics};
use anyhow::Context;
use axum_server::{Handle, Server};
use hyper_util::rt::TokioTimer;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal;

/// The head of the next request must be there so soon. Longer than proxies keep an idle connection (nginx: 60 s), so that
/// none is closed under a request which is on its way.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

/// How often expired rows are deleted.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// Runs the service until it is told to stop (SIGTERM or Ctrl-C) and the last requests are done.
///
/// # Errors
///
/// A setting is wrong, the database cannot be reached, or the port is taken.
pub async fn run(mut settings: Settings) -> anyhow::Result<()> {
    settings.check()?;
    log::install(settings.log);
    metrics::install()?;
    let token = if settings.has_credentials() { None } else { Some(add_temporary_token(&mut settings)?) };
    let store = Store::open(&settings.database_url, settings.max_connections, settings.timeout())
        .await
        .context("cannot open the database of --database-url")?;
    let service = Arc::new(Service::new(&settings, store.clone()));
    let handle = Handle::new();
    tokio::spawn(shut_down_at_signal(service.clone(), handle.clone(), settings.drain()));
    tokio::spawn(sweep_expired(service.clone()));
    tokio::spawn(run_metrics_upkeep());
    tokio::spawn(log_address(handle.clone(), token));
    let server = server(settings.listen, handle, HEAD_TIMEOUT);
    let served = server.serve(router(service).into_make_service()).await;
    store.close().await;
    served.with_context(|| format!("cannot listen on {}", settings.listen))
}

/// A server that waits no longer than that for the head of a request.
#[must_use]
pub fn server(listen: SocketAddr, handle: Handle<SocketAddr>, head_timeout: Duration) -> Server<SocketAddr> {
    // HTTP/1 alone: to tell it from HTTP/2 the library would wait for a first byte, however long.
    let server = axum_server::bind(listen).handle(handle).http1_only();
    let mut server = server.first_request_timeout(head_timeout);
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(head_timeout);
    server
}

/// Without configured credentials there is a token for as long as the process runs, printed once at startup.
fn add_temporary_token(settings: &mut Settings) -> anyhow::Result<String> {
    let token = secret::random().context("no random numbers")?;
    settings.access_tokens.push(AccessToken { appid: None, hash: Hash::of(&token) });
    Ok(token)
}

async fn log_address(handle: Handle<SocketAddr>, token: Option<String>) {
    let Some(address) = handle.listening().await else {
        return;
    };
    tracing::info!(%address, "listening");
    if let Some(token) = token {
        getting_started::print(address, &token);
    }
}

async fn run_metrics_upkeep() {
    let mut interval = tokio::time::interval(SWEEP_INTERVAL);
    loop {
        interval.tick().await;
        metrics::run_upkeep();
    }
}

async fn sweep_expired(service: Arc<Service>) {
    let mut interval = tokio::time::interval(SWEEP_INTERVAL);
    loop {
        interval.tick().await;
        if let Err(error) = service.store.sweep(service.clock.now()).await {
            tracing::warn!(%error, "what has expired could not be deleted");
        }
    }
}

async fn shut_down_at_signal(service: Arc<Service>, handle: Handle<SocketAddr>, drain: Duration) {
    let signal = wait_for_signal().await;
    tracing::info!("stopping");
    service.stop();
    if signal == Signal::Terminate {
        tokio::time::sleep(drain).await;
    }
    handle.graceful_shutdown(Some(service.timeout));
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signal {
    /// SIGTERM: load balancers should first see that the instance is not ready.
    Terminate,
    /// Ctrl-C: somebody waits at the terminal.
    Interrupt,
}

#[cfg(unix)]
async fn wait_for_signal() -> Signal {
    let mut terminate = match signal::unix::signal(signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be waited for");
            let _ = signal::ctrl_c().await;
            return Signal::Interrupt;
        }
    };
    tokio::select! {
        _ = signal::ctrl_c() => Signal::Interrupt,
        _ = terminate.recv() => Signal::Terminate,
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() -> Signal {
    let _ = signal::ctrl_c().await;
    Signal::Interrupt
}
