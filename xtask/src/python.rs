//! Python with packages of PyPI, in an environment of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::workspace::Workspace;
use crate::{build, command};

/// What the packages ask for.
const OLDEST: &str = "3.10";

/// Python with the packages of a `requirements.txt`, all of exact versions, in an environment of that name. `None`, after a word, where
/// there is no Python that is new enough, or its packages cannot be fetched.
pub fn with_packages(workspace: &Workspace, name: &str, requirements: &Path) -> Result<Option<Command>> {
    let Some(system) = system_python() else {
        println!("SKIPPED with libraries in Python: there is no Python {OLDEST} or later");
        return Ok(None);
    };
    let folder = environment(workspace, &system, name, requirements)?;
    Ok(folder.map(|folder| Command::new(program(&folder))))
}

fn program(folder: &Path) -> PathBuf {
    folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

/// The same of one Python, and the folder that it is in.
pub fn environment(
    workspace: &Workspace,
    system: &Path,
    name: &str,
    requirements: &Path,
) -> Result<Option<PathBuf>> {
    let folder = workspace.steps().join("python").join(name);
    let python = program(&folder);
    // Written last.
    let stamp = folder.join("installed.stamp");
    if build::is_newer(&stamp, &[requirements]) && command::succeeds(Command::new(&python).arg("--version")) {
        return Ok(Some(folder));
    }
    let _ = fs::remove_dir_all(&folder);
    if !command::succeeds(Command::new(system).args(["-m", "venv"]).arg(&folder)) {
        println!("SKIPPED with libraries in Python: it makes no environments (Debian: python3-venv)");
        return Ok(None);
    }
    println!("Installing the packages of {} ...", requirements.display());
    let mut pip = Command::new(&python);
    // Wheels only, but for what the file names: what has none for this system would want compilers, and nobody knows which.
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:", "-r"]);
    if let Err(error) = command::run(pip.arg(requirements)) {
        println!("SKIPPED with libraries in Python: {error:#}");
        return Ok(None);
    }
    fs::write(&stamp, "").with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(Some(folder))
}

fn system_python() -> Option<PathBuf> {
    let is_new_enough = "import sys; sys.exit(sys.version_info < (3, 10))";
    let programs = ["python3", "python"].into_iter().filter_map(command::on_path);
    programs.into_iter().find(|python| command::succeeds(Command::new(python).args(["-c", is_new_enough])))
}
