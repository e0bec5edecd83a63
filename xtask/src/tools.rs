//! Tools from crates.io, each in a cache folder of its own, keyed by name and version.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::tee::tee;
use crate::workspace::Workspace;
use crate::{cache, command, lockfile};

/// A tool of one exact version.
pub struct Tool {
    package: &'static str,
    program: &'static str,
    version: String,
}

/// Turns the compiled module into a module and its JavaScript. It works with the library of its own version only.
pub fn wasm_bindgen(workspace: &Workspace) -> Result<Tool> {
    let version = lockfile::version_of(workspace, "wasm-bindgen")?;
    Ok(Tool { package: "wasm-bindgen-cli", program: "wasm-bindgen", version })
}

/// Runs the Rust tests in browsers.
pub fn wasm_pack() -> Tool {
    Tool { package: "wasm-pack", program: "wasm-pack", version: "0.15.1".to_owned() }
}

/// The WebDriver of Firefox.
pub fn geckodriver() -> Tool {
    Tool { package: "geckodriver", program: "geckodriver", version: "0.37.1".to_owned() }
}

/// Runs the fuzz targets of the verifier.
pub fn cargo_fuzz() -> Tool {
    Tool { package: "cargo-fuzz", program: "cargo-fuzz", version: "0.13.1".to_owned() }
}

impl Tool {
    /// The tool's version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The tool's main program; builds the tool first if this user has not got it.
    pub fn program(&self) -> Result<PathBuf> {
        let name = format!("{}-{}", self.package, self.version);
        let tools = cache::folder()?.join("tools");
        let home = tools.join(&name);
        let program = home.join("bin").join(format!("{}{}", self.program, std::env::consts::EXE_SUFFIX));
        if program.is_file() {
            return Ok(program);
        }
        println!("Building {} {} (once for this user, takes minutes) ...", self.package, self.version);
        // Installed aside and renamed, so that another clone never sees half a tool.
        let aside = tools.join(format!(".{name}.{}", std::process::id()));
        std::fs::create_dir_all(&aside).with_context(|| format!("cannot make {}", aside.display()))?;
        let done = self.install(&aside).and_then(|()| put_in_place(&aside, &home, &program));
        let _ = std::fs::remove_dir_all(&aside);
        done.with_context(|| {
            format!(
                "{} {} is missing: try `cargo install --locked --root {} {}@{}`",
                self.package,
                self.version,
                home.display(),
                self.package,
                self.version
            )
        })?;
        Ok(program)
    }

    /// The folder with the tool's programs, for `PATH`.
    pub fn folder(&self) -> Result<PathBuf> {
        let program = self.program()?;
        Ok(program.parent().context("a program lies in a folder")?.to_path_buf())
    }

    fn install(&self, root: &Path) -> Result<()> {
        let locked = self.cargo_install(root, true)?;
        if locked.success {
            return Ok(());
        }
        if is_locked_dependency_missing(&locked.messages) {
            println!(
                "A dependency that {} locks cannot be had; once more without --locked ...",
                self.package
            );
            if self.cargo_install(root, false)?.success {
                return Ok(());
            }
        }
        bail!("cargo install failed")
    }

    fn cargo_install(&self, root: &Path, locked: bool) -> Result<Installation> {
        let mut cargo = Command::new("cargo");
        cargo.arg("install").arg("--root").arg(root);
        // Or cargo advises to put a folder on PATH that is about to be renamed.
        cargo.env("PATH", command::path_with(&[&root.join("bin")])?);
        if locked {
            cargo.arg("--locked");
        }
        cargo.arg(format!("{}@{}", self.package, self.version));
        let mut child = cargo.stderr(Stdio::piped()).spawn().context("cannot start cargo")?;
        let stderr = child.stderr.take().context("cargo has no standard error")?;
        let messages = tee(stderr, std::io::stderr())?;
        let success = child.wait().context("cannot wait for cargo")?.success();
        Ok(Installation { success, messages })
    }
}

struct Installation {
    success: bool,
    messages: String,
}

fn put_in_place(aside: &Path, home: &Path, program: &Path) -> Result<()> {
    if let Err(error) = std::fs::rename(aside, home)
        && !program.is_file()
    {
        return Err(error).with_context(|| format!("cannot make {}", home.display()));
    }
    Ok(())
}

/// A registry mirror that lags behind, or a yanked version: a looser choice of versions may still do.
fn is_locked_dependency_missing(messages: &str) -> bool {
    ["failed to select a version", "locked to", "failed to download"]
        .iter()
        .any(|sign| messages.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::is_locked_dependency_missing;

    #[test]
    fn only_a_missing_dependency_loosens_the_lock() {
        assert!(is_locked_dependency_missing(
            "error: failed to select a version for the requirement `zip = \"^8\"` (locked to 8.6.1)"
        ));
        assert!(!is_locked_dependency_missing("error: linker `cc` not found"));
    }
}
