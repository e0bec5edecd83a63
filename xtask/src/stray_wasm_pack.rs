//! What a stray `wasm-pack build` does to `pkg/`, and how it is undone.
//!
//! wasm-pack writes to `pkg/` unless told otherwise. It deletes `package.json` and at the end writes its own, copies
//! the crate's README and licences over those of the package, leaves its module there, and puts `*` into
//! `pkg/.gitignore`, which hides new files from git. Whatever it did not write is left alone.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::command;

/// wasm-pack's module, its JavaScript and its types. The package itself keeps nothing of these names.
const LEFTOVERS: [&str; 5] =
    ["wx_soter.js", "wx_soter.d.ts", "wx_soter_bg.js", "wx_soter_bg.wasm", "wx_soter_bg.wasm.d.ts"];

/// Puts `pkg/` back to what git has, as far as wasm-pack changed it.
pub fn mend(root: &Path) -> Result<()> {
    let signs = Signs::in_folder(&root.join("pkg"));
    if !signs.any() {
        return Ok(());
    }
    println!("A `wasm-pack build` has written to pkg/; undoing that:");
    let pkg = Package { root };
    for file in LEFTOVERS {
        if root.join("pkg").join(file).is_file() {
            pkg.remove_unless_tracked(file)?;
        }
    }
    if signs.ignore_file {
        pkg.undo(".gitignore")?;
    }
    if signs.manifest || (signs.ignore_file && !root.join("pkg/package.json").exists()) {
        pkg.undo("package.json")?;
    }
    for file in pkg.files_copied_from_the_crate()? {
        if pkg.is_the_crates_copy(&file)? {
            pkg.undo(&file)?;
        }
    }
    if root.join("pkg/snippets").is_dir() {
        pkg.remove_unless_tracked("snippets")?;
    }
    Ok(())
}

/// What gives wasm-pack away.
#[derive(Debug, PartialEq, Eq)]
struct Signs {
    /// `package.json` is of wasm-pack's making.
    manifest: bool,
    /// `.gitignore` hides everything.
    ignore_file: bool,
    /// Its module lies there.
    module: bool,
}

impl Signs {
    fn in_folder(pkg: &Path) -> Self {
        let read = |file| fs::read_to_string(pkg.join(file)).unwrap_or_default();
        Self {
            manifest: is_wasm_packs_manifest(&read("package.json")),
            ignore_file: read(".gitignore").trim() == "*",
            module: pkg.join("wx_soter_bg.wasm").is_file(),
        }
    }

    fn any(&self) -> bool {
        self.manifest || self.ignore_file || self.module
    }
}

/// Ours has `exports`; wasm-pack's never has, and ships wasm-pack's module.
fn is_wasm_packs_manifest(text: &str) -> bool {
    let Ok(manifest) = serde_json::from_str::<Value>(text) else {
        return false;
    };
    let files = manifest.get("files").and_then(Value::as_array);
    let ships_module = files.is_some_and(|files| files.iter().any(|file| file == "wx_soter_bg.wasm"));
    ships_module && manifest.get("exports").is_none()
}

struct Package<'a> {
    root: &'a Path,
}

impl Package<'_> {
    /// Brings a file back from git's index, or removes it if git knows none.
    fn undo(&self, file: &str) -> Result<()> {
        let path = format!("pkg/{file}");
        if !self.is_tracked(&path)? {
            if file == "package.json" {
                bail!("pkg/package.json was lost to a `wasm-pack build` and is not in git: write it anew");
            }
            return self.remove_unless_tracked(file);
        }
        if command::succeeds(self.git().args(["diff", "--quiet", "--", &path])) {
            return Ok(());
        }
        command::run(self.git().args(["checkout", "--quiet", "--", &path]))?;
        println!("  {path} restored");
        Ok(())
    }

    fn remove_unless_tracked(&self, file: &str) -> Result<()> {
        let name = format!("pkg/{file}");
        let path = self.root.join(&name);
        if self.is_tracked(&name)? {
            return Ok(());
        }
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.with_context(|| format!("cannot remove {name}"))?;
        println!("  {name} removed");
        Ok(())
    }

    fn files_copied_from_the_crate(&self) -> Result<Vec<String>> {
        let mut files = vec!["README.md".to_owned()];
        for entry in fs::read_dir(self.root).context("cannot read the top folder")? {
            let name =
                entry.context("cannot read the top folder")?.file_name().to_string_lossy().into_owned();
            if name.starts_with("LICENSE") {
                files.push(name);
            }
        }
        Ok(files)
    }

    /// Anything else in its place is somebody's own edit.
    fn is_the_crates_copy(&self, file: &str) -> Result<bool> {
        let Ok(copy) = fs::read(self.root.join("pkg").join(file)) else {
            return Ok(false);
        };
        let original = self.root.join(file);
        Ok(copy == fs::read(&original).with_context(|| format!("cannot read {}", original.display()))?)
    }

    fn is_tracked(&self, path: &str) -> Result<bool> {
        let listed = command::output(self.git().args(["ls-files", "--", path]))
            .context("pkg/ was overwritten by `wasm-pack build`, and only a git checkout can be mended")?;
        Ok(!listed.is_empty())
    }

    fn git(&self) -> Command {
        let mut git = Command::new("git");
        git.current_dir(self.root);
        git
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;
    use std::process::Command;

    use anyhow::Result;

    use super::{Signs, is_wasm_packs_manifest, mend};
    use crate::command;

    const OURS: &str = r#"{ "name": "wx-soter", "exports": { ".": "./dist/index.js" }, "files": ["dist"] }"#;
    const WASM_PACKS: &str =
        r#"{ "name": "wx-soter", "files": ["wx_soter_bg.wasm", "wx_soter.js"], "main": "wx_soter.js" }"#;

    /// A checkout with a package in it, removed at the end.
    struct Checkout(PathBuf);

    impl Checkout {
        fn new(name: &str) -> Result<Self> {
            let root = std::env::temp_dir().join(format!("wx-soter-{name}-{}", std::process::id()));
            fs::create_dir_all(root.join("pkg"))?;
            let checkout = Self(root);
            checkout.write("README.md", "the crate's")?;
            checkout.write("LICENSE-MIT", "licence")?;
            checkout.write("pkg/package.json", OURS)?;
            checkout.write("pkg/README.md", "the package's")?;
            checkout.write("pkg/LICENSE-MIT", "licence")?;
            command::run(Command::new("git").args(["init", "--quiet"]).current_dir(&checkout.0))?;
            command::run(Command::new("git").args(["add", "--all"]).current_dir(&checkout.0))?;
            Ok(checkout)
        }

        fn write(&self, file: &str, text: &str) -> Result<()> {
            Ok(fs::write(self.0.join(file), text)?)
        }

        fn read(&self, file: &str) -> Result<String> {
            Ok(fs::read_to_string(self.0.join(file))?)
        }

        fn has(&self, file: &str) -> bool {
            self.0.join(file).exists()
        }
    }

    impl Drop for Checkout {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn tells_wasm_packs_manifest_from_ours() {
        assert!(is_wasm_packs_manifest(WASM_PACKS));
        assert!(!is_wasm_packs_manifest(OURS));
        assert!(!is_wasm_packs_manifest(r#"{ "name": "wx-soter", "files": ["dist"] }"#));
        assert!(!is_wasm_packs_manifest("{ half an ed"));
    }

    #[test]
    fn a_package_of_ours_shows_no_sign() -> Result<()> {
        let checkout = Checkout::new("clean")?;
        let none = Signs { manifest: false, ignore_file: false, module: false };
        assert_eq!(Signs::in_folder(&checkout.0.join("pkg")), none);
        checkout.write("pkg/package.json", "{}")?;
        mend(&checkout.0)?;
        assert_eq!(checkout.read("pkg/package.json")?, "{}", "an edit, however odd, is not wasm-pack's");
        Ok(())
    }

    #[test]
    fn a_finished_build_is_undone() -> Result<()> {
        let checkout = Checkout::new("finished")?;
        checkout.write("pkg/package.json", WASM_PACKS)?;
        checkout.write("pkg/README.md", "the crate's")?;
        checkout.write("pkg/.gitignore", "*")?;
        checkout.write("pkg/wx_soter_bg.wasm", "")?;
        checkout.write("pkg/notes.txt", "mine")?;
        mend(&checkout.0)?;
        assert_eq!(checkout.read("pkg/package.json")?, OURS);
        assert_eq!(checkout.read("pkg/README.md")?, "the package's");
        assert!(!checkout.has("pkg/.gitignore"));
        assert!(!checkout.has("pkg/wx_soter_bg.wasm"));
        assert!(checkout.has("pkg/notes.txt"));
        Ok(())
    }

    #[test]
    fn a_build_that_broke_off_is_undone() -> Result<()> {
        let checkout = Checkout::new("broken-off")?;
        fs::remove_file(checkout.0.join("pkg/package.json"))?;
        checkout.write("pkg/.gitignore", "*")?;
        mend(&checkout.0)?;
        assert_eq!(checkout.read("pkg/package.json")?, OURS);
        assert!(!checkout.has("pkg/.gitignore"));
        Ok(())
    }

    #[test]
    fn edits_beside_wasm_packs_files_stay() -> Result<()> {
        let checkout = Checkout::new("edits")?;
        let edited = OURS.replace("dist\"]", "dist\", \"lib\"]");
        checkout.write("pkg/package.json", &edited)?;
        checkout.write("pkg/README.md", "the package's, rewritten")?;
        checkout.write("pkg/.gitignore", "*")?;
        checkout.write("pkg/wx_soter.js", "")?;
        mend(&checkout.0)?;
        assert_eq!(checkout.read("pkg/package.json")?, edited);
        assert_eq!(checkout.read("pkg/README.md")?, "the package's, rewritten");
        assert!(!checkout.has("pkg/wx_soter.js"));
        Ok(())
    }
}
