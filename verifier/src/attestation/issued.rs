//! Whether a root issued a certificate itself (§7.1 step 24), whatever else the certificate says.
//!
//! Of the certificate of `fido-u2f` §8.6 asks for nothing but a key of P-256, and security keys from before 2018 have such as no library
//! for TLS reads: of version 1, with `CA:TRUE`, or with a signature that is said to end in bits which are not used. As there is only the
//! one certificate, no path has to be found, and what is left of RFC 5280, §6.1.3, is here: the signature, the dates, the issuer's name,
//! and that no extension is critical and unknown.

use std::time::Duration;
use webpki::ALL_VERIFICATION_ALGS;
use x509_cert::Certificate;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::oid::db::rfc5280::{
    ID_CE_BASIC_CONSTRAINTS, ID_CE_EXT_KEY_USAGE, ID_CE_KEY_USAGE, ID_CE_SUBJECT_ALT_NAME,
};
use x509_cert::der::{Decode, Encode};

/// Extensions that may be critical: what they say changes nothing of an end of a path.
const KNOWN: [ObjectIdentifier; 4] =
    [ID_CE_BASIC_CONSTRAINTS, ID_CE_EXT_KEY_USAGE, ID_CE_KEY_USAGE, ID_CE_SUBJECT_ALT_NAME];

/// Whether the first certificate, valid at `now`, in seconds since 1970, is signed by one of the roots.
pub(super) fn is_by_a_root(certificates: &[Vec<u8>], roots: &[Vec<u8>], now: u64) -> bool {
    let Some(certificate) = certificates.first().and_then(|der| Certificate::from_der(der).ok()) else {
        return false;
    };
    let validity = certificate.tbs_certificate().validity();
    let dates = validity.not_before.to_unix_duration()..=validity.not_after.to_unix_duration();
    let mut extensions = certificate.tbs_certificate().extensions().into_iter().flatten();
    dates.contains(&Duration::from_secs(now))
        && extensions.all(|extension| !extension.critical || KNOWN.contains(&extension.extn_id))
        && roots.iter().any(|root| is_issued_by(&certificate, root) == Some(true))
}

fn is_issued_by(certificate: &Certificate, root: &[u8]) -> Option<bool> {
    let root = Certificate::from_der(root).ok()?;
    let (root, tbs) = (root.tbs_certificate(), certificate.tbs_certificate());
    // What is signed names the algorithm too (RFC 5280, §4.1.1.2).
    if tbs.issuer() != root.subject() || tbs.signature() != certificate.signature_algorithm() {
        return Some(false);
    }
    let key = root.subject_public_key_info();
    let key_bytes = key.subject_public_key.as_bytes()?;
    let message = tbs.to_der().ok()?;
    // How many bits of it are not used, nobody signed: all of them are.
    let signature = certificate.signature().raw_bytes();
    let (of_key, of_signature) =
        (content(&key.algorithm.to_der().ok()?)?, content(&tbs.signature().to_der().ok()?)?);
    let mut fitting = ALL_VERIFICATION_ALGS.iter().filter(|algorithm| {
        algorithm.public_key_alg_id().as_ref() == of_key
            && algorithm.signature_alg_id().as_ref() == of_signature
    });
    Some(fitting.any(|algorithm| algorithm.verify_signature(key_bytes, &message, signature).is_ok()))
}

/// What a sequence holds, without its head.
fn content(der: &[u8]) -> Option<Vec<u8>> {
    x509_cert::der::asn1::AnyRef::from_der(der).ok().map(|any| any.value().to_vec())
}
