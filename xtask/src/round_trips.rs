//! The round trips: results of browsers and of the emulator, checked by a running `soter-server`.

use anyhow::Result;

use crate::browsers::Browser;
use crate::workspace::Workspace;
use crate::{node_suite, soter_server};

/// Runs them all; false if there are none.
pub fn run(workspace: &Workspace) -> Result<bool> {
    let variables = [
        ("WX_SOTER_SERVER", soter_server::build(workspace)?),
        ("WX_SOTER_FIREFOX", Browser::Firefox.program()?),
        ("WX_SOTER_GECKODRIVER", Browser::Firefox.driver()?),
    ];
    node_suite::run_with(workspace, "tests/server", &variables)
}
