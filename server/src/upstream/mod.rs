//! WeChat, which checks the results of mini programs: their keys are in the phones, and WeChat alone knows them. A backend that has
//! both kinds of results asks this service for both.

pub mod access_token;
pub mod answer;
pub mod app;
pub mod client;
pub mod failure;
pub mod measure;
pub mod origin;
pub mod wechat_result;

use crate::credentials::app_name;
use crate::settings::Settings;
use app::App;
use client::{HttpClient, WeChat};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// So many results may wait for WeChat at once, each with a connection to it and one of its client's.
const MAX_WAITING: u32 = 256;

/// How many results may wait for WeChat; none without [`Settings::upstream`]. Of the connections of clients half are for others:
/// when WeChat is silent, results of the web are to go on.
#[must_use]
pub fn max_waiting(settings: &Settings) -> usize {
    let most = MAX_WAITING.min(settings.max_clients.div_ceil(2));
    if settings.upstream.is_some() { usize::try_from(most).unwrap_or(usize::MAX) } else { 0 }
}

/// WeChat, as the apps of the configuration are known there.
pub struct Upstream {
    /// By the names that the database has for them.
    apps: HashMap<String, App>,
}

impl Upstream {
    /// That of the settings; `None` where results of mini programs are refused.
    ///
    /// # Errors
    ///
    /// The HTTP client cannot be made.
    pub fn of(settings: &Settings) -> anyhow::Result<Option<Self>> {
        let Some(origin) = &settings.upstream else {
            return Ok(None);
        };
        let time_limit = time_limit(settings.timeout());
        let client: Arc<dyn WeChat> = Arc::new(HttpClient::new(origin, time_limit)?);
        let room = Arc::new(Semaphore::new(max_waiting(settings)));
        let default_app = settings.default_app.as_deref();
        let apps = settings.upstream_apps.iter().map(|app| {
            let name = app_name(Some(&app.appid), default_app).to_owned();
            (name, App::new(app, client.clone(), room.clone(), time_limit))
        });
        measure::begin();
        Ok(Some(Self { apps: apps.collect() }))
    }

    /// An app by the name that the database has for it; `None` where the service has no secret of it.
    #[must_use]
    pub fn app(&self, name: &str) -> Option<&App> {
        self.apps.get(name)
    }

    /// All apps.
    pub fn apps(&self) -> impl Iterator<Item = &App> {
        self.apps.values()
    }
}

/// Of the time that a call has, WeChat gets three quarters, with a new access token and the second attempt in it: the rest is for the
/// database, and so that the answer says what happened.
fn time_limit(timeout: Duration) -> Duration {
    timeout / 4 * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wechat_has_less_time_than_the_call() {
        for seconds in [1, 10, 600] {
            let timeout = Duration::from_secs(seconds);
            let limit = time_limit(timeout);
            assert!(limit < timeout && limit > timeout / 2, "{limit:?} of {timeout:?}");
        }
    }
}
