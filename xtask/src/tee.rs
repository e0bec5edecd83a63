//! What a program prints, shown to the user and kept.

use std::io::{BufRead, BufReader, Read, Write};

use anyhow::{Context, Result};

/// Passes everything on, line by line, and gives it back at the end.
pub fn tee(from: impl Read, mut to: impl Write) -> Result<String> {
    let mut from = BufReader::new(from);
    let mut all = Vec::new();
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).context("cannot read what the program prints")? > 0 {
        to.write_all(&line).and_then(|()| to.flush()).context("cannot print")?;
        all.append(&mut line);
    }
    Ok(String::from_utf8_lossy(&all).into_owned())
}

#[cfg(test)]
mod tests {
    use anyhow::Result;

    use super::tee;

    #[test]
    fn shows_and_keeps_all_of_it() -> Result<()> {
        let mut shown = Vec::new();
        assert_eq!(tee("a\n\nb".as_bytes(), &mut shown)?, "a\n\nb");
        assert_eq!(shown, b"a\n\nb");
        Ok(())
    }
}
