//! The driver that knows the browser.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use axum::body::Bytes;
use axum::http::{HeaderValue, Method, Response, header};
use serde_json::{Value, json};
use ureq::Agent;

/// Longer than a driver takes to start on a busy machine.
const START: Duration = Duration::from_secs(60);

/// chromedriver or geckodriver, running on this machine.
pub struct RealDriver {
    program: PathBuf,
    port: u16,
    agent: Agent,
}

impl RealDriver {
    /// Chooses a port for a driver that is still to be started.
    pub fn at_free_port(program: PathBuf) -> Result<Self> {
        let probe = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
        let port = probe.local_addr().context("the socket has no address")?.port();
        // The caller wants the driver's refusals too, word for word.
        let agent = Agent::config_builder().http_status_as_error(false).build().into();
        Ok(Self { program, port, agent })
    }

    /// The program to start.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// The port to start it with.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether the driver passes commands of Chromium's own protocol on.
    pub fn speaks_cdp(&self) -> bool {
        !self.program.file_name().is_some_and(|name| name.to_string_lossy().contains("gecko"))
    }

    /// Waits until the driver takes requests.
    pub fn wait_until_ready(&self) -> Result<()> {
        let started = Instant::now();
        loop {
            match self.command(Method::GET, "/status", None) {
                Ok(_) => return Ok(()),
                Err(error) if started.elapsed() > START => {
                    return Err(error).context("the driver does not start");
                }
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    /// Sends a request and gives back the answer, whatever it is.
    pub fn send(&self, method: &Method, path: &str, body: Bytes) -> Result<Response<Bytes>> {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("http://127.0.0.1:{}{path}", self.port))
            .header(header::CONTENT_TYPE, "application/json");
        let answer = if body.is_empty() {
            self.agent.run(request.body(()).context("no such request can be made")?)
        } else {
            self.agent.run(request.body(body.to_vec()).context("no such request can be made")?)
        };
        let mut answer = answer.with_context(|| format!("the driver does not answer {method} {path}"))?;
        // Screenshots are longer than what the client reads by default.
        let body =
            answer.body_mut().with_config().limit(u64::MAX).read_to_vec().context("the answer broke off")?;
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = answer.status();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        Ok(response)
    }

    /// Sends a command and gives back its value; a refusal is an error with the driver's own words.
    pub fn command(&self, method: Method, path: &str, parameters: Option<Value>) -> Result<Value> {
        let body = parameters.map_or_else(Bytes::new, |parameters| Bytes::from(parameters.to_string()));
        let answer = self.send(&method, path, body)?;
        let mut content: Value =
            serde_json::from_slice(answer.body()).context("the driver answered no JSON")?;
        // The test runner opens Chromium's sessions in the old protocol, where a refusal looks like success but for this.
        let refused_in_old_protocol =
            content.get("status").and_then(Value::as_u64).is_some_and(|status| status != 0);
        if refused_in_old_protocol || !answer.status().is_success() {
            let message =
                content.pointer("/value/message").and_then(Value::as_str).unwrap_or("no reason given");
            bail!("{method} {path}: {message}");
        }
        Ok(content.get_mut("value").map(Value::take).unwrap_or_default())
    }

    /// Sends a command of Chromium's own protocol.
    pub fn cdp(&self, session: &str, command: &str, parameters: Value) -> Result<Value> {
        let body = json!({ "cmd": command, "params": parameters });
        self.command(Method::POST, &format!("/session/{session}/goog/cdp/execute"), Some(body))
    }
}
