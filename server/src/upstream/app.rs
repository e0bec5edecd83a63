//! An app of WeChat's, whose results WeChat is asked about.

use super::access_token::AccessToken;
use super::answer::{self, Answer};
use super::client::{Call, Request, WeChat};
use super::failure::Failure;
use super::measure::measure;
use crate::secret::Secret;
use crate::settings::UpstreamApp;
use axum::body::Bytes;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// One app.
pub struct App {
    wechat: Arc<dyn WeChat>,
    token: AccessToken,
    /// How many results may wait for WeChat, of all apps together.
    room: Arc<Semaphore>,
    time_limit: Duration,
}

#[derive(Serialize)]
struct Body<'a> {
    openid: &'a str,
    json_string: &'a str,
    json_signature: &'a str,
}

impl App {
    /// An app, all of whose questions have so much time each. A result for which there is no `room` is not asked about.
    #[must_use]
    pub fn new(
        app: &UpstreamApp,
        wechat: Arc<dyn WeChat>,
        room: Arc<Semaphore>,
        time_limit: Duration,
    ) -> Self {
        Self { token: AccessToken::new(app, wechat.clone(), time_limit), wechat, room, time_limit }
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
        let Ok(_room) = self.room.try_acquire() else {
            return self.measured(async { Err(Failure::Busy) }).await;
        };
        let deadline = Instant::now() + self.time_limit;
        let body = Body { openid, json_string: json, json_signature: signature };
        let body = Bytes::from(serde_json::to_vec(&body).unwrap_or_default());
        let token = self.token.get(deadline, None).await?;
        match self.ask(&token, body.clone(), deadline).await {
            Err(failure) if failure.is_token_error() => {
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

    async fn ask(&self, token: &Secret, body: Bytes, deadline: Instant) -> Result<Answer, Failure> {
        let request = Request { call: Call::VerifySignature, access_token: Some(token), body, deadline };
        self.measured(async { answer::verdict(&self.wechat.post(request).await?) }).await
    }

    async fn measured(
        &self,
        asked: impl Future<Output = Result<Answer, Failure>>,
    ) -> Result<Answer, Failure> {
        measure(Call::VerifySignature, self.appid(), Answer::name, asked).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use std::future::pending;
    use tokio::time::timeout;

    struct Silent;

    #[async_trait]
    impl WeChat for Silent {
        async fn post(&self, _: Request<'_>) -> Result<Bytes, Failure> {
            pending().await
        }
    }

    #[tokio::test(start_paused = true)]
    async fn while_as_many_wait_as_may_no_more_do() {
        let app = UpstreamApp { appid: "wx1".to_owned(), secret: Secret::new("secret".to_owned()) };
        let app = App::new(&app, Arc::new(Silent), Arc::new(Semaphore::new(2)), Duration::from_secs(7));
        let verify = async || app.verify("alice", "{}", "AAAA").await;
        let late = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            timeout(Duration::ZERO, verify()).await
        };
        let (first, second, late) = tokio::join!(verify(), verify(), late);
        assert_eq!([first, second], [Err(Failure::Timeout), Err(Failure::Timeout)]);
        assert_eq!(late, Ok(Err(Failure::Busy)));
        // Once they are gone there is room again; the failure is that of the token, a moment ago.
        assert_eq!(verify().await, Err(Failure::Timeout));
    }
}
