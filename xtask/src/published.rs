//! What crates.io and docs.rs would get: the crates that users depend on, each by itself.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;
use crate::{build, command, tools};

/// The crates that users depend on. The others have `publish = false`.
const CRATES: [&str; 4] = ["wx-soter-webauthn", "wx-soter-verifier", "wx-soter", "soter-server"];
/// What cargo says where it cannot reach crates.io.
const UNREACHABLE: [&str; 4] =
    ["download of config.json failed", "failed to download", "failed to query", "Could not connect"];

/// Packages them, and builds each from its package alone; has their oldest Rust compile them; looks at their dependencies.
pub fn check(workspace: &Workspace) -> Result<()> {
    packages(workspace, &[])?;
    oldest_rust(workspace)?;
    dependencies(workspace)
}

/// `cargo publish`, but for the upload: builds each from its package, unless `how` has `--no-verify`. The checkout may have changes,
/// which are packaged too.
pub fn packages(workspace: &Workspace, how: &[&str]) -> Result<()> {
    let mut publish = workspace.cargo();
    publish.args(["publish", "--workspace", "--dry-run", "--allow-dirty", "--locked"]).args(how);
    let output = publish.output().context("cannot start cargo")?;
    let said = String::from_utf8_lossy(&output.stderr);
    eprint!("{said}");
    if output.status.success() {
        return Ok(());
    }
    if !UNREACHABLE.iter().any(|sign| said.contains(sign)) {
        bail!("`cargo publish --workspace --dry-run` failed: {}", output.status);
    }
    println!("SKIPPED publishing: crates.io cannot be reached; the crates are packaged without it");
    let mut package = workspace.cargo();
    package.args(["package", "--offline", "--allow-dirty", "--locked"]).args(how);
    command::run(package.args(CRATES.iter().flat_map(|name| ["--package", name])))
}

/// As docs.rs makes them, by `[package.metadata.docs.rs]`; a warning is an error.
pub fn documentation(workspace: &Workspace) -> Result<()> {
    for (name, how) in [
        ("wx-soter-webauthn", &["--all-features"][..]),
        ("wx-soter-verifier", &["--all-features"]),
        ("wx-soter", &["--target", build::WASM]),
        ("soter-server", &[]),
    ] {
        let mut doc = workspace.cargo();
        doc.args(["doc", "--no-deps", "--locked", "--package", name]).args(how);
        command::run(doc.env("RUSTDOCFLAGS", "-D warnings"))?;
    }
    Ok(())
}

/// The Rust that `rust-version` names compiles them, for servers and for the web.
fn oldest_rust(workspace: &Workspace) -> Result<()> {
    let servers = ["--package", "wx-soter-webauthn", "--package", "wx-soter-verifier"];
    let web = ["--package", "wx-soter", "--target", build::WASM];
    for (manifest, how) in [
        ("Cargo.toml", &servers[..]),
        ("Cargo.toml", &web),
        ("server/Cargo.toml", &["--package", "soter-server"]),
    ] {
        let version = rust_version(workspace, manifest)?;
        if !ensure_rust(&version) {
            println!("SKIPPED with the oldest Rust: there is no {version}, and rustup cannot fetch it");
            continue;
        }
        let mut check = Command::new("rustup");
        check.args(["run", &version, "cargo", "check", "--locked"]).args(how);
        // Apart from what the Rust in use has built.
        check.arg("--target-dir").arg(workspace.target().join("oldest")).current_dir(workspace.root());
        command::run(&mut check)?;
    }
    Ok(())
}

/// `rust-version` of a manifest: the exact toolchain.
fn rust_version(workspace: &Workspace, manifest: &str) -> Result<String> {
    let path = workspace.join(manifest);
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {manifest}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("rust-version = "));
    let version = line.with_context(|| format!("{manifest} has no rust-version"))?.trim_matches('"');
    Ok(format!("{version}.0"))
}

/// With the web's target, too.
fn ensure_rust(version: &str) -> bool {
    let mut targets = Command::new("rustup");
    let targets = targets.args(["target", "list", "--installed", "--toolchain", version]).output();
    targets.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(build::WASM))
        || command::succeeds(
            Command::new("rustup")
                .args(["toolchain", "install", version, "--profile", "minimal", "--no-self-update"])
                .args(["--target", build::WASM]),
        )
}

/// `cargo deny`: licences, sources, what is banned, and known vulnerabilities, where their list can be fetched.
fn dependencies(workspace: &Workspace) -> Result<()> {
    let program = match tools::CARGO_DENY.program() {
        Ok(program) => program,
        Err(error) => {
            println!("SKIPPED `cargo deny`: {error:#}");
            return Ok(());
        }
    };
    let deny = |checks: &[&str]| {
        let mut deny = Command::new(&program);
        deny.args(["--workspace", "check"]).args(checks).current_dir(workspace.root());
        deny
    };
    command::run(&mut deny(&["bans", "licenses", "sources"]))?;
    if !command::succeeds(Command::new(&program).args(["fetch", "db"]).current_dir(workspace.root())) {
        println!("SKIPPED known vulnerabilities: the list of RustSec cannot be fetched");
        return Ok(());
    }
    command::run(&mut deny(&["--disable-fetch", "advisories"]))
}
