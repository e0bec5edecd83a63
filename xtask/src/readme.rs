//! The tables in README.md and docs/ that commands write, each between two comments.

use std::fs;

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// Puts Markdown between `<!-- NAME:begin -->` and `<!-- NAME:end -->` in README.md.
pub fn put(workspace: &Workspace, name: &str, markdown: &str) -> Result<()> {
    put_into(workspace, "README.md", name, markdown)
}

/// The same in another file.
pub fn put_into(workspace: &Workspace, file: &str, name: &str, markdown: &str) -> Result<()> {
    let path = workspace.join(file);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {file}"))?;
    let text = replace(&text, name, markdown)
        .with_context(|| format!("{file} has no <!-- {name}:begin --> ... <!-- {name}:end -->"))?;
    fs::write(&path, text).with_context(|| format!("cannot write {file}"))?;
    println!("{file}: {name} written");
    Ok(())
}

fn replace(text: &str, name: &str, markdown: &str) -> Option<String> {
    let begin = format!("<!-- {name}:begin -->");
    let end = format!("<!-- {name}:end -->");
    let (before, rest) = text.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n\n{}\n\n{end}{after}", markdown.trim()))
}

#[cfg(test)]
mod tests {
    use super::replace;

    #[test]
    fn replaces_what_is_between_and_nothing_else() {
        let text = "a\n<!-- size:begin -->\nold\n<!-- size:end -->\nb\n";
        let new = "a\n<!-- size:begin -->\n\nnew\n\n<!-- size:end -->\nb\n";
        assert_eq!(replace(text, "size", "new\n").as_deref(), Some(new));
        assert_eq!(replace(new, "size", "new").as_deref(), Some(new));
        assert_eq!(replace(text, "bench", "new"), None);
    }
}
