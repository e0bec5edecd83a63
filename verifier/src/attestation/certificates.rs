//! The certificates in attestation statements.

use crate::cbor::Value;
use crate::certificate_key;
use crate::cose_key::PublicKey;
use crate::error::Error;
use crate::signature::Algorithm;
use x509_cert::der::asn1::{ObjectIdentifier, OctetStringRef};
use x509_cert::der::{Decode, Encode, Tag, Tagged};
use x509_cert::ext::Extension;
use x509_cert::name::Name;
use x509_cert::{Certificate, TbsCertificate};

/// `id-fido-gen-ce-aaguid`
const AAGUID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.45724.1.1.4");

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

/// Its key, for that algorithm; `None` where it is of another kind.
pub(super) fn key(certificate: &TbsCertificate, algorithm: Algorithm) -> Option<PublicKey> {
    certificate_key::from_spki(&certificate.subject_public_key_info().to_der().ok()?, algorithm)
}

/// Its key, for the algorithm of that COSE number, which a statement names.
pub(super) fn key_for(certificate: &TbsCertificate, algorithm: i64) -> Result<PublicKey, Error> {
    let key = Algorithm::from_cose(algorithm).and_then(|algorithm| key(certificate, algorithm));
    key.ok_or(Error::AttestationAlgorithmMismatch)
}

/// Its extension of that identifier.
pub(super) fn extension(certificate: &TbsCertificate, identifier: ObjectIdentifier) -> Option<&Extension> {
    certificate.extensions().into_iter().flatten().find(|extension| extension.extn_id == identifier)
}

/// The first value of an attribute of a name, where it is a text. §8.2.1 says for each attribute which type of string it has;
/// makers mix up those of a `DirectoryString` (RFC 5280, §4.1.2.4) and `IA5String`, and the characters that each may have.
pub(super) fn text(name: &Name, attribute: ObjectIdentifier) -> Option<String> {
    let value = &name.iter().find(|each| each.oid == attribute)?.value;
    text_of(value.tag(), value.value())
}

/// The text of a value of any such type.
pub(super) fn text_of(tag: Tag, bytes: &[u8]) -> Option<String> {
    match tag {
        Tag::PrintableString | Tag::Utf8String | Tag::Ia5String => String::from_utf8(bytes.to_vec()).ok(),
        // What goes by that name is Latin-1 nearly always.
        Tag::TeletexString => Some(bytes.iter().copied().map(char::from).collect()),
        Tag::BmpString => {
            let (units, rest) = bytes.as_chunks::<2>();
            let units: Vec<u16> = units.iter().copied().map(u16::from_be_bytes).collect();
            String::from_utf16(&units).ok().filter(|_| rest.is_empty())
        }
        _ => None,
    }
}

/// The certificate's AAGUID, where it has one, is the authenticator's (§8.2, 2; §8.3).
pub(super) fn check_aaguid(certificate: &TbsCertificate, aaguid: &[u8; 16]) -> Result<(), Error> {
    let Some(extension) = extension(certificate, AAGUID) else {
        return Ok(());
    };
    if extension.critical {
        return Err(Error::AttestationCertificateUnsuitable);
    }
    let inner = <&OctetStringRef>::from_der(extension.extn_value.as_bytes());
    let is_same = inner.is_ok_and(|inner| inner.as_bytes() == aaguid);
    is_same.then_some(()).ok_or(Error::AttestationAaguidMismatch)
}

/// What an attestation with certificates hands on.
pub(super) fn path(certificates: &[&[u8]]) -> Vec<Vec<u8>> {
    certificates.iter().map(|der| der.to_vec()).collect()
}
