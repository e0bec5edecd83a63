//! Attestation statement format `apple` (§8.8): there is no signature besides that of the certificate, which is made for
//! this one credential and request.

use super::{Inputs, Statement, certificates};
use crate::cbor::Value;
use crate::error::Error;
use crate::signature::Algorithm;
use sha2::{Digest, Sha256};
use x509_cert::TbsCertificate;
use x509_cert::der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use x509_cert::der::{Decode, Tag, TagNumber, Tagged};

/// The extension that holds the nonce.
const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113635.100.8.2");

/// §7.1 step 22 for `apple`: the verification procedure of §8.8. Because nothing else is signed, it proves nothing until
/// the certificates are seen to lead to Apple's root.
pub(super) fn verify(inputs: &Inputs<'_>) -> Result<Statement, Error> {
    // 1. The syntax.
    let certificates = read(inputs.statement).ok_or(Error::AttestationStatementMalformed)?;
    check_algorithm(inputs)?;
    let certificate = certificates::first(&certificates)?;
    // 2 to 4. The nonce.
    let nonce: [u8; 32] = Sha256::digest(inputs.message).into();
    let said = nonce_of(&certificate).ok_or(Error::AttestationCertificateUnsuitable)?;
    if said != nonce {
        return Err(Error::AttestationChallengeMismatch);
    }
    // 5. The key.
    if certificates::key(&certificate, inputs.key.algorithm()).as_ref() != Some(inputs.key) {
        return Err(Error::AttestationKeyMismatch);
    }
    // 6.
    Ok(Statement::Certified(certificates::path(&certificates)))
}

fn read<'a>(statement: &Value<'a>) -> Option<Vec<&'a [u8]>> {
    let members = if statement.get("alg").is_some() { 2 } else { 1 };
    (statement.as_map()?.len() == members).then(|| certificates::x5c(statement)).flatten()
}

/// From September to December 2020 Apple's devices sent `alg` besides: the credential's algorithm. It is let pass as nothing
/// else, since no step looks at it.
fn check_algorithm(inputs: &Inputs<'_>) -> Result<(), Error> {
    let Some(algorithm) = inputs.statement.get("alg") else {
        return Ok(());
    };
    let algorithm = algorithm.as_integer().ok_or(Error::AttestationStatementMalformed)?;
    let is_the_keys = Algorithm::from_cose(algorithm) == Some(inputs.key.algorithm());
    is_the_keys.then_some(()).ok_or(Error::AttestationAlgorithmMismatch)
}

/// `SEQUENCE { [1] EXPLICIT OCTET STRING }`
fn nonce_of(certificate: &TbsCertificate) -> Option<[u8; 32]> {
    const FIRST: Tag = Tag::ContextSpecific { constructed: true, number: TagNumber(1) };
    let extension = certificates::extension(certificate, NONCE)?;
    let members = <Vec<AnyRef<'_>>>::from_der(extension.extn_value.as_bytes()).ok()?;
    let [nonce] = members.try_into().ok().filter(|[nonce]: &[AnyRef<'_>; 1]| nonce.tag() == FIRST)?;
    <&OctetStringRef>::from_der(nonce.value()).ok()?.as_bytes().try_into().ok()
}
