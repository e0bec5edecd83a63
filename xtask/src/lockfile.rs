//! The versions that Cargo.lock holds fast.

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// The locked version of a package.
pub fn version_of(workspace: &Workspace, package: &str) -> Result<String> {
    let path = workspace.join("Cargo.lock");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    find(&text, package).with_context(|| format!("Cargo.lock has no package {package}"))
}

fn find(text: &str, package: &str) -> Option<String> {
    let mut lines = text.lines();
    let name = format!("name = \"{package}\"");
    lines.find(|line| *line == name)?;
    let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::find;

    const TEXT: &str = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n\
                        [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";

    #[test]
    fn finds_the_package_of_exactly_that_name() {
        assert_eq!(find(TEXT, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(find(TEXT, "wasm"), None);
    }
}
