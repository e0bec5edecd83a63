//! `cargo xtask formats`: the tables of algorithms and attestation formats, as the verifier itself answers.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::workspace::Workspace;
use crate::{command, test};

/// The texts that have them.
const TEXTS: [&str; 2] = ["README.md", "verifier/README.md"];
const BEGIN: &str = "<!-- formats:begin -->";
const END: &str = "<!-- formats:end -->";

/// Prints them, or puts them into our texts.
pub fn run(workspace: &Workspace, write: bool) -> Result<()> {
    let tables = tables(workspace)?;
    print!("{tables}");
    if write {
        for name in TEXTS {
            let path = workspace.join(name);
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {name}"))?;
            fs::write(&path, with_tables(name, &text, &tables)?)
                .with_context(|| format!("cannot write {name}"))?;
        }
    }
    Ok(())
}

/// An error where a text has others than the verifier answers.
pub fn check(workspace: &Workspace) -> Result<()> {
    let tables = tables(workspace)?;
    for name in TEXTS {
        let text = fs::read_to_string(workspace.join(name)).with_context(|| format!("cannot read {name}"))?;
        ensure!(
            text == with_tables(name, &text, &tables)?,
            "{name} says otherwise than the verifier about algorithms or formats: run `cargo xtask formats --write`"
        );
    }
    println!("the tables of algorithms and formats are those of the verifier");
    Ok(())
}

fn tables(workspace: &Workspace) -> Result<String> {
    command::output(&mut test::peers_program(workspace, "formats"))
}

fn with_tables(name: &str, text: &str, tables: &str) -> Result<String> {
    let (head, rest) = text.split_once(BEGIN).with_context(|| format!("{name} has no {BEGIN}"))?;
    let (_, tail) = rest.split_once(END).with_context(|| format!("{name} has no {END}"))?;
    Ok(format!("{head}{BEGIN}\n\n{}\n\n{END}{tail}", tables.trim()))
}
