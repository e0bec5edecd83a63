//! A WebDriver that stands before chromedriver or geckodriver, so that wasm-bindgen's test runner runs tests against
//! the browser's own `navigator.credentials`.
//!
//! The runner starts it with `--port=N`, as it starts any driver; `WX_SOTER_REAL_DRIVER` names the real one. Every
//! request goes on to the real driver, with two changes:
//!
//! - A new session gets a virtual authenticator: built in, verifying its user, who consents at once. Real
//!   authenticators are never asked.
//! - The page is opened at `http://localhost` and not at `http://127.0.0.1`, where browsers refuse WebAuthn, and with
//!   `?wx-soter-driver=PORT`, by which the page finds this driver.
//!
//! The page itself then changes the authenticator's ways by requests to `http://127.0.0.1:PORT/wx-soter/…`, which
//! answer any origin:
//!
//! | request | effect |
//! | --- | --- |
//! | `POST user-verified/true`, `…/false` | whether the authenticator can verify its user |
//! | `POST consent/true`, `…/false` | whether the user touches it; without, a request stays open (Chromium) |
//! | `GET credentials` | the keys that it holds, as WebDriver describes them |
//! | `DELETE credentials`, `DELETE credentials/ID` | removes all keys, or one |
//! | `POST override` | JSON `{isBogusSignature, isBadUV, isBadUP}`: spoils what it answers from now on (Chromium) |
//! | `POST tab?url=…` | opens a page in a second tab, with an authenticator that holds copies of the keys |
//! | `DELETE tab` | closes the second tab |
//!
//! What the browser's driver cannot do is answered with 501, and what it refuses with 502 and its own words.

mod authenticator;
mod forward;
mod guardian;
mod page;
mod real_driver;
mod session;

use std::net::{Ipv4Addr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;

use crate::forward::Wrapper;
use crate::guardian::Guardian;
use crate::real_driver::RealDriver;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("webauthn-driver: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(watched) = guardian::Watched::from_arguments(&arguments) {
        return watched.run();
    }
    let port = arguments.iter().find_map(|argument| argument.strip_prefix("--port="));
    let port: u16 = port.context("--port=N is missing")?.parse().context("--port is no number")?;
    let program = std::env::var_os("WX_SOTER_REAL_DRIVER")
        .context("WX_SOTER_REAL_DRIVER must name chromedriver or geckodriver")?;

    // Taken before the real driver is up, so that the runner waits with its first request and not for the port.
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| format!("cannot have port {port}"))?;
    listener.set_nonblocking(true).context("cannot use the port")?;
    let real = RealDriver::at_free_port(program.into())?;
    let guardian = Guardian::start(&real)?;
    real.wait_until_ready()?;
    let wrapper = Arc::new(Wrapper::new(real, guardian, port));

    let site = Router::new().nest("/wx-soter", page::routes()).fallback(forward::answer).with_state(wrapper);
    let runtime = tokio::runtime::Runtime::new().context("cannot start a runtime")?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).context("cannot use the port")?;
        axum::serve(listener, site).await.context("cannot serve")
    })
}
