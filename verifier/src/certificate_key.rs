//! Public keys as certificates have them.

use wx_soter_webauthn::{Algorithm, PublicKey};
use x509_cert::der::Decode;
use x509_cert::der::asn1::{ObjectIdentifier, UintRef};
use x509_cert::spki::SubjectPublicKeyInfoRef;

/// Reads a `SubjectPublicKeyInfo` (RFC 5280, §4.1), DER, as a key for that algorithm; `None` where it is none.
#[must_use]
pub fn from_spki(der: &[u8], algorithm: Algorithm) -> Option<PublicKey> {
    const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
    const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
    const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
    const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
    const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
    const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
    let spki = SubjectPublicKeyInfoRef::from_der(der).ok()?;
    let key = spki.subject_public_key.as_bytes()?;
    let is_of_curve =
        |curve| spki.algorithm.oid == EC_PUBLIC_KEY && spki.algorithm.parameters_oid() == Ok(curve);
    match algorithm {
        Algorithm::Es256 if is_of_curve(P256) => point(key).map(|[x, y]| PublicKey::Es256 { x, y }),
        Algorithm::Es384 if is_of_curve(P384) => point(key).map(|[x, y]| PublicKey::Es384 { x, y }),
        Algorithm::Es512 if is_of_curve(P521) => point(key).map(|[x, y]| PublicKey::Es512 { x, y }),
        Algorithm::EdDsa if spki.algorithm.oid == ED25519 => {
            Some(PublicKey::EdDsa { x: key.try_into().ok()? })
        }
        rsa if rsa.is_rsa() && spki.algorithm.oid == RSA => rsa_public_key(rsa, key),
        _ => None,
    }
}

/// An uncompressed point (SEC 1, §2.3.3).
fn point<const N: usize>(bytes: &[u8]) -> Option<[[u8; N]; 2]> {
    let (&[0x04], coordinates) = bytes.split_first_chunk::<1>()? else {
        return None;
    };
    let (x, y) = coordinates.split_first_chunk::<N>()?;
    Some([*x, y.try_into().ok()?])
}

/// `RSAPublicKey` (RFC 8017, A.1.1).
fn rsa_public_key(algorithm: Algorithm, der: &[u8]) -> Option<PublicKey> {
    let [n, e] = <[UintRef<'_>; 2]>::try_from(<Vec<UintRef<'_>>>::from_der(der).ok()?).ok()?;
    PublicKey::rsa(algorithm, n.as_bytes(), e.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::from_spki;
    use wx_soter_webauthn::{Algorithm, PublicKey, vectors};

    #[test]
    fn what_was_written_is_read_for_its_algorithm() {
        let rsa = |algorithm| PublicKey::rsa(algorithm, &[0x80; 256], &[1, 0, 1]);
        let mut keys: Vec<_> = Algorithm::ALL.iter().filter_map(|algorithm| rsa(*algorithm)).collect();
        keys.extend([
            PublicKey::Es256 { x: [1; 32], y: [2; 32] },
            PublicKey::Es384 { x: [1; 48], y: [2; 48] },
            PublicKey::Es512 { x: [1; 66], y: [2; 66] },
            PublicKey::EdDsa { x: [3; 32] },
        ]);
        assert_eq!(keys.len(), Algorithm::ALL.len());
        for key in keys {
            for &algorithm in Algorithm::ALL {
                let read = from_spki(&key.to_spki(), algorithm);
                let is_of_that_kind =
                    algorithm == key.algorithm() || algorithm.is_rsa() && key.algorithm().is_rsa();
                assert_eq!(read.is_some(), is_of_that_kind, "{key:?} {algorithm:?}");
                assert!(
                    read.is_none_or(|read| read.algorithm() == algorithm && read.to_spki() == key.to_spki())
                );
            }
        }
        let keys = vectors::all()
            .into_iter()
            .filter_map(|vector| from_spki(&vector.public_key.clone()?, vector.algorithm()?));
        assert!(keys.count() > 5);
    }
}
