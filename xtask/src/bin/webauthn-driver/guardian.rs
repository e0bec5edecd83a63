//! The process between this driver and the real one.
//!
//! The test runner ends its driver by force, which leaves no time to end the real driver and the browser. So a second
//! process of the same program starts the real driver and watches its own standard input, which this driver holds
//! open and tells the session: when it closes, for whatever reason, the guardian ends session and driver.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::real_driver::RealDriver;

const FLAG: &str = "--guard";

/// This driver's end.
pub struct Guardian {
    input: Mutex<ChildStdin>,
}

impl Guardian {
    /// Starts the guardian, which starts the real driver.
    pub fn start(real: &RealDriver) -> Result<Self> {
        let itself = std::env::current_exe().context("cannot tell the path of this program")?;
        let mut guardian = Command::new(itself)
            .args([FLAG, &real.port().to_string()])
            .arg(real.program())
            .stdin(Stdio::piped())
            .spawn()
            .context("cannot start the guardian")?;
        let input = guardian.stdin.take().context("the guardian has no standard input")?;
        Ok(Self { input: Mutex::new(input) })
    }

    /// Names the session that must be ended.
    pub fn tell_session(&self, id: &str) -> Result<()> {
        let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(input, "{id}").context("the guardian is gone")
    }
}

/// The guardian's end.
pub struct Watched {
    port: u16,
    program: PathBuf,
}

impl Watched {
    /// What the guardian is to watch, if this process is one.
    pub fn from_arguments(arguments: &[String]) -> Option<Self> {
        match arguments {
            [flag, port, program] if flag == FLAG => {
                Some(Self { port: port.parse().ok()?, program: program.into() })
            }
            _ => None,
        }
    }

    /// Starts the real driver, and ends it when standard input closes.
    pub fn run(self) -> Result<()> {
        let mut driver = Command::new(&self.program)
            .arg(format!("--port={}", self.port))
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        let session = std::io::stdin().lock().lines().map_while(Result::ok).last();
        if let Some(session) = session {
            end_session(self.port, &session);
        }
        end(&mut driver)
    }
}

/// Lets the driver close its browser. A session that is over already answers with an error, which is as good.
fn end_session(port: u16, session: &str) {
    let request = ureq::delete(format!("http://127.0.0.1:{port}/session/{session}"));
    let _ = request.config().timeout_global(Some(Duration::from_secs(10))).build().call();
}

fn end(driver: &mut Child) -> Result<()> {
    driver.kill().context("cannot end the driver")?;
    driver.wait().context("cannot wait for the driver")?;
    Ok(())
}
