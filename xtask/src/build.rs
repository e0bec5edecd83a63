//! `cargo xtask build`: from Rust to `pkg/dist/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::workspace::Workspace;
use crate::{command, node, rustflags, tools};

/// The target that the modules are compiled for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// wasm-bindgen's flags. The loader starts the module itself, hence no default path, and starts it anew after a
/// panic, hence the reset function.
const BINDGEN: [&str; 6] = [
    "--target=web",
    "--omit-default-module-path",
    "--no-typescript",
    "--experimental-reset-state-function",
    "--out-name",
    "wx_soter",
];

/// wasm-opt's flags. What tools made the module is nobody's business, and which features it uses is no use to an engine. The
/// names by which the module and its JavaScript know each other would be a tenth of what a page loads; how they are called
/// instead is what wasm-opt prints, and xtask/js/module.mjs tells esbuild.
const OPTIMISE: [&str; 4] =
    ["-Oz", "--strip-producers", "--strip-target-features", "--minify-imports-and-exports-and-modules"];

/// wasm2js's flags: one function in place of a module that makes an instance when it is imported, and the features that the module
/// uses, which it does not say by itself any more.
const TRANSLATE: [&str; 7] = [
    "-O4",
    "--emscripten",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
];

/// The crates of which modules are made: the package, its library, and the folder of their files, of the steps and of cargo's. The
/// emulator depends on the browser's crate with other features, and in one target folder each would overwrite the other's.
const MODULES: [(&str, &str, &str); 3] = [
    ("wx-soter", "wx_soter", ""),
    ("wx-soter-emulator", "wx_soter_emulator", "emulator"),
    ("wx-soter-verifier-wasm", "wx_soter_verifier_wasm", "server"),
];

/// Says that everything is built, to what a task starts.
pub const BUILT: &str = "WX_SOTER_BUILT";

/// Builds the package.
pub fn run(workspace: &Workspace) -> Result<()> {
    if std::env::var_os(BUILT).is_some() {
        return Ok(());
    }
    ensure_own_manifest(workspace)?;
    ensure_target()?;
    node::ensure_packages(workspace, "")?;
    for (package, library, folder) in MODULES {
        let compiled = compile(workspace, package, library, folder)?;
        bind(workspace, package, &compiled, &workspace.steps().join(folder))?;
    }
    translate(workspace, &workspace.steps())?;
    command::run(&mut workspace.node("xtask/js/bundle.mjs"))
}

/// Builds the service `soter-server`, and gives back where it is. It is not optimised: that takes minutes, and neither tests nor the
/// demo notice.
pub fn soter_server(workspace: &Workspace) -> Result<PathBuf> {
    command::run(workspace.cargo().args(["build", "--quiet", "--package", "soter-server"]))?;
    Ok(workspace.target().join("debug").join(format!("soter-server{}", std::env::consts::EXE_SUFFIX)))
}

/// wasm-pack writes to `pkg/` unless told otherwise, and there over the package's own manifest and README.
fn ensure_own_manifest(workspace: &Workspace) -> Result<()> {
    let manifest = fs::read_to_string(workspace.join("pkg/package.json")).unwrap_or_default();
    let is_own = manifest.contains("\"exports\"") && !workspace.join("pkg/.gitignore").exists();
    ensure!(
        is_own,
        "a `wasm-pack build` has overwritten pkg/: run `rm -f pkg/.gitignore && git checkout -- pkg && git clean -fd pkg`"
    );
    Ok(())
}

/// Rust to WebAssembly.
fn compile(workspace: &Workspace, package: &str, library: &str, folder: &str) -> Result<PathBuf> {
    let target = workspace.target().join(folder);
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--release", "--lib", "--target", WASM, "--package", package]);
    cargo.env("CARGO_TARGET_DIR", &target).env("CARGO_ENCODED_RUSTFLAGS", rustflags::encoded(workspace)?);
    command::run(&mut cargo)?;
    Ok(target.join(WASM).join("release").join(format!("{library}.wasm")))
}

/// The compiled module to the shipped module and its JavaScript: `core.wasm`, `names.json` and `wx_soter.js`.
fn bind(workspace: &Workspace, package: &str, compiled: &Path, steps: &Path) -> Result<()> {
    let (module, names) = (steps.join("core.wasm"), steps.join("names.json"));
    let this_program = std::env::current_exe().context("cannot tell the path of this program")?;
    if is_newer(&names, &[compiled, &this_program, &workspace.join("package-lock.json")]) {
        return Ok(());
    }
    println!("Binding and optimising the module of {package} ...");
    let mut bind = Command::new(tools::wasm_bindgen()?.program()?);
    command::run(bind.args(BINDGEN).arg("--out-dir").arg(steps).arg(compiled))?;
    // The one of package-lock.json, never the one on PATH: old ones break such modules without a word.
    let mut optimise = Command::new(node::program(workspace, "wasm-opt"));
    optimise.args(OPTIMISE).arg(steps.join("wx_soter_bg.wasm")).arg("-o").arg(module);
    fs::write(names, command::output(&mut optimise)?).context("cannot write names.json")
}

/// The browser's module to JavaScript, for pages where there is no WebAssembly: `translated.js`.
fn translate(workspace: &Workspace, steps: &Path) -> Result<()> {
    let (module, translated) = (steps.join("core.wasm"), steps.join("translated.js"));
    let this_program = std::env::current_exe().context("cannot tell the path of this program")?;
    if is_newer(&translated, &[&module, &this_program]) {
        return Ok(());
    }
    println!("Translating the module to JavaScript ...");
    let mut wasm2js = Command::new(node::program(workspace, "wasm2js"));
    fs::write(&translated, command::output(wasm2js.args(TRANSLATE).arg(&module))?)
        .context("cannot write translated.js")
}

/// Whether a file was written after all that it is made from.
pub fn is_newer(made: &Path, from: &[&Path]) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let made = time(made);
    made.is_some() && from.iter().all(|each| time(each) < made)
}

/// Adds the modules' target to the compiler in use, unless it is there. rustup reads rust-toolchain.toml, but it may be told to add
/// nothing by itself.
pub fn ensure_target() -> Result<()> {
    if sysroot()?.join("lib/rustlib").join(WASM).is_dir() {
        return Ok(());
    }
    command::run(Command::new("rustup").args(["target", "add", WASM]))
        .with_context(|| format!("the compiler's target {WASM} is missing: https://rustup.rs adds it"))
}

/// The folder of the compiler in use.
pub fn sysroot() -> Result<PathBuf> {
    let path = command::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    Ok(PathBuf::from(path.trim()))
}
