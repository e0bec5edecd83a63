//! Whether certificates lead to a root (§7.1 step 24).

use super::certificates;
use pki_types::{CertificateDer, UnixTime};
use std::time::Duration;
use webpki::{
    ALL_VERIFICATION_ALGS, EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeIdIter,
    anchor_from_trusted_cert,
};

/// Whether the first certificate is a root itself, or chains up to one through the others, all that are used being valid at
/// `now`, in seconds since 1970. A root among what was sent counts for nothing.
///
/// The dates of a root that others chain up to are not looked at: it is trusted because the caller lists it, and stands
/// outside of the path (RFC 5280, §6.1). The first certificate was sent, so its dates count even if it is listed.
pub(super) fn leads_to_a_root(certificates: &[Vec<u8>], roots: &[Vec<u8>], now: u64) -> bool {
    let Some((first, others)) = certificates.split_first() else {
        return false;
    };
    let now = Duration::from_secs(now);
    is_a_root(first, roots, now) || chains_up(first, others, roots, now).is_ok()
}

/// Whether it can be read as a root, in DER. One that cannot be vouches for nobody (see [`Certified::Roots`]), which whoever lists it
/// may want to know.
///
/// [`Certified::Roots`]: crate::policy::Certified::Roots
#[must_use]
pub fn can_be_root(certificate: &[u8]) -> bool {
    anchor_from_trusted_cert(&CertificateDer::from(certificate)).is_ok()
}

fn is_a_root(first: &[u8], roots: &[Vec<u8>], now: Duration) -> bool {
    roots.iter().any(|root| root == first) && certificates::is_valid_at(first, now)
}

fn chains_up(
    first: &[u8],
    others: &[Vec<u8>],
    roots: &[Vec<u8>],
    now: Duration,
) -> Result<(), webpki::Error> {
    let first = CertificateDer::from(first);
    let first = EndEntityCert::try_from(&first)?;
    let others: Vec<_> = others.iter().map(|other| CertificateDer::from(other.as_slice())).collect();
    let roots: Vec<_> = roots.iter().map(|root| CertificateDer::from(root.as_slice())).collect();
    // One that cannot be read vouches for nobody, and takes nothing from the others: lists of roots, such as that of the
    // FIDO Metadata Service, are made by many.
    let anchors: Vec<_> = roots.iter().filter_map(|root| anchor_from_trusted_cert(root).ok()).collect();
    let now = UnixTime::since_unix_epoch(now);
    first.verify_for_usage(ALL_VERIFICATION_ALGS, &anchors, &others, now, AnyUsage, None, None).map(|_| ())
}

/// What a key may be used for besides (RFC 5280, §4.2.1.12) is no part of path validation (§6.1), and no step of §7.1 asks for a usage.
/// A format that does, as §8.3.1 for `tpm`, looks at it itself.
struct AnyUsage;

impl ExtendedKeyUsageValidator for AnyUsage {
    fn validate(&self, usages: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        // That can be read.
        usages.into_iter().try_for_each(|usage| usage.map(|_| ()))
    }
}
