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
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::{Instant, timeout_at};

/// So long before its end a token is not used any more. WeChat has the next one 300 seconds before.
const MARGIN: Duration = Duration::from_secs(240);

/// For so long after a failure nobody asks again: all calls that wait would, one after the other.
const HOLD_OFF: Duration = Duration::from_secs(1);

/// The token of one app.
pub struct AccessToken {
    app: UpstreamApp,
    wechat: Arc<dyn WeChat>,
    /// How long WeChat may take to give one.
    time_limit: Duration,
    /// Locked while WeChat is asked, so that it is asked once, however many calls want a token.
    state: Arc<Mutex<State>>,
}

/// Times are the process's own: it does not matter how the clock is set.
#[derive(Debug)]
enum State {
    Unknown,
    Known { token: Secret, until: Instant },
    Failed { failure: Failure, at: Instant },
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
    pub fn new(app: &UpstreamApp, wechat: Arc<dyn WeChat>, time_limit: Duration) -> Self {
        Self { app: app.clone(), wechat, time_limit, state: Arc::new(Mutex::new(State::Unknown)) }
    }

    /// The app that it belongs to.
    #[must_use]
    pub fn appid(&self) -> &str {
        &self.app.appid
    }

    /// A token that is good, and not the one that WeChat has just refused.
    ///
    /// # Errors
    ///
    /// WeChat gave none, or not before `deadline`.
    pub async fn get(&self, deadline: Instant, refused: Option<&Secret>) -> Result<Secret, Failure> {
        let state = timeout_at(deadline, self.state.clone().lock_owned());
        let state = state.await.map_err(|_| Failure::Timeout)?;
        match &*state {
            State::Known { token, until } if Instant::now() < *until && refused != Some(token) => {
                return Ok(token.clone());
            }
            State::Failed { failure, at } if at.elapsed() < HOLD_OFF => return Err(failure.clone()),
            State::Unknown | State::Known { .. } | State::Failed { .. } => {}
        }
        // A task of its own: the backend of the call that happened to come first may hang up, and others want the token, too.
        let deadline_of_fetch = Instant::now() + self.time_limit;
        let fetched = tokio::spawn(fetch(self.app.clone(), self.wechat.clone(), deadline_of_fetch, state));
        match timeout_at(deadline, fetched).await {
            Ok(fetched) => {
                fetched.unwrap_or(Err(Failure::Unreachable("the question ended early".to_owned())))
            }
            Err(_) => Err(Failure::Timeout),
        }
    }
}

/// Asks WeChat for a token, and remembers the outcome.
async fn fetch(
    app: UpstreamApp,
    wechat: Arc<dyn WeChat>,
    deadline: Instant,
    mut state: OwnedMutexGuard<State>,
) -> Result<Secret, Failure> {
    let asked_at = Instant::now();
    let body = Body { grant_type: "client_credential", appid: &app.appid, secret: app.secret.expose() };
    let body = serde_json::to_vec(&body).unwrap_or_default();
    let request = Request { call: Call::StableToken, access_token: None, body: body.into(), deadline };
    let fetched = measure(Call::StableToken, &app.appid, |_| "ok", async {
        answer::token(&wechat.post(request).await?)
    })
    .await;
    match fetched {
        Ok(FreshToken { token, expires_in }) => {
            let until = asked_at + expires_in.saturating_sub(MARGIN);
            *state = State::Known { token: token.clone(), until };
            Ok(token)
        }
        Err(failure) => {
            // Those who have waited meanwhile get this answer, however long it took.
            *state = State::Failed { failure: failure.clone(), at: Instant::now() };
            Err(failure)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use axum::body::Bytes;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use tokio::time::{advance, sleep};

    const TIME_LIMIT: Duration = Duration::from_secs(7);

    /// Gives the tokens 1, 2, 3 …, or nothing, after a while.
    struct Numbered {
        asked: AtomicUsize,
        expires_in: i64,
        takes: Duration,
        is_down: AtomicBool,
    }

    impl Numbered {
        fn new(expires_in: i64) -> Arc<Self> {
            Self::slow(expires_in, Duration::ZERO)
        }

        fn slow(expires_in: i64, takes: Duration) -> Arc<Self> {
            Arc::new(Self { asked: AtomicUsize::new(0), expires_in, takes, is_down: AtomicBool::new(false) })
        }

        fn set_down(&self, is_down: bool) {
            self.is_down.store(is_down, Ordering::Relaxed);
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
            sleep(self.takes).await;
            if self.is_down.load(Ordering::Relaxed) {
                return Err(Failure::Timeout);
            }
            Ok(format!(r#"{{"access_token":"{number}","expires_in":{}}}"#, self.expires_in).into())
        }
    }

    fn token(wechat: &Arc<Numbered>) -> AccessToken {
        let app = UpstreamApp { appid: "wx1".to_owned(), secret: Secret::new("secret".to_owned()) };
        AccessToken::new(&app, wechat.clone(), TIME_LIMIT)
    }

    async fn get(token: &AccessToken, refused: Option<&str>) -> Result<String, Failure> {
        let refused = refused.map(|refused| Secret::new(refused.to_owned()));
        let got = token.get(Instant::now() + TIME_LIMIT, refused.as_ref()).await;
        got.map(|token| token.expose().to_owned())
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_fetched_once_and_again_before_its_end() {
        let wechat = Numbered::new(7200);
        let token = token(&wechat);
        for wait in [0, 0, 6959] {
            advance(Duration::from_secs(wait)).await;
            assert_eq!(get(&token, None).await, Ok("1".to_owned()));
        }
        advance(Duration::from_secs(1)).await;
        assert_eq!(get(&token, None).await, Ok("2".to_owned()));
        assert_eq!(wechat.asked(), 2);
    }

    #[tokio::test]
    async fn what_is_about_to_end_is_not_kept() {
        let wechat = Numbered::new(200);
        let token = token(&wechat);
        assert_eq!(get(&token, None).await, Ok("1".to_owned()));
        assert_eq!(get(&token, None).await, Ok("2".to_owned()));
    }

    #[tokio::test(start_paused = true)]
    async fn many_who_want_one_ask_once_however_long_it_takes() {
        let wechat = Numbered::slow(7200, Duration::from_secs(3));
        let token = token(&wechat);
        let late = async {
            sleep(Duration::from_secs(2)).await;
            get(&token, None).await
        };
        let (first, second, late) = tokio::join!(get(&token, None), get(&token, None), late);
        assert_eq!([first, second, late], [Ok("1".to_owned()), Ok("1".to_owned()), Ok("1".to_owned())]);
        // And many whose token was refused.
        let again = || get(&token, Some("1"));
        let (first, second) = tokio::join!(again(), again());
        assert_eq!([first, second], [Ok("2".to_owned()), Ok("2".to_owned())]);
        assert_eq!(wechat.asked(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_failure_it_is_left_alone_for_a_second_however_long_that_took() {
        let wechat = Numbered::slow(7200, Duration::from_secs(3));
        let token = token(&wechat);
        wechat.set_down(true);
        let started = Instant::now();
        let (first, second) = tokio::join!(get(&token, None), get(&token, None));
        assert_eq!([first, second], [Err(Failure::Timeout), Err(Failure::Timeout)]);
        advance(Duration::from_millis(999)).await;
        assert_eq!(get(&token, None).await, Err(Failure::Timeout));
        assert_eq!(wechat.asked(), 1);
        // Nobody has waited for another attempt.
        assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
        advance(Duration::from_millis(1)).await;
        wechat.set_down(false);
        assert_eq!(get(&token, None).await, Ok("2".to_owned()));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_it_beyond_the_deadline() {
        let wechat = Numbered::slow(7200, Duration::from_secs(3));
        let token = token(&wechat);
        let soon = || Instant::now() + Duration::from_secs(1);
        let (first, second) = tokio::join!(token.get(soon(), None), token.get(soon(), None));
        assert_eq!([first, second], [Err(Failure::Timeout), Err(Failure::Timeout)]);
    }

    #[tokio::test(start_paused = true)]
    async fn it_comes_although_who_asked_first_has_hung_up() {
        let wechat = Numbered::slow(7200, Duration::from_secs(3));
        let token = token(&wechat);
        let hung_up = tokio::time::timeout(Duration::from_secs(1), get(&token, None)).await;
        assert!(hung_up.is_err());
        assert_eq!(get(&token, None).await, Ok("1".to_owned()));
        assert_eq!(wechat.asked(), 1);
    }
}
