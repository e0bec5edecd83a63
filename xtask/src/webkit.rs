//! WebKit without a Mac: WebKitGTK, and WPE in the version that is the engine of Safari 16.0.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{browsers, command};

const PROGRAMS: [&str; 4] = ["WebKitWebDriver", "Xvfb", "WPEWebDriver", "cog"];

const PACKAGES: [&str; 5] = ["webkit2gtk-driver", "libwebkit2gtk-4.1-0", "xvfb", "wpewebkit-driver", "cog"];

/// Whether the engines are here. Debian has them, and there they have to be; elsewhere tests are left out, with a word.
pub fn ensure() -> Result<bool> {
    if !missing().is_empty() {
        browsers::install(&PACKAGES)?;
    }
    let missing = missing();
    if missing.is_empty() {
        return Ok(true);
    }
    if browsers::is_debian() {
        bail!(
            "WebKit is missing ({}): as root, run `apt-get update && apt-get install --no-install-recommends {}`",
            missing.join(", "),
            PACKAGES.join(" ")
        );
    }
    println!("SKIPPED in WebKit: there is no {}", missing.join(", no "));
    Ok(false)
}

fn missing() -> Vec<&'static str> {
    PROGRAMS.into_iter().filter(|program| command::on_path(program).is_none()).collect()
}

/// The WebDriver of WebKitGTK.
pub fn driver() -> Result<PathBuf> {
    command::on_path("WebKitWebDriver").context("there is no WebKitWebDriver")
}

/// A display that nobody sees, and a folder for the browser. It ends with this process, however that ends: a shell ends
/// it when its standard input closes.
pub struct Display {
    guard: Child,
    folder: PathBuf,
    name: String,
}

impl Display {
    /// Starts one.
    pub fn start() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("wx-soter-display-{}", std::process::id()));
        fs::create_dir_all(&folder).context("cannot make a folder for the display")?;
        command::run(Command::new("chmod").arg("700").arg(&folder))?;
        let script = "Xvfb -displayfd 1 -screen 0 1280x1000x24 -nolisten tcp </dev/null & read -r _; kill $!";
        let mut guard = Command::new("sh")
            .args(["-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start Xvfb")?;
        let stdout = guard.stdout.take().context("Xvfb has no standard output")?;
        let mut number = String::new();
        BufReader::new(stdout).read_line(&mut number).context("cannot read Xvfb's display")?;
        Ok(Self { guard, folder, name: format!(":{}", number.trim()) })
    }

    /// Has a program start WebKitGTK on it.
    pub fn tell(&self, command: &mut Command) {
        command
            .env("DISPLAY", &self.name)
            .env("XDG_RUNTIME_DIR", &self.folder)
            // The sandbox needs rights that containers do not give; the pages are ours.
            .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")
            .env("NO_AT_BRIDGE", "1")
            .env("GTK_A11Y", "none")
            .env("GSETTINGS_BACKEND", "memory")
            .env("LIBGL_ALWAYS_SOFTWARE", "1");
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
