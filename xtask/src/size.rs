//! `cargo xtask size`: what a page loads, and the budget for it.

use std::fmt::Write as _;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::workspace::Workspace;
use crate::{command, node, readme};

/// The file that has a budget: everything that a page needs.
const COMPLETE: &str = "wx-soter.global.js";
/// Its budget in bytes, as brotli sends it.
const BUDGET: u64 = 40 * 1024;

/// The file that a page loads before anybody authenticates, and its budget.
const LOADER: &str = "wx-soter.loader.js";
const LOADER_BUDGET: u64 = 8 * 1024;

/// The file for those who emulate a host, and its budget.
const EMULATOR: &str = "emulator.js";
const EMULATOR_BUDGET: u64 = 60 * 1024;

/// The file for servers, which load it once, and its budget: most of it reads X.509 certificates.
const SERVER: &str = "server.js";
const SERVER_BUDGET: u64 = 110 * 1024;

const FILES: [(&str, &str); 8] = [
    (COMPLETE, "the complete script"),
    (LOADER, "the same in three files: the calls"),
    ("core.js", "what the loader fetches"),
    ("core.wasm", "and the module"),
    ("index.js", "`import 'wx-soter'`"),
    ("slim.js", "`import 'wx-soter/slim'`, without the module"),
    (EMULATOR, "`import 'wx-soter/emulator'`"),
    (SERVER, "`import 'wx-soter/server'`"),
];

#[derive(Deserialize)]
struct Sizes {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// Prints the table, puts it into README.md if asked, and fails over the budget.
pub fn check(workspace: &Workspace, write: bool) -> Result<()> {
    let sizes = measure(workspace)?;
    let table = table(&sizes)?;
    println!("{table}");
    if write {
        readme::put(workspace, "size", &table)?;
    }
    let budgets =
        [(COMPLETE, BUDGET), (LOADER, LOADER_BUDGET), (EMULATOR, EMULATOR_BUDGET), (SERVER, SERVER_BUDGET)];
    for (file, budget) in budgets {
        let place = FILES.iter().position(|(each, _)| *each == file).context("no such file")?;
        within_budget(file, budget, sizes.get(place).context("nothing was measured")?)?;
    }
    Ok(())
}

/// Prints the table only.
pub fn print(workspace: &Workspace) -> Result<()> {
    println!("{}", table(&measure(workspace)?)?);
    Ok(())
}

fn measure(workspace: &Workspace) -> Result<Vec<Sizes>> {
    node::ensure()?;
    let mut script = Command::new("node");
    script.arg(workspace.join("xtask/js/compressed-sizes.mjs"));
    script.args(FILES.map(|(file, _)| file)).current_dir(workspace.join("pkg/dist"));
    serde_json::from_str(&command::output(&mut script)?).context("cannot read the sizes")
}

fn table(sizes: &[Sizes]) -> Result<String> {
    let mut table =
        String::from("| file | | bytes | gzip -9 | brotli -11 |\n| --- | --- | ---: | ---: | ---: |\n");
    for ((file, what), size) in FILES.iter().zip(sizes) {
        writeln!(table, "| `{file}` | {what} | {} | {} | {} |", size.raw, size.gzip, size.brotli)?;
    }
    Ok(table)
}

fn within_budget(file: &str, budget: u64, size: &Sizes) -> Result<()> {
    if size.brotli > budget {
        bail!("{file} has {} bytes in brotli, {} over its budget", size.brotli, size.brotli - budget);
    }
    println!("{file}: {} of {budget} bytes in brotli", size.brotli);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{BUDGET, COMPLETE, Sizes, within_budget};

    #[test]
    fn the_budget_itself_is_allowed_and_a_byte_more_is_not() {
        let sizes = |brotli| Sizes { raw: 0, gzip: 0, brotli };
        assert!(within_budget(COMPLETE, BUDGET, &sizes(BUDGET)).is_ok());
        assert!(within_budget(COMPLETE, BUDGET, &sizes(BUDGET + 1)).is_err());
    }
}
