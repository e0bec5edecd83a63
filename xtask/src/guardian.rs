//! The process between a task and a program that must not outlive it.
//!
//! A task that is killed cannot end what it started. So a second process of this program starts the other one and watches
//! its own standard input, which the task holds open: when that closes, for whatever reason, it ends the other program.

use std::io::{Read, stdin};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// The name of the task of [`run`].
pub const TASK: &str = "guard";

/// The guardian of a program, to be started with a pipe for its standard input.
pub fn command(program: &Path) -> Result<Command> {
    let mut guardian = Command::new(std::env::current_exe().context("cannot tell the path of this program")?);
    guardian.arg(TASK).arg(program);
    Ok(guardian)
}

/// Runs the program until it ends by itself, or standard input does.
pub fn run(program: &Path) -> Result<()> {
    let mut child = Command::new(program)
        .stdin(std::process::Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let (tell, told) = channel::<()>();
    std::thread::spawn(move || {
        let _ = stdin().lock().read_to_end(&mut Vec::new());
        drop(tell);
    });
    while told.recv_timeout(Duration::from_millis(100)) == Err(RecvTimeoutError::Timeout) {
        if let Some(status) = child.try_wait().context("cannot watch the program")? {
            bail!("{} ended: {status}", program.display());
        }
    }
    child.kill().context("cannot end the program")?;
    child.wait().context("cannot wait for the program")?;
    Ok(())
}
