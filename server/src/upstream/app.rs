//! An app of WeChat's, whose results WeChat is asked about.

use super::access_token::AccessToken;
use super::answer::{self, Answer};
use super::client::{Call, Request, WeChat};
use super::failure::Failure;
use super::measure::measure;
use crate::secret::Secret;
use crate::settings::UpstreamApp;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// One app.
pub struct App {
    wechat: Arc<dyn WeChat>,
    token: AccessToken,
    time_limit: Duration,
}

#[derive(Serialize)]
struct Body<'a> {
    openid: &'a str,
    json_string: &'a str,
    json_signature: &'a str,
}

impl App {
    /// An app, all of whose questions have so much time each.
    #[must_use]
    pub fn new(app: &UpstreamApp, wechat: Arc<dyn WeChat>, time_limit: Duration) -> Self {
        Self { token: AccessToken::new(app, wechat.clone(), time_limit), wechat, time_limit }
    }

    /// Its id.
    #[must_use]
    pub fn appid(&self) -> &str {
        self.token.appid()
    }

    /// Asks WeChat whether a result holds. Where WeChat refuses the access token, another one is fetched, once.
    ///
    /// # Errors
    ///
    /// WeChat said neither yes nor no.
    pub async fn verify(&self, openid: &str, json: &str, signature: &str) -> Result<Answer, Failure> {
        let deadline = Instant::now() + self.time_limit;
        let body = Body { openid, json_string: json, json_signature: signature };
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let token = self.token.get(deadline, None).await?;
        match self.ask(&token, body.clone(), deadline).await {
            Err(failure) if failure.is_of_the_token() => {
                let token = self.token.get(deadline, Some(&token)).await?;
                self.ask(&token, body, deadline).await
            }
            asked => asked,
        }
    }

    /// Whether WeChat gives the app an access token.
    ///
    /// # Errors
    ///
    /// It does not.
    pub async fn check(&self) -> Result<(), Failure> {
        let deadline = Instant::now() + self.time_limit;
        self.token.get(deadline, None).await.map(drop)
    }

    async fn ask(&self, token: &Secret, body: Vec<u8>, deadline: Instant) -> Result<Answer, Failure> {
        let request = Request { call: Call::VerifySignature, access_token: Some(token), body, deadline };
        measure(Call::VerifySignature, self.appid(), Answer::name, async {
            answer::verdict(&self.wechat.post(request).await?)
        })
        .await
    }
}
