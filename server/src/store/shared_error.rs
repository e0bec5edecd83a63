//! One failure of the database that many calls have in common. sqlx's errors cannot be copied, and each call looks at its own:
//! whether a row was only locked, and it is to try again.

use sqlx::error::{DatabaseError, ErrorKind};
use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// As many errors as are wanted that are like the one: what the server said stays, of anything else the text.
pub(super) fn copies(error: sqlx::Error) -> impl Iterator<Item = sqlx::Error> {
    let text = error.to_string();
    let said = match error {
        sqlx::Error::Database(said) => Some(Arc::<dyn DatabaseError>::from(said)),
        _ => None,
    };
    std::iter::repeat_with(move || match &said {
        Some(said) => sqlx::Error::Database(Box::new(Shared(said.clone()))),
        None => sqlx::Error::Protocol(text.clone()),
    })
}

#[derive(Clone, Debug)]
struct Shared(Arc<dyn DatabaseError>);

impl fmt::Display for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Error for Shared {}

impl DatabaseError for Shared {
    fn message(&self) -> &str {
        self.0.message()
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        self.0.code()
    }

    fn kind(&self) -> ErrorKind {
        self.0.kind()
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }
}
