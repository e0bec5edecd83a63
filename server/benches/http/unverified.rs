//! The same service with the same limits, log and metrics, which reads each result and accepts it unseen: what is left of
//! the time is what a verification costs.

use axum::Router;
use axum::routing::post;
use axum_server::Handle;
use clap::Parser;
use soter_server::extract::{Authenticated, OpenidOnly};
use soter_server::handlers::verify_signature;
use soter_server::router::with_middleware;
use soter_server::service::Service;
use soter_server::settings::Settings;
use soter_server::store::Store;
use soter_server::verdict::Verdict;
use soter_server::{challenge, log, metrics};
use std::sync::Arc;

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    settings: Settings,
}

#[tokio::main]
pub async fn serve() {
    let settings = Arguments::parse_from(["unverified"]).settings;
    log::install(settings.log).unwrap();
    metrics::install().unwrap();
    let store =
        Store::open(&settings.database_url, settings.max_connections, settings.timeout()).await.unwrap();
    let routes = Router::new()
        .route("/cgi-bin/soter/get_challenge", post(get_no_challenge))
        .route("/cgi-bin/soter/verify_signature", post(accept));
    let handle = Handle::new();
    let server = axum_server::bind(settings.listen).handle(handle.clone());
    let service = Arc::new(Service::new(&settings, store));
    tokio::spawn(server.serve(with_middleware(routes, service).into_make_service()));
    let address = handle.listening().await.unwrap();
    eprintln!("{}", serde_json::json!({ "address": address.to_string() }));
    std::future::pending().await
}

async fn accept(_: Authenticated<verify_signature::Request>) -> Verdict {
    Verdict::Ok
}

async fn get_no_challenge(_: Authenticated<OpenidOnly>) -> axum::Json<serde_json::Value> {
    axum::Json(serde_json::json!({ "challenge": challenge::issue().unwrap() }))
}
