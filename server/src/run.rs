//! Startup, background tasks and shutdown.

use crate::audit::FileSink;
use crate::clock::SystemClock;
use crate::listener::{self, ConnectionCap, HeadTimeouts};
use crate::secret::{self, Hash};
use crate::service::Service;
use crate::settings::{AccessToken, Settings};
use crate::signals::{Signal, Signals};
use crate::single_process::SingleProcess;
use crate::store::Store;
use crate::upstream::Upstream;
use crate::{
    clock_difference, database_url, getting_started, inspection, log, metrics, router, unreached, upstream,
};
use anyhow::Context;
use axum_server::Handle;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

/// Files that are open beside connections: the log, the database's own, timers and sockets that listen.
const OTHER_FILES: usize = 50;

/// Connections to the listener for monitoring: of a load balancer, of what gathers metrics, and of some people who look.
const MONITORING_CLIENTS: usize = 100;

/// How often expired rows are deleted, and the clocks compared.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// Runs the service until it is told to stop (SIGTERM or Ctrl-C) and the last requests are done.
///
/// # Errors
///
/// The database cannot be reached, or the port is taken.
pub async fn run(mut settings: Settings) -> anyhow::Result<()> {
    log::install(settings.log)?;
    let in_force: Vec<_> =
        settings.in_force().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), settings = in_force.join(" "), "starting");
    for warning in settings.warnings() {
        tracing::warn!("{warning}");
    }
    metrics::install()?;
    let token = if settings.has_credentials() { None } else { Some(add_temporary_token(&mut settings)?) };
    let _single = database_url::sqlite_file(&settings.database_url)
        .map(|file| SingleProcess::of(&file))
        .transpose()
        .context("cannot open the database of --database-url")?;
    let found = inspection::inspect_at_start(&settings.database_url, &SystemClock).await?;
    tracing::info!(database = %found, "found");
    for warning in unreached::warnings(&settings, &unreached::count(&settings.database_url).await?) {
        tracing::warn!("{warning}");
    }
    let store = Store::open(&settings.database_url, settings.max_connections, settings.timeout())
        .await
        .context("cannot open the database of --database-url")?;
    let mut service = Service::new(&settings, store.clone());
    if let Some(file) = &settings.audit {
        let sink =
            FileSink::open(file).with_context(|| format!("cannot write the audit {}", file.display()))?;
        service.audit = Arc::new(sink);
    }
    service.upstream = Upstream::of(&settings)?;
    let service = Arc::new(service);
    let handle = Handle::new();
    let signals = Signals::listen().context("signals cannot be waited for")?;
    tokio::spawn(shut_down_at_signal(signals, service.clone(), handle.clone(), settings.drain()));
    let routes = match settings.monitoring_listen {
        Some(listen) => {
            monitor(service.clone(), listen)?;
            router::calls(service.clone())
        }
        None => router::router(service.clone()),
    };
    tokio::spawn(sweep_expired(service.clone()));
    tokio::spawn(run_metrics_upkeep());
    tokio::spawn(log_address(handle.clone(), token));
    let cap = ConnectionCap::new(max_clients(&settings));
    let server = listener::server(settings.listen, handle, HeadTimeouts::default(), cap);
    let served = server.serve(routes.into_make_service()).await;
    store.close().await;
    served.with_context(|| format!("cannot listen on {}", settings.listen))
}

/// The endpoints for monitoring on an address of their own, until the process ends.
fn monitor(service: Arc<Service>, listen: SocketAddr) -> anyhow::Result<()> {
    let bound = TcpListener::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
    tracing::info!(address = %bound.local_addr()?, "monitoring");
    let cap = ConnectionCap::new(MONITORING_CLIENTS);
    let server = listener::limited(axum_server::from_tcp(bound)?, HeadTimeouts::default(), cap);
    tokio::spawn(server.serve(router::monitoring(service).into_make_service()));
    Ok(())
}

/// As many as the settings say, where the system lets so many files be open: each connection is one.
fn max_clients(settings: &Settings) -> usize {
    let wanted = usize::try_from(settings.max_clients).unwrap_or(usize::MAX);
    let monitoring = if settings.monitoring_listen.is_some() { MONITORING_CLIENTS } else { 0 };
    let connections = usize::try_from(settings.max_connections).unwrap_or(usize::MAX);
    let others = connections
        .saturating_add(OTHER_FILES)
        .saturating_add(monitoring)
        .saturating_add(upstream::max_waiting(settings));
    let Some(files) = listener::raise_open_files().and_then(|files| usize::try_from(files).ok()) else {
        return wanted;
    };
    let possible = files.saturating_sub(others).max(1);
    if possible < wanted {
        tracing::warn!(wanted, possible, "the limit of open files allows fewer clients");
    }
    wanted.min(possible)
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
        service.rate_limiter.forget_idle();
        if let Err(error) = clock_difference::report(&service.store, &*service.clock).await {
            tracing::warn!(%error, "the database's clock could not be read");
        }
        if let Err(error) = service.store.sweep().await {
            tracing::warn!(%error, "what has expired could not be deleted");
        }
        match service.store.challenge_figures().await {
            Ok((open, lag)) => metrics::set_challenges(open, lag),
            Err(error) => tracing::warn!(%error, "challenges could not be counted"),
        }
    }
}

async fn shut_down_at_signal(
    mut signals: Signals,
    service: Arc<Service>,
    handle: Handle<SocketAddr>,
    drain: Duration,
) {
    let signal = signals.next().await;
    tracing::info!("stopping");
    service.stop();
    tokio::spawn(async move {
        signals.next().await;
        // What is under way is rolled back by the database.
        tracing::warn!("told again to stop: it ends now");
        std::process::exit(1);
    });
    if signal == Signal::Terminate {
        tokio::time::sleep(drain).await;
    }
    handle.graceful_shutdown(Some(service.timeout));
}
