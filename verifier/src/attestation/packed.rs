//! Attestation statement format `packed` (§8.2).

use super::{Inputs, Statement, certificates};
use crate::cbor::Value;
use crate::cose_key::PublicKey;
use crate::error::Error;
use crate::signature::{self, Algorithm, SignatureVerifier, Signed};
use x509_cert::TbsCertificate;
use x509_cert::certificate::Version;
use x509_cert::der::oid::db::rfc4519;
use x509_cert::ext::pkix::BasicConstraints;

/// §7.1 step 22 for `packed`: the verification procedure of §8.2.
pub(super) async fn verify(
    inputs: &Inputs<'_>,
    verifier: &impl SignatureVerifier,
) -> Result<Statement, Error> {
    // 1. The syntax.
    let packed = Packed::read(inputs.statement).ok_or(Error::AttestationStatementMalformed)?;
    if packed.certificates.is_empty() {
        // 3. Self attestation.
        check_signature(&packed, inputs.key, inputs.message, verifier).await?;
        return Ok(Statement::SelfSigned);
    }
    // 2. With certificates.
    let certificate = certificates::first(&packed.certificates)?;
    let key = certificates::key_for(&certificate, packed.algorithm)?;
    check_signature(&packed, &key, inputs.message, verifier).await?;
    check_requirements(&certificate)?;
    certificates::check_aaguid(&certificate, inputs.credential.aaguid)?;
    Ok(Statement::Certified(certificates::path(&packed.certificates)))
}

/// The statement.
struct Packed<'a> {
    algorithm: i64,
    signature: &'a [u8],
    /// Empty in self attestation.
    certificates: Vec<&'a [u8]>,
}

impl<'a> Packed<'a> {
    fn read(statement: &Value<'a>) -> Option<Self> {
        let certificates = match statement.get("x5c") {
            Some(_) => certificates::x5c(statement)?,
            None => Vec::new(),
        };
        let members = if certificates.is_empty() { 2 } else { 3 };
        let signature =
            statement.get("sig")?.as_bytes().filter(|bytes| bytes.len() <= signature::MAX_SIZE)?;
        let algorithm = statement.get("alg")?.as_integer()?;
        (statement.as_map()?.len() == members).then_some(Self { algorithm, signature, certificates })
    }
}

/// `alg` is the algorithm of the key, and `sig` is the key's signature.
async fn check_signature(
    packed: &Packed<'_>,
    key: &PublicKey,
    message: &[u8],
    verifier: &impl SignatureVerifier,
) -> Result<(), Error> {
    if Algorithm::from_cose(packed.algorithm) != Some(key.algorithm()) {
        return Err(Error::AttestationAlgorithmMismatch);
    }
    let holds = verifier.holds(Signed { key, message, signature: packed.signature }).await;
    holds.then_some(()).ok_or(Error::AttestationSignatureInvalid)
}

/// §8.2.1.
fn check_requirements(certificate: &TbsCertificate) -> Result<(), Error> {
    let has = |attribute| certificates::text(certificate.subject(), attribute).is_some();
    let unit = certificates::text(certificate.subject(), rfc4519::ORGANIZATIONAL_UNIT_NAME);
    let is_suitable = certificate.version() == Version::V3
        && has(rfc4519::COUNTRY_NAME)
        && has(rfc4519::ORGANIZATION_NAME)
        && unit.as_deref() == Some("Authenticator Attestation")
        && has(rfc4519::COMMON_NAME)
        && matches!(certificate.get_extension::<BasicConstraints>(), Ok(Some((_, constraints))) if !constraints.ca);
    is_suitable.then_some(()).ok_or(Error::AttestationCertificateUnsuitable)
}
