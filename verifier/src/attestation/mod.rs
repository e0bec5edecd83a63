//! Attestation: what the authenticator's maker says of a new credential (§6.5, §8).

mod android_key;
mod apple;
mod certificates;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod chain;
mod compound;
mod fido_u2f;
mod format;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod issued;
mod none;
mod packed;
mod tpm;

use crate::authenticator_data::AttestedCredentialData;
use crate::cbor::Value;
use crate::cose_key::PublicKey;
use crate::error::Error;
use crate::policy::{AttestationPolicy, Certified};
use crate::signature::SignatureVerifier;

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub use chain::can_be_root;
pub use compound::MAX_STATEMENTS as MAX_COMPOUND_STATEMENTS;
pub use format::Format;
pub use wx_soter_webauthn::attestation_object::{AttestationObject, MAX_SIZE};

/// What an attestation proved.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Attestation {
    /// Nothing.
    None,
    /// That whoever registered holds the private key.
    SelfAttestation,
    /// Nothing for certain: there is a certificate, whose issuer was not looked at.
    Uncertain {
        /// The certificates, DER, the attestation certificate first.
        certificates: Vec<Vec<u8>>,
    },
    /// That an authenticator certified by one of the policy's roots made the credential.
    Certified {
        /// The certificates, DER, the attestation certificate first.
        certificates: Vec<Vec<u8>>,
    },
}

/// What a verification procedure is given (§6.5.3).
#[derive(Clone, Copy)]
pub(crate) struct Inputs<'a> {
    pub statement: &'a Value<'a>,
    pub credential: &'a AttestedCredentialData<'a>,
    pub key: &'a PublicKey,
    /// Authenticator data and SHA-256 of the client data.
    pub message: &'a [u8],
}

impl Inputs<'_> {
    /// SHA-256 of the client data.
    pub fn client_data_hash(&self) -> Option<&[u8; 32]> {
        self.message.last_chunk()
    }
}

/// What a verification procedure found.
pub(crate) enum Statement {
    None,
    SelfSigned,
    Certified(Vec<Vec<u8>>),
    /// In the format `fido-u2f`, whose only certificate is issued by the root itself.
    CertifiedByTheRoot(Vec<u8>),
}

/// §7.1 steps 22 to 24: the format's verification procedure, and whether the policy takes what it found.
pub(crate) async fn verify(
    format: Option<Format>,
    inputs: &Inputs<'_>,
    policy: &AttestationPolicy,
    verifier: &impl SignatureVerifier,
) -> Result<Attestation, Error> {
    match format {
        Some(Format::Compound) => compound::verify(inputs, policy, verifier).await,
        simple => assess(verify_simple(simple, inputs, verifier).await?, policy),
    }
}

/// §7.1 step 22, for any format but `compound`.
async fn verify_simple(
    format: Option<Format>,
    inputs: &Inputs<'_>,
    verifier: &impl SignatureVerifier,
) -> Result<Statement, Error> {
    match format {
        Some(Format::AndroidKey) => android_key::verify(inputs, verifier).await,
        Some(Format::Apple) => apple::verify(inputs),
        // It does not stand within itself.
        Some(Format::Compound) => Err(Error::AttestationStatementMalformed),
        Some(Format::FidoU2f) => fido_u2f::verify(inputs, verifier).await,
        Some(Format::None) => none::verify(inputs.statement).map(|()| Statement::None),
        Some(Format::Packed) => packed::verify(inputs, verifier).await,
        Some(Format::Tpm) => tpm::verify(inputs, verifier).await,
        // One that is not known, which the policy takes for `none`.
        None => Ok(Statement::None),
    }
}

/// §7.1 steps 23 and 24: whether the policy takes it.
fn assess(statement: Statement, policy: &AttestationPolicy) -> Result<Attestation, Error> {
    match statement {
        Statement::None => policy.none.then_some(Attestation::None).ok_or(Error::AttestationMissing),
        Statement::SelfSigned => policy
            .self_attestation
            .then_some(Attestation::SelfAttestation)
            .ok_or(Error::SelfAttestationNotAllowed),
        Statement::Certified(certificates) => assess_certified(certificates, false, policy),
        Statement::CertifiedByTheRoot(certificate) => assess_certified(vec![certificate], true, policy),
    }
}

#[cfg_attr(
    not(any(feature = "ring", feature = "aws-lc-rs")),
    allow(unused_variables, reason = "without a native library no chain is followed")
)]
fn assess_certified(
    certificates: Vec<Vec<u8>>,
    is_by_the_root: bool,
    policy: &AttestationPolicy,
) -> Result<Attestation, Error> {
    match &policy.certified {
        Certified::Refuse => Err(Error::CertifiedAttestationNotAllowed),
        Certified::AsSelf if !policy.self_attestation => Err(Error::SelfAttestationNotAllowed),
        Certified::AsSelf if !policy.none => Err(Error::AttestationUntrusted),
        Certified::AsSelf => Ok(Attestation::Uncertain { certificates }),
        #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
        Certified::Roots { roots, now } => {
            let is_trusted = chain::leads_to_a_root(&certificates, roots, *now)
                || (is_by_the_root && issued::is_by_a_root(&certificates, roots, *now));
            is_trusted.then_some(Attestation::Certified { certificates }).ok_or(Error::AttestationUntrusted)
        }
    }
}
