//! The compiler's standard library for WebAssembly.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::command;

/// The target that the module is compiled for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Longer than any download of some megabytes takes; rustup sometimes hangs for good.
const PATIENCE: Duration = Duration::from_secs(120);

/// Adds the target to the compiler in use, unless it is there.
pub fn ensure() -> Result<()> {
    if is_installed(&sysroot()?) {
        return Ok(());
    }
    println!("Adding the target {WASM} ...");
    if matches!(add()?, Addition::Hung) {
        println!("rustup has been silent for {} s; once more ...", PATIENCE.as_secs());
        if matches!(add()?, Addition::Hung) {
            bail!("`rustup target add {WASM}` hangs: check the network, then run it by hand");
        }
    }
    Ok(())
}

/// The folder of the compiler in use.
pub fn sysroot() -> Result<PathBuf> {
    let path = command::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    Ok(PathBuf::from(path.trim()))
}

fn is_installed(sysroot: &Path) -> bool {
    sysroot.join("lib").join("rustlib").join(WASM).join("lib").is_dir()
}

enum Addition {
    Done,
    Hung,
}

fn add() -> Result<Addition> {
    let missing =
        || format!("the target {WASM} is missing and rustup is not there to add it: https://rustup.rs");
    let mut rustup = Command::new("rustup").args(["target", "add", WASM]).spawn().with_context(missing)?;
    let started = Instant::now();
    loop {
        if let Some(status) = rustup.try_wait().context("cannot wait for rustup")? {
            if !status.success() {
                bail!("`rustup target add {WASM}` failed: check the network, then run it by hand");
            }
            return Ok(Addition::Done);
        }
        if started.elapsed() > PATIENCE {
            rustup.kill().context("cannot end rustup")?;
            rustup.wait().context("cannot wait for rustup")?;
            return Ok(Addition::Hung);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}
