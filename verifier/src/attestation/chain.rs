//! Whether certificates lead to a root (§7.1 step 24).

use pki_types::{CertificateDer, UnixTime};
use std::time::Duration;
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

/// Whether the first certificate is a root itself, or chains up to one through the others, all of them valid at `now`,
/// in seconds since 1970. A root among what was sent counts for nothing.
pub(super) fn leads_to_a_root(certificates: &[Vec<u8>], roots: &[Vec<u8>], now: u64) -> bool {
    let Some((first, others)) = certificates.split_first() else {
        return false;
    };
    roots.contains(first) || chains_up(first, others, roots, now).is_ok()
}

fn chains_up(first: &[u8], others: &[Vec<u8>], roots: &[Vec<u8>], now: u64) -> Result<(), webpki::Error> {
    let first = CertificateDer::from(first);
    let first = EndEntityCert::try_from(&first)?;
    let others: Vec<_> = others.iter().map(|other| CertificateDer::from(other.as_slice())).collect();
    let roots: Vec<_> = roots.iter().map(|root| CertificateDer::from(root.as_slice())).collect();
    let anchors = roots.iter().map(anchor_from_trusted_cert).collect::<Result<Vec<_>, _>>()?;
    let now = UnixTime::since_unix_epoch(Duration::from_secs(now));
    // Attestation certificates seldom say what their key is for; where they do, it is authentication of a client.
    let usage = KeyUsage::client_auth();
    first.verify_for_usage(ALL_VERIFICATION_ALGS, &anchors, &others, now, usage, None, None).map(|_| ())
}
