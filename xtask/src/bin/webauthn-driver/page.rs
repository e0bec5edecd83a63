//! The requests by which the test page changes the authenticator's ways.

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::Value;
use tower_http::cors::CorsLayer;

use crate::authenticator::Override;
use crate::forward::Wrapper;
use crate::real_driver::RealDriver;
use crate::session::Session;

type Shared = State<Arc<Wrapper>>;

/// All of them, answering any origin: the page has another port.
pub fn routes() -> Router<Arc<Wrapper>> {
    Router::new()
        .route("/user-verified/{verified}", post(user_verified))
        .route("/consent/{consent}", post(consent))
        .route("/credentials", get(credentials).delete(remove_credentials))
        .route("/credentials/{id}", delete(remove_credential))
        .route("/override", post(set_override))
        .route("/tab", post(open_tab).delete(close_tab))
        .layer(CorsLayer::permissive())
}

async fn user_verified(wrapper: Shared, Path(verified): Path<bool>) -> Response {
    act(wrapper, move |real, session| session.authenticator().set_user_verified(real, verified)).await
}

async fn consent(wrapper: Shared, Path(consent): Path<bool>) -> Response {
    act_by_cdp(wrapper, move |real, session| session.authenticator().set_consent(real, consent)).await
}

async fn credentials(wrapper: Shared) -> Response {
    act(wrapper, |real, session| session.authenticator().credentials(real)).await
}

async fn remove_credentials(wrapper: Shared) -> Response {
    act(wrapper, |real, session| session.authenticator().remove_credentials(real)).await
}

async fn remove_credential(wrapper: Shared, Path(id): Path<String>) -> Response {
    act(wrapper, move |real, session| session.authenticator().remove_credential(real, &id)).await
}

async fn set_override(wrapper: Shared, Json(bits): Json<Override>) -> Response {
    act_by_cdp(wrapper, move |real, session| session.authenticator().set_override(real, &bits)).await
}

#[derive(Deserialize)]
struct Tab {
    url: String,
}

async fn open_tab(wrapper: Shared, Query(tab): Query<Tab>) -> Response {
    act(wrapper, move |real, session| session.open_tab(real, &tab.url).map(|()| Value::Null)).await
}

async fn close_tab(wrapper: Shared) -> Response {
    act(wrapper, |real, session| session.close_tab(real).map(|()| Value::Null)).await
}

async fn act_by_cdp(
    wrapper: Shared,
    action: impl FnOnce(&RealDriver, &mut Session) -> Result<Value> + Send + 'static,
) -> Response {
    if !wrapper.real().speaks_cdp() {
        return (StatusCode::NOT_IMPLEMENTED, "this browser's driver cannot do that").into_response();
    }
    act(wrapper, action).await
}

async fn act(
    State(wrapper): Shared,
    action: impl FnOnce(&RealDriver, &mut Session) -> Result<Value> + Send + 'static,
) -> Response {
    let acted = tokio::task::spawn_blocking(move || {
        let mut session = wrapper.session();
        action(wrapper.real(), session.as_mut().context("there is no session")?)
    });
    match acted.await.context("the request broke down").and_then(|value| value) {
        Ok(value) => Json(value).into_response(),
        Err(error) => (StatusCode::BAD_GATEWAY, format!("{error:#}")).into_response(),
    }
}
