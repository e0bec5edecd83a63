//! `cargo xtask build`: from Rust to `pkg/dist/`. A step whose inputs are unchanged is skipped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::stamp::{self, Stamp};
use crate::workspace::Workspace;
use crate::{command, node, rustflags, stray_wasm_pack, target, tools};

/// wasm-bindgen's flags. The loader starts the module itself, hence no default path, and starts it anew after a
/// panic, hence the reset function.
const BINDGEN: [&str; 4] =
    ["--target=web", "--omit-default-module-path", "--no-typescript", "--experimental-reset-state-function"];

/// wasm-opt's flags. What tools made the module is nobody's business, and which features it uses is no use to an engine. The
/// names by which the module and its JavaScript know each other would be a tenth of what a page loads; how they are called
/// instead is what wasm-opt prints, and xtask/js/module.mjs tells esbuild.
const OPTIMISE: [&str; 4] =
    ["-Oz", "--strip-producers", "--strip-target-features", "--minify-imports-and-exports-and-modules"];

/// A crate of which a module is made.
struct Module {
    package: &'static str,
    /// The name of its library.
    library: &'static str,
    /// Where its files are, in the folder of the steps and in cargo's. The emulator depends on the browser's crate with other
    /// features, and in one target folder each would overwrite the other's.
    folder: &'static str,
}

const BROWSER: Module = Module { package: "wx-soter", library: "wx_soter", folder: "" };
const EMULATOR: Module =
    Module { package: "wx-soter-emulator", library: "wx_soter_emulator", folder: "emulator" };
const SERVER: Module =
    Module { package: "wx-soter-verifier-wasm", library: "wx_soter_verifier_wasm", folder: "server" };

/// Builds the package.
pub fn run(workspace: &Workspace) -> Result<()> {
    stray_wasm_pack::mend(workspace.root())?;
    target::ensure()?;
    node::ensure_packages(workspace)?;
    for module in [BROWSER, EMULATOR, SERVER] {
        let compiled = compile(workspace, &module)?;
        core(workspace, &module, &compiled)?;
    }
    bundle(workspace)
}

/// Rust to WebAssembly.
fn compile(workspace: &Workspace, module: &Module) -> Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo
        .args(["build", "--release", "--package", module.package, "--lib", "--target", target::WASM])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(workspace.root())
        .env("CARGO_TARGET_DIR", workspace.target().join(module.folder))
        .env("CARGO_ENCODED_RUSTFLAGS", rustflags::encoded(workspace)?);
    let messages = command::output(cargo.stdin(Stdio::null()))?;
    module_in(&messages, module.library).context("cargo named no module that it made")
}

/// Cargo's messages name the files that it made, wherever its target folder is.
fn module_in(messages: &str, library: &str) -> Option<PathBuf> {
    let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut ours =
        artifacts.filter(|message| message.pointer("/target/name").is_some_and(|name| name == library));
    ours.find_map(|message| {
        let files = message.get("filenames")?.as_array()?;
        let file = files.iter().filter_map(Value::as_str).find(|file| file.ends_with(".wasm"))?;
        Some(PathBuf::from(file))
    })
}

/// The compiled module to the shipped module and its JavaScript: `core.wasm` and `wx_soter.js`.
fn core(workspace: &Workspace, made: &Module, compiled: &Path) -> Result<()> {
    let bindgen = tools::wasm_bindgen(workspace)?;
    let steps = workspace.steps().join(made.folder);
    let module = steps.join("core.wasm");
    let noted = steps.join("core.stamp");
    let stamp = Stamp::default()
        .file(compiled)?
        .text(bindgen.version())
        .text(&BINDGEN.join(" "))
        .text(&OPTIMISE.join(" "))
        .text(&node::lock_stamp(workspace)?)
        .finish();
    if stamp::is_noted(&stamp, &noted) && module.is_file() && steps.join("wx_soter.js").is_file() {
        return Ok(());
    }
    println!("Binding and optimising the module of {} ...", made.package);
    let _ = fs::remove_file(&noted);
    command::run(
        Command::new(bindgen.program()?)
            .args(BINDGEN)
            .args(["--out-name", BROWSER.library, "--out-dir"])
            .arg(&steps)
            .arg(compiled),
    )?;
    // The one of package-lock.json, never the one on PATH: old ones break such modules without a word.
    let mut optimise = Command::new(node::program(workspace, "wasm-opt"));
    optimise.args(OPTIMISE).arg(steps.join("wx_soter_bg.wasm")).arg("-o").arg(&module);
    fs::write(steps.join("names.json"), command::output(&mut optimise)?)?;
    stamp::note(&stamp, &noted)
}

/// The shipped module and the hand-written JavaScript to `pkg/dist/`.
fn bundle(workspace: &Workspace) -> Result<()> {
    let steps = workspace.steps();
    let noted = steps.join("bundle.stamp");
    let stamp = || -> Result<String> {
        let stamp = Stamp::default()
            .file(&steps.join("core.stamp"))?
            .file(&steps.join("emulator/core.stamp"))?
            .file(&steps.join("server/core.stamp"))?
            .folder(&workspace.join("pkg/lib"))?
            // The JavaScript in it goes into the bundle as it is.
            .folder(&workspace.join("src/browser"))?
            .folder(&workspace.join("emulator/src"))?
            .folder(&workspace.join("pkg/types"))?
            .file(&workspace.join("pkg/package.json"))?
            .folder(&workspace.join("xtask/js"))?
            .text(&node::lock_stamp(workspace)?)
            // What was made counts too, so that a file lost or changed there is made anew.
            .folder(&workspace.join("pkg/dist"))?;
        Ok(stamp.finish())
    };
    if stamp::is_noted(&stamp()?, &noted) {
        return Ok(());
    }
    println!("Bundling pkg/dist ...");
    command::run(Command::new("node").arg("xtask/js/bundle.mjs").current_dir(workspace.root()))?;
    if !workspace.join("pkg/dist").is_dir() {
        bail!("xtask/js/bundle.mjs made no pkg/dist");
    }
    stamp::note(&stamp()?, &noted)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::module_in;

    #[test]
    fn finds_the_module_among_cargos_messages() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"serde"},"filenames":["/t/libserde.rlib"]}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"wx_soter"},"filenames":["/t/a.rlib","/t/wx_soter.wasm"]}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        assert_eq!(module_in(messages, "wx_soter").as_deref(), Some(Path::new("/t/wx_soter.wasm")));
    }
}
