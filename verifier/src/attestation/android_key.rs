//! Attestation statement format `android-key` (§8.4): a key of Android's keystore, whose certificate says where the key is
//! from and what it may do.

use super::{Inputs, Statement, certificates};
use crate::cbor::Value;
use crate::error::Error;
use crate::signature::{self, SignatureVerifier, Signed};
use x509_cert::TbsCertificate;
use x509_cert::der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef, SetOfVec};
use x509_cert::der::{Decode, Tag, TagNumber, Tagged};

/// The extension that holds a `KeyDescription` (Android, "Key and ID attestation").
const KEY_DESCRIPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.1.17");

/// §7.1 step 22 for `android-key`: the verification procedure of §8.4.
pub(super) async fn verify(
    inputs: &Inputs<'_>,
    verifier: &impl SignatureVerifier,
) -> Result<Statement, Error> {
    // 1. The syntax.
    let statement = AndroidKey::read(inputs.statement).ok_or(Error::AttestationStatementMalformed)?;
    // 2. The signature.
    let certificate = certificates::first(&statement.certificates)?;
    let key = certificates::key_for(&certificate, statement.algorithm)?;
    let signed = Signed { key: &key, message: inputs.message, signature: statement.signature };
    if !verifier.holds(signed).await {
        return Err(Error::AttestationSignatureInvalid);
    }
    // 3. The key.
    if key != *inputs.key {
        return Err(Error::AttestationKeyMismatch);
    }
    // 4. The challenge.
    let description = KeyDescription::of(&certificate).ok_or(Error::AttestationCertificateUnsuitable)?;
    if inputs.client_data_hash().is_none_or(|hash| description.challenge != hash) {
        return Err(Error::AttestationChallengeMismatch);
    }
    // 5. The authorization lists.
    description.is_suitable().then_some(()).ok_or(Error::AttestationCertificateUnsuitable)?;
    // 6.
    Ok(Statement::Certified(certificates::path(&statement.certificates)))
}

/// The statement.
struct AndroidKey<'a> {
    algorithm: i64,
    signature: &'a [u8],
    certificates: Vec<&'a [u8]>,
}

impl<'a> AndroidKey<'a> {
    fn read(statement: &Value<'a>) -> Option<Self> {
        let algorithm = statement.get("alg")?.as_integer()?;
        let signature =
            statement.get("sig")?.as_bytes().filter(|bytes| bytes.len() <= signature::MAX_SIZE)?;
        let certificates = certificates::x5c(statement)?;
        (statement.as_map()?.len() == 3).then_some(Self { algorithm, signature, certificates })
    }
}

/// What the certificate says of its key, as far as §8.4 looks at it.
struct KeyDescription {
    challenge: Vec<u8>,
    software_enforced: Authorizations,
    tee_enforced: Authorizations,
}

impl KeyDescription {
    fn of(certificate: &TbsCertificate) -> Option<Self> {
        let extension = certificates::extension(certificate, KEY_DESCRIPTION)?;
        let members = <Vec<AnyRef<'_>>>::from_der(extension.extn_value.as_bytes()).ok()?;
        // Versions and security levels, the challenge, a unique id, the two lists.
        let [_, _, _, _, challenge, _, software_enforced, tee_enforced] =
            <[AnyRef<'_>; 8]>::try_from(members).ok()?;
        Some(Self {
            challenge: challenge.decode_as::<&OctetStringRef>().ok()?.as_bytes().to_vec(),
            software_enforced: Authorizations::read(software_enforced)?,
            tee_enforced: Authorizations::read(tee_enforced)?,
        })
    }

    /// Made by the keystore itself, for signatures, and not for every app. The union of both lists counts: whether a key
    /// lies in hardware is told by the root that its certificates lead to.
    ///
    /// Origin and purpose must be right in each list that has them. One that neither list has is let pass, as in the
    /// specification's own test vector; Android writes both.
    fn is_suitable(&self) -> bool {
        [&self.software_enforced, &self.tee_enforced].into_iter().all(Authorizations::is_suitable)
    }
}

/// An `AuthorizationList`.
struct Authorizations {
    is_for_all_applications: bool,
    origin: Option<u64>,
    purposes: Option<Vec<u64>>,
}

impl Authorizations {
    /// `KM_ORIGIN_GENERATED`
    const GENERATED: u64 = 0;
    /// `KM_PURPOSE_SIGN`
    const SIGN: u64 = 2;

    fn read(list: AnyRef<'_>) -> Option<Self> {
        const PURPOSE: u32 = 1;
        const ALL_APPLICATIONS: u32 = 600;
        const ORIGIN: u32 = 702;
        let entries = list.decode_as::<Vec<AnyRef<'_>>>().ok()?;
        let entry = |number: u32| {
            let tag = Tag::ContextSpecific { constructed: true, number: TagNumber(number) };
            entries.iter().find(|entry| entry.tag() == tag).map(|entry| entry.value())
        };
        let origin = entry(ORIGIN).map(u64::from_der).transpose().ok()?;
        let purposes = entry(PURPOSE).map(<SetOfVec<u64>>::from_der).transpose().ok()?;
        Some(Self {
            is_for_all_applications: entry(ALL_APPLICATIONS).is_some(),
            origin,
            purposes: purposes.map(|purposes| purposes.iter().copied().collect()),
        })
    }

    fn is_suitable(&self) -> bool {
        !self.is_for_all_applications
            && self.origin.is_none_or(|origin| origin == Self::GENERATED)
            && self.purposes.as_ref().is_none_or(|purposes| purposes == &[Self::SIGN])
    }
}
