//! Certificates of TPMs' attestation keys (§8.3.1).

use crate::attestation::certificates;
use crate::error::Error;
use x509_cert::TbsCertificate;
use x509_cert::certificate::Version;
use x509_cert::der::asn1::{AnyRef, ObjectIdentifier};
use x509_cert::der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage};

/// `tcg-kp-AIKCertificate`
const AIK_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.8.3");
const SUBJECT_ALTERNATIVE_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
/// `tcg-at-tpmManufacturer`, `tcg-at-tpmModel` and `tcg-at-tpmVersion`
const MANUFACTURER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.2.1");
const MODEL: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.2.2");
const VERSION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.2.3");

/// §8.3.1.
pub(super) fn check(certificate: &TbsCertificate) -> Result<(), Error> {
    let is_suitable = certificate.version() == Version::V3
        && certificate.subject().is_empty()
        && names_the_tpm(certificate)
        && matches!(certificate.get_extension::<ExtendedKeyUsage>(), Ok(Some((_, usage))) if usage.0.contains(&AIK_CERTIFICATE))
        && !may_issue(certificate);
    is_suitable.then_some(()).ok_or(Error::AttestationCertificateUnsuitable)
}

/// "The CA component" of the basic constraints. Left out, they say that it is false (RFC 5280, §4.2.1.9).
fn may_issue(certificate: &TbsCertificate) -> bool {
    match certificate.get_extension::<BasicConstraints>() {
        Ok(constraints) => constraints.is_some_and(|(_, constraints)| constraints.ca),
        Err(_) => true,
    }
}

/// The subject alternative name is a directory name with the TPM's manufacturer, model and version ("TCG EK Credential Profile",
/// §3.2.9).
fn names_the_tpm(certificate: &TbsCertificate) -> bool {
    let Some(attributes) = certificates::extension(certificate, SUBJECT_ALTERNATIVE_NAME)
        .and_then(|extension| directory_name(extension.extn_value.as_bytes()))
    else {
        return false;
    };
    let text = |identifier| {
        let attribute = attributes.iter().find(|attribute| attribute.0 == identifier)?;
        certificates::text_of(attribute.1.tag(), attribute.1.value())
    };
    text(MANUFACTURER).is_some_and(|manufacturer| is_vendor(&manufacturer))
        && text(MODEL).is_some()
        && text(VERSION).is_some()
}

/// `id:` and four bytes in hexadecimal ("TCG TPM Vendor ID Registry"). Which vendors there are is not looked at: the registry grows,
/// and a root vouches for the name or nobody does.
fn is_vendor(manufacturer: &str) -> bool {
    let digits = manufacturer.strip_prefix("id:");
    digits.is_some_and(|digits| digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// The attributes of a `GeneralNames`' directory name. Makers put them into one set or each into its own, and don't sort a set as DER
/// demands.
fn directory_name(der: &[u8]) -> Option<Vec<(ObjectIdentifier, AnyRef<'_>)>> {
    const DIRECTORY_NAME: Tag = Tag::ContextSpecific { constructed: true, number: TagNumber(4) };
    let names = <Vec<AnyRef<'_>>>::from_der(der).ok()?;
    let name = names.into_iter().find(|name| name.tag() == DIRECTORY_NAME)?;
    let mut attributes = Vec::new();
    for set in <Vec<AnyRef<'_>>>::from_der(name.value()).ok()? {
        let mut members = SliceReader::new(set.value()).ok().filter(|_| set.tag() == Tag::Set)?;
        while !members.is_finished() {
            let attribute = <Vec<AnyRef<'_>>>::decode(&mut members).ok()?;
            let [identifier, value] = <[AnyRef<'_>; 2]>::try_from(attribute).ok()?;
            attributes.push((identifier.decode_as().ok()?, value));
        }
    }
    Some(attributes)
}
