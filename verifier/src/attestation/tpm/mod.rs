//! Attestation statement format `tpm` (§8.3): a TPM 2.0 certifies a key of its own, such as Windows Hello's.

mod aik_certificate;
mod certify_info;
mod public_area;
mod reader;

use super::{Inputs, Statement, certificates};
use crate::cbor::Value;
use crate::error::Error;
use crate::signature::{self, Algorithm, SignatureVerifier, Signed};
use certify_info::CertifyInfo;
use public_area::PublicArea;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// §7.1 step 22 for `tpm`: the verification procedure of §8.3.
pub(super) async fn verify(
    inputs: &Inputs<'_>,
    verifier: &impl SignatureVerifier,
) -> Result<Statement, Error> {
    // The syntax, and what the TPM's structures hold.
    let tpm = Tpm::read(inputs.statement).ok_or(Error::AttestationStatementMalformed)?;
    let public_area = PublicArea::read(tpm.public_area).ok_or(Error::AttestationStatementMalformed)?;
    let info = CertifyInfo::read(tpm.certify_info).ok_or(Error::AttestationStatementMalformed)?;
    // The key of pubArea is the credential's.
    if !public_area.is_of(inputs.key) {
        return Err(Error::AttestationKeyMismatch);
    }
    // extraData is the hash of what is to be signed.
    let algorithm = Algorithm::from_cose(tpm.algorithm).ok_or(Error::AttestationAlgorithmMismatch)?;
    let hash = hash_of(algorithm, inputs.message).ok_or(Error::AttestationAlgorithmMismatch)?;
    if info.extra_data != hash {
        return Err(Error::AttestationChallengeMismatch);
    }
    // What was certified is pubArea.
    let name = public_area.name().ok_or(Error::AttestationAlgorithmMismatch)?;
    if info.name != name {
        return Err(Error::AttestationKeyMismatch);
    }
    // The signature over certInfo.
    let certificate = certificates::first(&tpm.certificates)?;
    let key = certificates::key(&certificate, algorithm).ok_or(Error::AttestationAlgorithmMismatch)?;
    let holds = verifier.holds(Signed { key: &key, message: tpm.certify_info, signature: tpm.signature });
    if !holds.await {
        return Err(Error::AttestationSignatureInvalid);
    }
    // The certificate.
    aik_certificate::check(&certificate)?;
    certificates::check_aaguid(&certificate, inputs.credential.aaguid)?;
    Ok(Statement::Certified(certificates::path(&tpm.certificates)))
}

/// The statement.
struct Tpm<'a> {
    algorithm: i64,
    certificates: Vec<&'a [u8]>,
    signature: &'a [u8],
    certify_info: &'a [u8],
    public_area: &'a [u8],
}

impl<'a> Tpm<'a> {
    fn read(statement: &Value<'a>) -> Option<Self> {
        let is_right = statement.as_map()?.len() == 6 && statement.get("ver")?.as_text() == Some("2.0");
        let bytes = |name| statement.get(name).and_then(Value::as_bytes);
        let tpm = Self {
            algorithm: statement.get("alg")?.as_integer()?,
            certificates: certificates::x5c(statement)?,
            signature: bytes("sig").filter(|bytes| bytes.len() <= signature::MAX_SIZE)?,
            certify_info: bytes("certInfo")?,
            public_area: bytes("pubArea")?,
        };
        is_right.then_some(tpm)
    }
}

/// The hash "employed in alg". None for EdDSA, which has none for its message.
fn hash_of(algorithm: Algorithm, message: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        Algorithm::Es256 | Algorithm::Rs256 | Algorithm::Ps256 => Some(Sha256::digest(message).to_vec()),
        Algorithm::Es384 | Algorithm::Rs384 | Algorithm::Ps384 => Some(Sha384::digest(message).to_vec()),
        Algorithm::Es512 | Algorithm::Rs512 | Algorithm::Ps512 => Some(Sha512::digest(message).to_vec()),
        _ => None,
    }
}
