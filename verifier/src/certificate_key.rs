//! Public keys as certificates have them.

use wx_soter_webauthn::PublicKey;
use x509_cert::der::Decode;
use x509_cert::der::asn1::{ObjectIdentifier, UintRef};
use x509_cert::spki::SubjectPublicKeyInfoRef;

/// Reads a `SubjectPublicKeyInfo` (RFC 5280, §4.1), DER; `None` where it is none of a supported kind. An RSA key counts as
/// one for RS256.
#[must_use]
pub fn from_spki(der: &[u8]) -> Option<PublicKey> {
    const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
    const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
    const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
    const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
    let spki = SubjectPublicKeyInfoRef::from_der(der).ok()?;
    let key = spki.subject_public_key.as_bytes()?;
    match spki.algorithm.oid {
        EC_PUBLIC_KEY if spki.algorithm.parameters_oid().ok()? == P256 => {
            let (&[0x04], point) = key.split_first_chunk::<1>()? else {
                return None;
            };
            let (x, y) = point.split_first_chunk::<32>()?;
            Some(PublicKey::Es256 { x: *x, y: y.try_into().ok()? })
        }
        RSA => rsa_public_key(key),
        ED25519 => Some(PublicKey::EdDsa { x: key.try_into().ok()? }),
        _ => None,
    }
}

/// `RSAPublicKey` (RFC 8017, A.1.1).
fn rsa_public_key(der: &[u8]) -> Option<PublicKey> {
    let [n, e] = <[UintRef<'_>; 2]>::try_from(<Vec<UintRef<'_>>>::from_der(der).ok()?).ok()?;
    PublicKey::rsa(n.as_bytes(), e.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::from_spki;
    use wx_soter_webauthn::{PublicKey, vectors};

    #[test]
    fn what_was_written_is_read() {
        let rsa = PublicKey::rsa(&[0x80; 256], &[1, 0, 1]).unwrap();
        for key in [PublicKey::Es256 { x: [1; 32], y: [2; 32] }, PublicKey::EdDsa { x: [3; 32] }, rsa] {
            assert_eq!(from_spki(&key.to_spki()), Some(key));
        }
        let keys = vectors::all().into_iter().filter_map(|vector| vector.public_key);
        assert!(keys.filter_map(|spki| from_spki(&spki)).count() > 5);
    }
}
