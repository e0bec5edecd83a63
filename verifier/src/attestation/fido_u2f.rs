//! Attestation statement format `fido-u2f` (§8.6): security keys from before CTAP2.

use super::{Inputs, Statement, certificates};
use crate::cbor::Value;
use crate::cose_key::PublicKey;
use crate::error::Error;
use crate::signature::{self, Algorithm, SignatureVerifier, Signed};

/// §7.1 step 22 for `fido-u2f`: the verification procedure of §8.6.
pub(super) async fn verify(
    inputs: &Inputs<'_>,
    verifier: &impl SignatureVerifier,
) -> Result<Statement, Error> {
    // 1. The syntax, and 2. that there is exactly one certificate.
    let (signature, certificates) = read(inputs.statement).ok_or(Error::AttestationStatementMalformed)?;
    // 2. Its key is one of P-256.
    let certificate = certificates::first(&certificates)?;
    let key =
        certificates::key(&certificate, Algorithm::Es256).ok_or(Error::AttestationCertificateUnsuitable)?;
    // 3 to 5. What U2F signs.
    let message = message(inputs).ok_or(Error::AttestationAlgorithmMismatch)?;
    // 6. The signature.
    let holds = verifier.holds(Signed { key: &key, message: &message, signature }).await;
    if !holds {
        return Err(Error::AttestationSignatureInvalid);
    }
    // 7 and 8. Who issued the certificate is a matter of step 24.
    let certificate = certificates.first().ok_or(Error::AttestationStatementMalformed)?;
    Ok(Statement::CertifiedByTheRoot(certificate.to_vec()))
}

fn read<'a>(statement: &Value<'a>) -> Option<(&'a [u8], Vec<&'a [u8]>)> {
    let signature = statement.get("sig")?.as_bytes().filter(|bytes| bytes.len() <= signature::MAX_SIZE)?;
    let certificates = certificates::x5c(statement)?;
    (statement.as_map()?.len() == 2 && certificates.len() == 1).then_some((signature, certificates))
}

/// "FIDO U2F Raw Message Formats", §4.3. `None` for a credential that is not of P-256, which U2F does not have.
fn message(inputs: &Inputs<'_>) -> Option<Vec<u8>> {
    let PublicKey::Es256 { x, y } = inputs.key else {
        return None;
    };
    let rp_id_hash = inputs.message.first_chunk::<32>()?;
    let client_data_hash = inputs.client_data_hash()?;
    let id = inputs.credential.credential_id;
    Some([&[0x00], &rp_id_hash[..], client_data_hash, id, &[0x04], x, y].concat())
}
