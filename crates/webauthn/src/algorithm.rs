//! Signature algorithms.

/// Writes the enum with its table, so that an algorithm, its number and its name stand in one place.
macro_rules! algorithms {
    ($($(#[doc = $doc:literal])+ $(#[cfg($condition:meta)])? $variant:ident, $number:literal, $name:literal;)+) => {
        /// The algorithms of keys and signatures, by their numbers in COSE (IANA, "COSE Algorithms"; §5.8.5). Those that browsers
        /// offer seldom are there with the feature `all-algorithms`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Algorithm {
            $($(#[doc = $doc])+ $(#[cfg($condition)])? $variant,)+
        }

        impl Algorithm {
            /// All of them.
            pub const ALL: &[Self] = &[$($(#[cfg($condition)])? Self::$variant),+];

            /// The algorithm of that COSE number.
            #[must_use]
            pub const fn from_cose(number: i64) -> Option<Self> {
                match number {
                    $($(#[cfg($condition)])? $number => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// Its COSE number, a `COSEAlgorithmIdentifier`.
            #[must_use]
            pub const fn to_cose(self) -> i32 {
                match self {
                    $($(#[cfg($condition)])? Self::$variant => $number,)+
                }
            }

            /// The name in JOSE (RFC 7518, §3.1; RFC 8037, §3.1).
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $($(#[cfg($condition)])? Self::$variant => $name,)+
                }
            }
        }
    };
}

algorithms! {
    /// ECDSA over P-256 with SHA-256, -7.
    Es256, -7, "ES256";
    /// RSASSA-PKCS1-v1_5 with SHA-256, -257; what Windows Hello makes on many machines.
    Rs256, -257, "RS256";
    /// EdDSA over Curve25519, -8.
    EdDsa, -8, "EdDSA";
    /// ECDSA over P-384 with SHA-384, -35.
    #[cfg(feature = "all-algorithms")]
    Es384, -35, "ES384";
    /// ECDSA over P-521 with SHA-512, -36.
    #[cfg(feature = "all-algorithms")]
    Es512, -36, "ES512";
    /// RSASSA-PKCS1-v1_5 with SHA-384, -258.
    #[cfg(feature = "all-algorithms")]
    Rs384, -258, "RS384";
    /// RSASSA-PKCS1-v1_5 with SHA-512, -259.
    #[cfg(feature = "all-algorithms")]
    Rs512, -259, "RS512";
    /// RSASSA-PSS with SHA-256, -37.
    #[cfg(feature = "all-algorithms")]
    Ps256, -37, "PS256";
    /// RSASSA-PSS with SHA-384, -38.
    #[cfg(feature = "all-algorithms")]
    Ps384, -38, "PS384";
    /// RSASSA-PSS with SHA-512, -39.
    #[cfg(feature = "all-algorithms")]
    Ps512, -39, "PS512";
}

impl Algorithm {
    /// The algorithm of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.name() == name)
    }

    /// Whether its keys are RSA keys.
    #[must_use]
    pub const fn is_rsa(self) -> bool {
        match self {
            Self::Rs256 => true,
            #[cfg(feature = "all-algorithms")]
            Self::Rs384 | Self::Rs512 | Self::Ps256 | Self::Ps384 | Self::Ps512 => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Algorithm;

    #[test]
    fn numbers_and_names_lead_back() {
        for &algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::from_cose(algorithm.to_cose().into()), Some(algorithm));
            assert_eq!(Algorithm::from_name(algorithm.name()), Some(algorithm));
            assert_eq!(algorithm.is_rsa(), algorithm.name().starts_with(['R', 'P']));
        }
        // RS1, ES256K, Ed448.
        for number in [-65535, -47, -53] {
            assert_eq!(Algorithm::from_cose(number), None);
        }
        assert_eq!(Algorithm::from_name("RS1"), None);
    }
}
