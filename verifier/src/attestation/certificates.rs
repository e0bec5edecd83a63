//! The certificates in attestation statements.

use crate::cbor::Value;
use crate::certificate_key;
use crate::cose_key::PublicKey;
use crate::error::Error;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::Extension;
use x509_cert::{Certificate, TbsCertificate};

/// The certificates of `x5c`, DER: byte strings, one at least.
pub(super) fn x5c<'a>(statement: &Value<'a>) -> Option<Vec<&'a [u8]>> {
    let certificates = statement.get("x5c")?.as_array()?.iter().map(Value::as_bytes);
    certificates.collect::<Option<Vec<_>>>().filter(|certificates| !certificates.is_empty())
}

/// Reads the attestation certificate, the first.
pub(super) fn first(certificates: &[&[u8]]) -> Result<TbsCertificate, Error> {
    let first = certificates.first().ok_or(Error::AttestationStatementMalformed)?;
    let certificate = Certificate::from_der(first).map_err(|_| Error::AttestationCertificateMalformed)?;
    Ok(certificate.tbs_certificate().clone())
}

/// Whether a certificate can be read and is valid at that time since 1970, of which the first and the last second count.
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub(super) fn is_valid_at(certificate: &[u8], now: std::time::Duration) -> bool {
    Certificate::from_der(certificate).is_ok_and(|certificate| {
        let validity = certificate.tbs_certificate().validity();
        (validity.not_before.to_unix_duration()..=validity.not_after.to_unix_duration()).contains(&now)
    })
}

/// Its key; `None` where it is of an unsupported kind.
pub(super) fn key(certificate: &TbsCertificate) -> Option<PublicKey> {
    certificate_key::from_spki(&certificate.subject_public_key_info().to_der().ok()?)
}

/// Its extension of that identifier.
pub(super) fn extension(certificate: &TbsCertificate, identifier: ObjectIdentifier) -> Option<&Extension> {
    certificate.extensions().into_iter().flatten().find(|extension| extension.extn_id == identifier)
}

/// What an attestation with certificates hands on.
pub(super) fn path(certificates: &[&[u8]]) -> Vec<Vec<u8>> {
    certificates.iter().map(|der| der.to_vec()).collect()
}
