//! The round trips: results of browsers and of the emulator, checked by a running `soter-server`.

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{browsers, node_suite, server_suite, soter_server};

/// Runs them all, on SQLite and on a PostgreSQL of their own; false if there are none.
pub fn run(workspace: &Workspace) -> Result<bool> {
    let postgres = server_suite::postgres(workspace);
    let mut variables = vec![("WX_SOTER_SERVER", soter_server::build(workspace)?.into_os_string())];
    variables.extend(browsers::firefox_variables()?);
    variables.extend(postgres.as_ref().map(|postgres| (server_suite::POSTGRES, postgres.url.clone().into())));
    node_suite::run_with(workspace, "tests/server", &variables)
}
