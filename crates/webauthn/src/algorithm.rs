//! Signature algorithms.

/// The algorithms of keys and signatures, by their numbers in COSE (IANA, "COSE Algorithms"; §5.8.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA over P-256 with SHA-256, -7.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, -257; what Windows Hello makes on many machines.
    Rs256,
    /// EdDSA over Curve25519, -8.
    EdDsa,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Es256, Self::Rs256, Self::EdDsa];

    /// The algorithm of that COSE number.
    #[must_use]
    pub const fn from_cose(number: i64) -> Option<Self> {
        match number {
            -7 => Some(Self::Es256),
            -257 => Some(Self::Rs256),
            -8 => Some(Self::EdDsa),
            _ => None,
        }
    }

    /// Its COSE number, a `COSEAlgorithmIdentifier`.
    #[must_use]
    pub const fn to_cose(self) -> i32 {
        match self {
            Self::Es256 => -7,
            Self::Rs256 => -257,
            Self::EdDsa => -8,
        }
    }

    /// The name in JOSE (RFC 7518, §3.1; RFC 8037, §3.1).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::Algorithm;

    #[test]
    fn numbers_and_names_lead_back() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::from_cose(algorithm.to_cose().into()), Some(algorithm));
            assert_eq!(Algorithm::from_name(algorithm.name()), Some(algorithm));
        }
        assert_eq!(Algorithm::from_cose(-35), None);
        assert_eq!(Algorithm::from_name("ES384"), None);
    }
}
