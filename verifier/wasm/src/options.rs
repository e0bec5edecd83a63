//! What the caller expects, as `pkg/lib/server/options.js` hands it over: checked there, complete, and in one text.

use crate::key::Key;
use serde::Deserialize;
use wx_soter_verifier::policy::{
    AttestationPolicy, Backup, Certified, CounterPolicy, Iframes, UnknownFormat, UserVerification,
};
use wx_soter_verifier::signature::Algorithm;
use wx_soter_verifier::{CredentialRecord, Policy};

/// What is expected of any response.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expected {
    pub challenge: Vec<u8>,
    rp_id: String,
    origins: Vec<String>,
    /// The pages around iframes; none where no iframe is expected.
    top_origins: Vec<String>,
    #[serde(with = "UserVerificationName")]
    user_verification: UserVerification,
    #[serde(with = "BackupName")]
    backup: Backup,
}

impl Expected {
    fn policy(&self) -> Policy {
        let mut policy = Policy::new(&self.rp_id, &self.origins);
        if !self.top_origins.is_empty() {
            policy.iframes = Iframes::Within(self.top_origins.clone());
        }
        policy.user_verification = self.user_verification;
        policy.backup = self.backup;
        policy
    }
}

/// What is expected of a registration.
#[derive(Deserialize)]
pub struct RegistrationOptions {
    pub expected: Expected,
    /// COSE numbers; the verifier's default where there are none.
    algorithms: Option<Vec<i64>>,
    attestation: Attestation,
}

/// Which attestations are accepted.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attestation {
    none: bool,
    #[serde(rename = "self")]
    self_attestation: bool,
    certificates: bool,
    unknown_formats: bool,
}

impl RegistrationOptions {
    /// What is accepted.
    pub fn policy(&self) -> Policy {
        let Attestation { none, self_attestation, certificates, unknown_formats } = self.attestation;
        let mut policy = self.expected.policy();
        if let Some(numbers) = &self.algorithms {
            policy.algorithms = numbers.iter().copied().filter_map(Algorithm::from_cose).collect();
        }
        Policy {
            attestation: AttestationPolicy {
                none,
                self_attestation,
                certified: if certificates { Certified::AsSelf } else { Certified::Refuse },
                unknown_format: if unknown_formats { UnknownFormat::AsNone } else { UnknownFormat::Refuse },
            },
            ..policy
        }
    }
}

/// What is expected of a result or an assertion.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssertionOptions {
    pub expected: Expected,
    /// The user's keys, one of which has to have signed.
    keys: Vec<Key>,
    /// The highest counter seen, where that is kept beside the key.
    counter: u32,
    /// The user handle; empty where the caller does not know it.
    pub uid: Vec<u8>,
    #[serde(with = "CounterPolicyName")]
    on_counter: CounterPolicy,
}

impl AssertionOptions {
    /// What is accepted.
    pub fn policy(&self) -> Policy {
        Policy { counter: self.on_counter, ..self.expected.policy() }
    }

    /// The key of that id. Of two counters the higher one counts.
    pub fn record(&self, id: &[u8]) -> Option<CredentialRecord> {
        let mut records = self.keys.iter().cloned().map(CredentialRecord::from);
        let record = records.find(|record| record.id == id)?;
        Some(CredentialRecord { sign_count: record.sign_count.max(self.counter), ..record })
    }
}

/// The names of [`UserVerification`].
#[derive(Deserialize)]
#[serde(remote = "UserVerification", rename_all = "kebab-case")]
enum UserVerificationName {
    Required,
    Optional,
}

/// The names of [`Backup`].
#[derive(Deserialize)]
#[serde(remote = "Backup", rename_all = "kebab-case")]
enum BackupName {
    Allow,
    RefuseBackedUp,
    RefuseEligible,
}

/// The names of [`CounterPolicy`].
#[derive(Deserialize)]
#[serde(remote = "CounterPolicy", rename_all = "kebab-case")]
enum CounterPolicyName {
    Refuse,
    Report,
}
