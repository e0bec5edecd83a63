//! Attestation statement format `none` (§8.7).

use crate::cbor::Value;
use crate::error::Error;

/// §7.1 step 22 for `none`: the statement is empty.
pub(super) fn verify(statement: &Value<'_>) -> Result<(), Error> {
    let is_empty = statement.as_map().is_some_and(<[_]>::is_empty);
    is_empty.then_some(()).ok_or(Error::AttestationStatementMalformed)
}
