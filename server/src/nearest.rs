//! The name that somebody may have meant.

/// The most similar of the known names.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known.into_iter().max_by(|one, other| strsim::jaro(name, one).total_cmp(&strsim::jaro(name, other)))
}
