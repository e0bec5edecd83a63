//! `POST /cgi-bin/soter/list_keys`: which keys an openid has, for people to see and to remove.

use crate::error::Error;
use crate::extract::{Authenticated, OpenidOnly};
use crate::observation::Outcome;
use crate::service::Service;
use crate::store::ListedKey;
use axum::extract::State;
use axum::{Extension, Json};
use serde::Serialize;
use std::sync::Arc;
use wx_soter_webauthn::base64url;

/// The response's body.
#[derive(Serialize)]
pub struct Response {
    errcode: i32,
    errmsg: &'static str,
    /// The first one first; none for an openid that has none.
    keys: Vec<Key>,
}

/// A key, without what only the service needs.
#[derive(Serialize)]
pub struct Key {
    /// The key id, as in `resultJSON`.
    cpu_id: String,
    /// When it was registered, in seconds since 1970.
    created_at: i64,
    /// When a result of it was accepted last, in seconds since 1970; null before the first one.
    used_at: Option<i64>,
    /// How the device is reached, as it said itself: `internal`, `hybrid`, `usb`.
    transports: Vec<String>,
    /// Whether it may be backed up to other devices, which never changes.
    backup_eligible: bool,
    /// Whether it was backed up when it was used last.
    backed_up: bool,
}

impl From<ListedKey> for Key {
    fn from(listed: ListedKey) -> Self {
        let record = listed.key.record;
        Self {
            cpu_id: base64url::encode(&record.id),
            created_at: listed.created_at,
            used_at: listed.used_at,
            transports: record.transports,
            backup_eligible: record.backup_eligible,
            backed_up: record.backup_state,
        }
    }
}

/// Handles the request.
///
/// # Errors
///
/// What every request may fail with.
pub async fn handle(
    State(service): State<Arc<Service>>,
    Authenticated { owner, .. }: Authenticated<OpenidOnly>,
) -> Result<(Extension<Outcome>, Json<Response>), Error> {
    let keys = service.store.list_keys(&owner).await?.into_iter().map(Key::from).collect();
    Ok((Extension(Outcome::Ok), Json(Response { errcode: 0, errmsg: "ok", keys })))
}
