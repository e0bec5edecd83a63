//! Attestation statement format `compound` (§8.9): several statements about one credential, each of a format of its own.

use super::{Attestation, Format, Inputs, Statement, assess, verify_simple};
use crate::cbor::Value;
use crate::error::Error;
use crate::policy::{AttestationPolicy, Compound};
use crate::signature::SignatureVerifier;

/// A statement may be of this many. WebAuthn sets no limit; each costs a signature, and certificates.
pub const MAX_STATEMENTS: usize = 8;

const MALFORMED: Error = Error::AttestationStatementMalformed;

/// §7.1 step 22 for `compound`, the verification procedure of §8.9, and then steps 23 and 24: which statements have to hold is the
/// policy's, as is which of those that do are enough.
pub(super) async fn verify(
    inputs: &Inputs<'_>,
    policy: &AttestationPolicy,
    verifier: &impl SignatureVerifier,
) -> Result<Attestation, Error> {
    let parts = read(inputs.statement).ok_or(MALFORMED)?;
    let mut found = Vec::new();
    for (format, statement) in parts {
        found.push(verify_part(format, &Inputs { statement, ..*inputs }, policy, verifier).await);
    }
    if policy.compound == Compound::Any {
        let attestations = found.into_iter().map(|found| assess(found?, policy));
        let (held, refused): (Vec<_>, Vec<_>) = attestations.partition(Result::is_ok);
        let refusal = refused.into_iter().find_map(Result::err);
        return strongest(held.into_iter().flatten()).ok_or_else(|| refusal.unwrap_or(MALFORMED));
    }
    // First step 22 of all.
    let statements = found.into_iter().collect::<Result<Vec<_>, _>>()?;
    let attestations = statements.into_iter().map(|statement| assess(statement, policy));
    strongest(attestations.collect::<Result<Vec<_>, _>>()?.into_iter()).ok_or(MALFORMED)
}

async fn verify_part(
    format: &str,
    inputs: &Inputs<'_>,
    policy: &AttestationPolicy,
    verifier: &impl SignatureVerifier,
) -> Result<Statement, Error> {
    verify_simple(Format::find(format, policy)?, inputs, verifier).await
}

/// The syntax: an array of two maps at least, with `fmt` and `attStmt` each, of which none is `compound` again.
fn read<'a, 'b>(statement: &'a Value<'b>) -> Option<Vec<(&'b str, &'a Value<'b>)>> {
    let parts = statement.as_array().filter(|parts| (2..=MAX_STATEMENTS).contains(&parts.len()))?;
    parts.iter().map(part).collect()
}

fn part<'a, 'b>(part: &'a Value<'b>) -> Option<(&'b str, &'a Value<'b>)> {
    let format = part.get("fmt")?.as_text()?;
    let is_allowed = part.as_map()?.len() == 2 && format != Format::Compound.identifier();
    Some((format, part.get("attStmt")?)).filter(|_| is_allowed)
}

/// Of several that hold, and that the policy takes, the one that proves most: of two such, the first.
fn strongest(attestations: impl DoubleEndedIterator<Item = Attestation>) -> Option<Attestation> {
    // max_by_key takes the last.
    attestations.rev().max_by_key(|attestation| match attestation {
        Attestation::None => 0,
        Attestation::Uncertain { .. } => 1,
        Attestation::SelfAttestation => 2,
        Attestation::Certified { .. } => 3,
    })
}
