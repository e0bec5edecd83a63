//! ECDSA signatures in the form that WebCrypto takes.
#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(dead_code, reason = "native verifiers take the form that WebAuthn has")
)]

use x509_cert::der::Decode;
use x509_cert::der::asn1::UintRef;

/// From `Ecdsa-Sig-Value` (RFC 3279, §2.2.3), DER, to r and s one after the other (IEEE P1363), each of that size; `None` where it is
/// no such DER. Whether the numbers are right, the check of the signature will tell.
pub(crate) fn to_p1363(der: &[u8], size: usize) -> Option<Vec<u8>> {
    let [r, s] = <[UintRef<'_>; 2]>::try_from(<Vec<UintRef<'_>>>::from_der(der).ok()?).ok()?;
    let mut raw = Vec::with_capacity(2 * size);
    for number in [r.as_bytes(), s.as_bytes()] {
        raw.resize(raw.len() + size.checked_sub(number.len())?, 0);
        raw.extend(number);
    }
    Some(raw)
}

#[cfg(test)]
mod tests {
    use super::to_p1363;
    use wx_soter_webauthn::{ecdsa_signature, vectors};

    #[test]
    fn numbers_are_padded() {
        let der = [0x30, 7, 2, 2, 0, 0x80, 2, 1, 7];
        assert_eq!(to_p1363(&der, 2), Some(vec![0, 0x80, 0, 7]));
        assert_eq!(to_p1363(&der, 1), Some(vec![0x80, 7]));
        assert_eq!(to_p1363(&[0x30, 8, 2, 3, 1, 0, 0, 2, 1, 7], 2), None);
    }

    #[test]
    fn what_is_no_der_signature_is_refused() {
        let good = [0x30, 6, 2, 1, 1, 2, 1, 1];
        assert!(to_p1363(&good, 32).is_some());
        for bad in [
            &[][..],
            &[0x30, 6, 2, 1, 1, 2, 1, 1, 0],
            &[0x31, 6, 2, 1, 1, 2, 1, 1],
            &[0x30, 6, 2, 1, 0x80, 2, 1, 1],
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 1],
            &[0x30, 5, 2, 0, 2, 1, 1],
            &[0x30, 3, 2, 1, 1],
            &[0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1],
            &[0x30, 0x81, 6, 2, 1, 1, 2, 1, 1],
        ] {
            assert_eq!(to_p1363(bad, 32), None, "{bad:02x?}");
        }
    }

    #[test]
    fn it_is_the_form_that_the_browsers_side_makes() {
        let signatures = vectors::all().into_iter().map(|vector| vector.assertion.signature);
        let both = signatures.filter_map(|der| Some((ecdsa_signature::from_der(&der)?, to_p1363(&der, 32)?)));
        let both: Vec<_> = both.collect();
        assert!(both.len() > 5);
        assert!(both.iter().all(|(theirs, ours)| theirs[..] == ours[..]));
    }
}
