//! What becomes of a call, as one text for JavaScript.

use crate::key::Key;
use serde::Serialize;
use wx_soter_verifier::assertion::{Assertion, Counter};
use wx_soter_verifier::attestation::Attestation;
use wx_soter_verifier::registration::Registration;
use wx_soter_verifier::{CredentialRecord, Error};
use wx_soter_webauthn::base64url::Base64UrlBytes;

/// What became of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It holds.
    Verified(Verified),
    /// It does not.
    Refused(Refused),
    /// It could not be found out, for this reason.
    Failed(String),
}

impl Outcome {
    /// `pkg/lib/server/options.js` has let something through.
    pub(crate) fn unreadable_options(error: &serde_json::Error) -> Self {
        Self::Failed(format!("cannot read the options: {error}"))
    }

    /// The text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // It has no map whose keys are no text, which is all that could fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What holds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    key: Key,
    counter: u32,
    user_verified: bool,
    backed_up: bool,
    #[serde(flatten)]
    more: More,
}

#[derive(Serialize)]
#[serde(untagged)]
enum More {
    OfRegistration {
        attestation: AttestationFound,
        aaguid: String,
    },
    #[serde(rename_all = "camelCase")]
    OfAssertion {
        counter_state: &'static str,
    },
}

#[derive(Serialize)]
struct AttestationFound {
    #[serde(rename = "type")]
    kind: &'static str,
    certificates: Vec<Base64UrlBytes>,
}

/// Why it does not.
#[derive(Serialize)]
pub struct Refused {
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<String>,
    message: String,
}

impl Verified {
    fn new(record: CredentialRecord, counter: u32, user_verified: bool, more: More) -> Self {
        Self { backed_up: record.backup_state, key: record.into(), counter, user_verified, more }
    }
}

impl From<Registration> for Verified {
    fn from(registration: Registration) -> Self {
        let more = More::OfRegistration {
            attestation: registration.attestation.into(),
            aaguid: uuid(registration.aaguid),
        };
        Self::new(
            registration.record.clone(),
            registration.record.sign_count,
            registration.user_verified,
            more,
        )
    }
}

impl From<Assertion> for Verified {
    fn from(assertion: Assertion) -> Self {
        // The one that was signed now; the record keeps the highest.
        let (counter, counter_state) = match assertion.counter {
            Counter::NotKept => (0, "not-kept"),
            Counter::Increased => (assertion.record.sign_count, "increased"),
            Counter::NotIncreased { received, .. } => (received, "not-increased"),
        };
        Self::new(assertion.record, counter, assertion.user_verified, More::OfAssertion { counter_state })
    }
}

impl From<Attestation> for AttestationFound {
    fn from(attestation: Attestation) -> Self {
        let (kind, certificates) = match attestation {
            Attestation::None => ("none", Vec::new()),
            Attestation::SelfAttestation => ("self", Vec::new()),
            Attestation::Uncertain { certificates } => ("uncertain", certificates),
            // Does not come: no roots are given to this module, which could not check chains.
            Attestation::Certified { certificates } => ("certified", certificates),
            // What is newer than this list is told as what proves least.
            _ => ("none", Vec::new()),
        };
        Self { kind, certificates: certificates.into_iter().map(Base64UrlBytes).collect() }
    }
}

/// The model as vendors and lists of models write it.
fn uuid(aaguid: [u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (place, byte) in aaguid.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

impl Refused {
    pub(crate) fn registration(error: Error) -> Self {
        Self::new(error, "§7.1", error.registration_step())
    }

    pub(crate) fn assertion(error: Error) -> Self {
        Self::new(error, "§7.2", error.authentication_step())
    }

    fn new(error: Error, section: &str, step: Option<&str>) -> Self {
        let step = step.map(|step| format!("WebAuthn Level 3, {section} step {step}"));
        Self { reason: error.code(), step, message: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Refused, uuid};
    use wx_soter_verifier::Error;

    #[test]
    fn a_reason_comes_with_its_step() {
        let refused = serde_json::to_string(&Refused::assertion(Error::ChallengeMismatch)).unwrap();
        let step = "WebAuthn Level 3, §7.2 step 11";
        let message = "the challenge is not the one that was sent";
        assert_eq!(
            refused,
            format!(r#"{{"reason":"challenge-mismatch","step":"{step}","message":"{message}"}}"#)
        );
        assert_eq!(Refused::registration(Error::ResultMalformed).step, None);
    }

    #[test]
    fn a_model_is_written_as_lists_of_models_have_it() {
        let text = uuid(*b"\x08\x98\x70\x58\xca\xdc\x4b\x81\xb6\xe1\x30\xde\x50\xdc\xbe\x96");
        assert_eq!(text, "08987058-cadc-4b81-b6e1-30de50dcbe96");
    }
}
