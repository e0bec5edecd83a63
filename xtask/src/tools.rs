//! Tools from crates.io, each in a folder of its own in the user's cache: what one clone built, the next has at once.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command;

/// A tool of one exact version.
pub struct Tool {
    package: &'static str,
    program: &'static str,
    version: &'static str,
}

/// Runs the Rust tests in browsers.
pub const WASM_PACK: Tool = Tool { package: "wasm-pack", program: "wasm-pack", version: "0.15.1" };
/// The WebDriver of Firefox.
pub const GECKODRIVER: Tool = Tool { package: "geckodriver", program: "geckodriver", version: "0.37.1" };

/// Looks at the dependencies.
pub const CARGO_DENY: Tool = Tool { package: "cargo-deny", program: "cargo-deny", version: "0.20.2" };

/// Turns the compiled module into a module and its JavaScript. It works with the library of its own version only, which is the
/// one in Cargo.lock.
pub fn wasm_bindgen() -> Result<Tool> {
    let lock = include_str!("../../Cargo.lock");
    let version =
        lock.split_once("name = \"wasm-bindgen\"\nversion = \"").and_then(|(_, rest)| rest.split('"').next());
    let version = version.context("Cargo.lock has no package wasm-bindgen")?;
    Ok(Tool { package: "wasm-bindgen-cli", program: "wasm-bindgen", version })
}

impl Tool {
    /// The tool's main program; builds the tool first if this user has not got it.
    pub fn program(&self) -> Result<PathBuf> {
        let name = format!("{}-{}", self.package, self.version);
        let tools = cache()?.join("tools");
        let home = tools.join(&name);
        let program = home.join("bin").join(format!("{}{}", self.program, std::env::consts::EXE_SUFFIX));
        if program.is_file() {
            return Ok(program);
        }
        println!("Building {name} (once for this user, takes minutes) ...");
        // Installed aside and renamed, so that another clone never sees half a tool.
        let aside = tools.join(format!(".{name}.{}", std::process::id()));
        // The registry may lack a version that the tool has locked; a looser choice may still do.
        let installed = self.install(&aside, &["--locked"]).or_else(|_| self.install(&aside, &[]));
        let renamed = installed.and_then(|()| Ok(std::fs::rename(&aside, &home)?));
        let _ = std::fs::remove_dir_all(&aside);
        if let Err(error) = renamed
            && !program.is_file()
        {
            bail!(
                "{name} is missing ({error:#}): try `cargo install --locked --root {} {}@{}`",
                home.display(),
                self.package,
                self.version
            );
        }
        Ok(program)
    }

    /// The folder with the tool's programs, for `PATH`.
    pub fn folder(&self) -> Result<PathBuf> {
        Ok(self.program()?.parent().context("a program lies in a folder")?.to_path_buf())
    }

    fn install(&self, root: &Path, how: &[&str]) -> Result<()> {
        let mut cargo = Command::new("cargo");
        cargo
            .args(["install", "--quiet", "--root"])
            .arg(root)
            .args(how)
            .arg(format!("{}@{}", self.package, self.version));
        // Or cargo advises to put a folder on PATH that is about to be renamed.
        command::run(cargo.env("PATH", command::path_with(&[&root.join("bin")])?))
    }
}

fn cache() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()) {
        return Ok(PathBuf::from(folder).join("wx-soter"));
    }
    let home = std::env::home_dir().context("no home folder is known: set XDG_CACHE_HOME")?;
    Ok(home.join(if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" }).join("wx-soter"))
}
