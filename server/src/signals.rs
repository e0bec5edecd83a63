//! Signals that end the service, and one that must not.

use std::io;

/// What ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM: load balancers should first see that the instance is not ready.
    Terminate,
    /// Ctrl-C: somebody waits at the terminal.
    Interrupt,
}

/// Listens from its making on, so that none is missed.
#[cfg(unix)]
pub struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// From now on.
    ///
    /// # Errors
    ///
    /// The system has no handlers left.
    pub fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// The next that ends the service. A terminal that is closed, and a program that means to have a log reopened or settings
    /// read again, send SIGHUP, by which a process would end unasked.
    pub async fn next(&mut self) -> Signal {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return Signal::Terminate,
                _ = self.interrupt.recv() => return Signal::Interrupt,
                _ = self.hangup.recv() => tracing::info!("SIGHUP changes nothing: new settings want a new start"),
            }
        }
    }
}

/// Ctrl-C alone.
#[cfg(not(unix))]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// From now on.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    /// The next.
    pub async fn next(&mut self) -> Signal {
        let _ = tokio::signal::ctrl_c().await;
        Signal::Interrupt
    }
}
