//! The compiler's flags for the module that is shipped.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::build;
use crate::workspace::Workspace;

/// What the modules may need of an engine, beyond the first version of WebAssembly: what compilers take for granted, but for
/// reference types. In the engine of Safari 16.0 a table of references traps when it hands out certain numbers, 0 and 90001
/// among them (wasm-bindgen issue 4407); without reference types wasm-bindgen keeps values in an array of JavaScript. And but for
/// multiple values, which wasm2js has no form for; one function of wasm-bindgen's used them.
const FEATURES: &str =
    "mutable-globals,sign-ext,nontrapping-fptoint,bulk-memory,bulk-memory-opt,call-indirect-overlong";

/// The flags as cargo takes them in `CARGO_ENCODED_RUSTFLAGS`. They replace the user's own, so that everybody builds
/// the same module.
pub fn encoded(workspace: &Workspace) -> Result<String> {
    // 64 KiB of stack, where the linker would take 1 MiB of every page's memory.
    let mut flags = vec!["-Clink-arg=-zstack-size=65536".to_owned()];
    // The standard library was compiled with reference types, and uses none; the linker has to be told twice.
    flags.extend([
        "--cfg=sha2_backend_soft=\"compact\"".to_owned(),
        "-Ctarget-feature=-reference-types".to_owned(),
        format!("-Clink-arg=--features={FEATURES}"),
        "-Clink-arg=--no-check-features".to_owned(),
    ]);
    // Panic messages name source files. Without these the module would depend on where it was built.
    // Of several that match, the compiler takes the last.
    let mut prefixes = vec![build::sysroot()?, workspace.root().to_path_buf(), cargo_home()?];
    prefixes.extend(registries()?);
    flags.extend(prefixes.iter().map(|prefix| format!("--remap-path-prefix={}=", prefix.display())));
    Ok(flags.join("\u{1f}"))
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(PathBuf::from(home));
    }
    Ok(std::env::home_dir().context("no home folder is known: set CARGO_HOME")?.join(".cargo"))
}

/// Where cargo unpacks crates: one folder for each registry, its name a hash that differs from machine to machine.
fn registries() -> Result<Vec<PathBuf>> {
    let folder = cargo_home()?.join("registry").join("src");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        return Ok(Vec::new());
    };
    let mut registries = Vec::new();
    for entry in entries {
        registries.push(entry.with_context(|| format!("cannot read {}", folder.display()))?.path());
    }
    registries.sort();
    Ok(registries)
}
