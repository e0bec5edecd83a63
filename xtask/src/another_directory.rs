//! A copy of the checkout in another folder, where two promises are tried that would be risky or impossible to try in
//! place: a stray `wasm-pack build` does no lasting harm, and the module does not depend on where it was built.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::workspace::Workspace;
use crate::{build, command, node, tools};

/// Copies, lets wasm-pack loose, builds, and compares.
pub fn try_it(workspace: &Workspace) -> Result<()> {
    build::run(workspace)?;
    let root = workspace.target().join("another-directory");
    copy(workspace, &root)?;
    // A target folder of its own: in a shared one the two checkouts would undo each other's builds.
    let copy = Workspace::at(root, workspace.target().join("another-directory-target"));

    let before = state(&copy)?;
    stray_build(workspace, &copy)?;
    ensure!(state(&copy)? != before, "wasm-pack wrote nothing to pkg/: this test has lost its object");
    build::run(&copy)?;
    let after = state(&copy)?;
    ensure!(
        after == before,
        "git status of pkg/ before:\n{before}after the stray build and the next:\n{after}"
    );

    for file in [
        "target/wx-soter/core.wasm",
        "pkg/dist/wx-soter.global.js",
        "target/wx-soter/emulator/core.wasm",
        "pkg/dist/emulator.js",
        "pkg/dist/server.wasm",
        "pkg/dist/server.js",
    ] {
        let read = |path: &Path| fs::read(path).with_context(|| format!("cannot read {}", path.display()));
        if read(&workspace.join(file))? != read(&copy.join(file))? {
            bail!("{file} differs when built in {}", copy.root().display());
        }
    }
    println!("pkg/ is as it was, and the same bytes came out in both folders");
    Ok(())
}

/// Everything that git knows or would know, as it lies in the folder now.
fn copy(workspace: &Workspace, root: &Path) -> Result<()> {
    if root.exists() {
        fs::remove_dir_all(root).with_context(|| format!("cannot remove {}", root.display()))?;
    }
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(workspace.root());
    for file in command::output(&mut git)?.split_terminator('\0') {
        let (from, to) = (workspace.join(file), root.join(file));
        // Deleted, and git not told yet.
        if !from.is_file() {
            continue;
        }
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        copy_file(&from, &to).with_context(|| format!("cannot copy {file}"))?;
    }
    link(&workspace.join("node_modules"), &root.join("node_modules")).context("cannot link node_modules")?;
    command::run(Command::new("git").args(["init", "--quiet"]).current_dir(root))?;
    command::run(Command::new("git").args(["add", "--all"]).current_dir(root))
}

/// With its time, by which cargo knows that it has compiled it.
fn copy_file(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::copy(from, to)?;
    fs::File::options().write(true).open(to)?.set_modified(fs::metadata(from)?.modified()?)
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

#[cfg(windows)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(from, to)
}

/// What git says of `pkg/`. Ignored files are asked for too, because wasm-pack makes git ignore all; the built
/// folder is left out, because a build may fill it.
fn state(copy: &Workspace) -> Result<String> {
    let mut git = Command::new("git");
    git.args(["status", "--porcelain", "--ignored", "--untracked-files=all", "--", "pkg", ":!pkg/dist"]);
    command::output(git.current_dir(copy.root()))
}

/// In the target folder where the tests have compiled the same already: what it makes is thrown away.
fn stray_build(workspace: &Workspace, copy: &Workspace) -> Result<()> {
    let bindgen = tools::wasm_bindgen(copy)?.folder()?;
    let mut wasm_pack = Command::new(tools::wasm_pack().program()?);
    wasm_pack
        .args(["build", "--dev", "--mode", "no-install"])
        .current_dir(copy.root())
        .env("CARGO_TARGET_DIR", workspace.target())
        .env("PATH", command::path_with(&[&bindgen, &node::programs(copy)])?);
    command::run(&mut wasm_pack)
}
