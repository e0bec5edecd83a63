//! What a relying party wants, beyond what WebAuthn itself demands.

use crate::signature::Algorithm;

/// What a server asks for: between them nearly all authenticators have one, and the verifiers of all libraries have all three.
pub const DEFAULT_ALGORITHMS: [Algorithm; 3] = [Algorithm::Es256, Algorithm::Rs256, Algorithm::EdDsa];

/// What a relying party accepts. [`Policy::new`] starts with the strict choice wherever real authenticators allow it.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The RP id, a domain such as `example.org` (§7.1 step 14, §7.2 step 15).
    pub rp_id: String,
    /// Origins that may ask, as browsers write them: `https://example.org`, without a slash at the end. Compared
    /// exactly (§7.1 step 9, §7.2 step 12).
    pub origins: Vec<String>,
    /// Iframes of another origin than the page around them.
    pub iframes: Iframes,
    /// Whether the person has to be verified.
    pub user_verification: UserVerification,
    /// What may be backed up.
    pub backup: Backup,
    /// What to do about a signature counter that does not grow.
    pub counter: CounterPolicy,
    /// The algorithms that were asked for in `pubKeyCredParams` (§7.1 step 20). [`DEFAULT_ALGORITHMS`] unless set; a server that
    /// asks for others of [`Algorithm::ALL`] says so here.
    pub algorithms: Vec<Algorithm>,
    /// Which attestations are accepted.
    pub attestation: AttestationPolicy,
    /// What to do about extension outputs.
    pub extensions: Extensions,
}

impl Policy {
    /// User verification required, no iframes of other origins, counters must grow where they are kept, backups
    /// allowed, [`DEFAULT_ALGORITHMS`], any attestation whose format is known, extensions ignored.
    pub fn new(rp_id: impl Into<String>, origins: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            rp_id: rp_id.into(),
            origins: origins.into_iter().map(Into::into).collect(),
            iframes: Iframes::default(),
            user_verification: UserVerification::default(),
            backup: Backup::default(),
            counter: CounterPolicy::default(),
            algorithms: DEFAULT_ALGORITHMS.to_vec(),
            attestation: AttestationPolicy::default(),
            extensions: Extensions::default(),
        }
    }
}

/// Use in an iframe that is not same-origin with its ancestors (§7.1 steps 10 and 11, §7.2 steps 13 and 14).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Iframes {
    /// Not expected.
    #[default]
    Refuse,
    /// Expected, inside of pages of these origins. A browser that names no top origin is believed.
    Within(Vec<String>),
}

/// User verification (§7.1 step 16, §7.2 step 17).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserVerification {
    /// The UV flag must be set.
    #[default]
    Required,
    /// The UV flag is reported and not looked at.
    Optional,
}

/// Backup of credentials to other devices (§7.1 steps 18 and 19, §7.2 step 19.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backup {
    /// Any.
    #[default]
    Allow,
    /// May be eligible (BE), must not be backed up (BS).
    RefuseBackedUp,
    /// Must not be eligible (BE): a key that stays on one device, as SOTER's do. Refuses synced passkeys.
    RefuseEligible,
}

/// A signature counter that does not grow (§7.2 step 22). It is a signal, not a proof, that a key was copied. Where
/// authenticator and record both say 0, no counter is kept and there is no signal; so it is with Apple's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CounterPolicy {
    /// Refused, with [`Error::SignCountNotIncreased`](crate::Error::SignCountNotIncreased).
    #[default]
    Refuse,
    /// Accepted and reported, with [`Counter::NotIncreased`](crate::assertion::Counter::NotIncreased).
    Report,
}

/// Which attestations are accepted (§7.1 steps 21 and 24).
#[derive(Clone, Debug)]
pub struct AttestationPolicy {
    /// Whether no attestation is enough. It is what browsers send unless asked for more.
    pub none: bool,
    /// Whether self attestation is enough.
    pub self_attestation: bool,
    /// Attestation with certificates.
    pub certified: Certified,
    /// Formats that this library does not know.
    pub unknown_format: UnknownFormat,
}

impl Default for AttestationPolicy {
    fn default() -> Self {
        Self {
            none: true,
            self_attestation: true,
            certified: Certified::default(),
            unknown_format: UnknownFormat::default(),
        }
    }
}

/// Attestation with certificates (`x5c`).
#[derive(Clone, Debug, Default)]
pub enum Certified {
    /// Refused.
    Refuse,
    /// Its signature and certificate are checked, but who issued the certificate is not. The note in §7.1 step 24 lets it be
    /// treated as self attestation; but whoever made the certificate for themselves has proved nothing at all (only in
    /// `android-key` the credential's own key signs). Therefore it is accepted where both `none` and `self_attestation` are.
    #[default]
    AsSelf,
    /// The certificates must lead to one of these roots, or the first must be one of them; and those that were sent and are
    /// used for that must be valid at `now`.
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    Roots {
        /// X.509 certificates, DER. One that cannot be read is skipped. Until when one is to be trusted is for the caller
        /// to say, by listing it: the dates in it count only where it is the attestation certificate itself.
        roots: Vec<Vec<u8>>,
        /// The time, in seconds since 1970 (UTC).
        now: u64,
    },
}

/// Attestation statement formats other than `none`, `packed`, `tpm`, `fido-u2f`, `apple` and `android-key`: `android-safetynet`, say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownFormat {
    /// Refused, with [`Error::AttestationFormatUnsupported`](crate::Error::AttestationFormatUnsupported).
    #[default]
    Refuse,
    /// The statement is not looked at, and the credential counts as one without attestation.
    AsNone,
}

/// Extension outputs, of the client and of the authenticator (§7.1 step 28, §7.2 step 23).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Extensions {
    /// Not looked at.
    #[default]
    Ignore,
    /// Only these; `[]` for none at all. Clients may add some unasked.
    Only(Vec<String>),
}
