//! The browser session, with what this driver added to it.

use anyhow::{Context, Result};
use axum::http::Method;
use serde_json::{Value, json};

use crate::authenticator::Authenticator;
use crate::real_driver::RealDriver;

/// A session with its authenticator, and the second tab while there is one.
pub struct Session {
    id: String,
    authenticator: Authenticator,
    second_tab: Option<String>,
}

impl Session {
    /// Completes a session that the real driver has just made.
    pub fn begin(real: &RealDriver, id: String) -> Result<Self> {
        let authenticator = Authenticator::add(real, &id)?;
        Ok(Self { id, authenticator, second_tab: None })
    }

    /// WebDriver's name for the session.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The authenticator of the first tab.
    pub fn authenticator(&self) -> &Authenticator {
        &self.authenticator
    }

    /// Opens a second tab and comes back to the first. A tab has authenticators of its own, so it gets one with the
    /// keys that the first holds.
    pub fn open_tab(&mut self, real: &RealDriver, url: &str) -> Result<()> {
        self.close_tab(real)?;
        let first = self.current_tab(real)?;
        let tab = real.command(Method::POST, &self.path("/window/new"), Some(json!({ "type": "tab" })))?;
        let tab = tab.get("handle").and_then(Value::as_str).context("the new tab has no name")?.to_owned();
        let keys = self.authenticator.credentials(real)?;
        self.second_tab = Some(tab.clone());
        self.switch_to(real, &tab)?;
        let filled = self.fill_tab(real, url, &keys);
        self.switch_to(real, &first)?;
        filled
    }

    /// Closes the second tab, if there is one.
    pub fn close_tab(&mut self, real: &RealDriver) -> Result<()> {
        let Some(tab) = self.second_tab.take() else {
            return Ok(());
        };
        let first = self.current_tab(real)?;
        self.switch_to(real, &tab)?;
        let closed = real.command(Method::DELETE, &self.path("/window"), None);
        self.switch_to(real, &first)?;
        closed.map(drop)
    }

    fn fill_tab(&self, real: &RealDriver, url: &str, keys: &Value) -> Result<()> {
        let authenticator = Authenticator::add(real, &self.id)?;
        for key in keys.as_array().into_iter().flatten() {
            authenticator.add_credential(real, key)?;
        }
        real.command(Method::POST, &self.path("/url"), Some(json!({ "url": url }))).map(drop)
    }

    fn current_tab(&self, real: &RealDriver) -> Result<String> {
        let tab = real.command(Method::GET, &self.path("/window"), None)?;
        Ok(tab.as_str().context("the tab has no name")?.to_owned())
    }

    fn switch_to(&self, real: &RealDriver, tab: &str) -> Result<()> {
        // `name` is what the old protocol calls it.
        let parameters = json!({ "handle": tab, "name": tab });
        real.command(Method::POST, &self.path("/window"), Some(parameters)).map(drop)
    }

    fn path(&self, rest: &str) -> String {
        format!("/session/{}{rest}", self.id)
    }
}
