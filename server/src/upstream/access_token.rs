//! The access token by which an app asks WeChat.
//!
//! It comes from `stable_token`, which gives everybody who asks the same token until it is about to expire, and then keeps the old and
//! the new one good for five minutes. So each instance asks by itself, none ends what another uses, and no token is in a database.
//! (`/cgi-bin/token` gives each caller another one, and ends the one before.) It is never told to `force_refresh`, which would end the
//! token of all others who use the app.

use super::answer::{self, FreshToken};
use super::client::{Call, Request, WeChat};
use super::failure::Failure;
use super::measure::measure;
use crate::secret::Secret;
use crate::settings::UpstreamApp;
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

/// So many seconds before its end a token is not used any more. WeChat has the next one 300 seconds before.
const MARGIN: i64 = 240;

/// For so many seconds after a failure nobody asks again: all calls that wait would, one after the other.
const HOLD_OFF: i64 = 1;

/// The token of one app.
#[derive(Debug)]
pub struct AccessToken {
    app: UpstreamApp,
    /// Locked while WeChat is asked, so that it is asked once, however many calls want a token.
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    Unknown,
    Known { token: Secret, since: i64, until: i64 },
    Failed { failure: Failure, at: i64 },
}

#[derive(Serialize)]
struct Body<'a> {
    grant_type: &'static str,
    appid: &'a str,
    secret: &'a str,
}

impl AccessToken {
    /// The token of an app, before anybody has wanted it.
    #[must_use]
    pub fn new(app: &UpstreamApp) -> Self {
        Self { app: app.clone(), state: Mutex::new(State::Unknown) }
    }

    /// The app that it belongs to.
    #[must_use]
    pub fn appid(&self) -> &str {
        &self.app.appid
    }

    /// A token that is good at `now`, in seconds since 1970, and not the one that WeChat has just refused.
    ///
    /// # Errors
    ///
    /// WeChat gave none.
    pub async fn get(
        &self,
        wechat: &dyn WeChat,
        now: i64,
        deadline: Instant,
        refused: Option<&Secret>,
    ) -> Result<Secret, Failure> {
        let mut state = timeout_at(deadline, self.state.lock()).await.map_err(|_| Failure::Timeout)?;
        match &*state {
            // Where the clock was set back, it was not known before.
            State::Known { token, since, until }
                if (*since..*until).contains(&now) && refused != Some(token) =>
            {
                return Ok(token.clone());
            }
            State::Failed { failure, at } if (*at..at.saturating_add(HOLD_OFF)).contains(&now) => {
                return Err(failure.clone());
            }
            State::Unknown | State::Known { .. } | State::Failed { .. } => {}
        }
        match self.fetch(wechat, deadline).await {
            Ok(FreshToken { token, expires_in }) => {
                let until = now.saturating_add(expires_in).saturating_sub(MARGIN);
                *state = State::Known { token: token.clone(), since: now, until };
                Ok(token)
            }
            Err(failure) => {
                *state = State::Failed { failure: failure.clone(), at: now };
                Err(failure)
            }
        }
    }

    async fn fetch(&self, wechat: &dyn WeChat, deadline: Instant) -> Result<FreshToken, Failure> {
        let body = Body {
            grant_type: "client_credential",
            appid: &self.app.appid,
            secret: self.app.secret.expose(),
        };
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let request = Request { call: Call::StableToken, access_token: None, body, deadline };
        measure(Call::StableToken, self.appid(), |_| "ok", async {
            answer::token(&wechat.post(request).await?)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use axum::body::Bytes;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    /// Gives the tokens 1, 2, 3 …, or nothing.
    struct Numbered {
        asked: AtomicUsize,
        expires_in: i64,
        is_down: bool,
    }

    impl Numbered {
        fn new(expires_in: i64) -> Self {
            Self { asked: AtomicUsize::new(0), expires_in, is_down: false }
        }

        fn asked(&self) -> usize {
            self.asked.load(Ordering::Relaxed)
        }
    }

    #[async_trait]
    impl WeChat for Numbered {
        async fn post(&self, _: Request<'_>) -> Result<Bytes, Failure> {
            let number = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
            // Others come to the lock meanwhile.
            tokio::task::yield_now().await;
            if self.is_down {
                return Err(Failure::Timeout);
            }
            Ok(format!(r#"{{"access_token":"{number}","expires_in":{}}}"#, self.expires_in).into())
        }
    }

    fn token() -> AccessToken {
        AccessToken::new(&UpstreamApp { appid: "wx1".to_owned(), secret: Secret::new("secret".to_owned()) })
    }

    /// In an hour.
    fn later() -> Instant {
        Instant::now() + Duration::from_secs(3600)
    }

    async fn get(
        token: &AccessToken,
        wechat: &Numbered,
        now: i64,
        refused: Option<&str>,
    ) -> Result<String, Failure> {
        let refused = refused.map(|refused| Secret::new(refused.to_owned()));
        let got = token.get(wechat, now, later(), refused.as_ref()).await;
        got.map(|token| token.expose().to_owned())
    }

    #[tokio::test]
    async fn it_is_fetched_once_and_again_before_its_end() {
        let (token, wechat) = (token(), Numbered::new(7200));
        for now in [1000, 1000, 7959] {
            assert_eq!(get(&token, &wechat, now, None).await, Ok("1".to_owned()));
        }
        assert_eq!(get(&token, &wechat, 7960, None).await, Ok("2".to_owned()));
        // The clock was set back.
        assert_eq!(get(&token, &wechat, 7000, None).await, Ok("3".to_owned()));
        assert_eq!(wechat.asked(), 3);
    }

    #[tokio::test]
    async fn what_is_about_to_end_is_not_kept() {
        let (token, wechat) = (token(), Numbered::new(200));
        assert_eq!(get(&token, &wechat, 1000, None).await, Ok("1".to_owned()));
        assert_eq!(get(&token, &wechat, 1000, None).await, Ok("2".to_owned()));
    }

    #[tokio::test]
    async fn many_who_want_one_ask_once() {
        let (token, wechat) = (token(), Numbered::new(7200));
        let (first, second) =
            tokio::join!(get(&token, &wechat, 1000, None), get(&token, &wechat, 1000, None));
        assert_eq!([first, second], [Ok("1".to_owned()), Ok("1".to_owned())]);
        // And many whose token was refused.
        let again = || get(&token, &wechat, 1000, Some("1"));
        let (first, second) = tokio::join!(again(), again());
        assert_eq!([first, second], [Ok("2".to_owned()), Ok("2".to_owned())]);
        assert_eq!(wechat.asked(), 2);
    }

    #[tokio::test]
    async fn after_a_failure_it_is_left_alone_for_a_second() {
        let (token, mut wechat) = (token(), Numbered::new(7200));
        wechat.is_down = true;
        for now in [1000, 1000] {
            assert_eq!(get(&token, &wechat, now, None).await, Err(Failure::Timeout));
        }
        assert_eq!(wechat.asked(), 1);
        assert_eq!(get(&token, &wechat, 1001, None).await, Err(Failure::Timeout));
        wechat.is_down = false;
        // However the clock is set.
        assert_eq!(get(&token, &wechat, 500, None).await, Ok("3".to_owned()));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_it_beyond_the_deadline() {
        let (token, wechat) = (token(), Numbered::new(7200));
        let _locked = token.state.lock().await;
        let soon = Instant::now() + Duration::from_secs(1);
        assert_eq!(token.get(&wechat, 1000, soon, None).await, Err(Failure::Timeout));
    }
}
