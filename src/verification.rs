//! The local check: no answer of an authenticator becomes a success without passing here. The steps are those of
//! WebAuthn Level 3 that a client can take; a server takes all of them again, since it cannot trust this one.

use crate::attestation_object;
use crate::authenticator_data::AuthenticatorData;
use crate::base64url;
use crate::client_data;
use crate::device::Answer;
use crate::failure::{Failure, Reason};
use crate::key::Key;
use crate::packed::{self, packed};
use crate::signature::{Algorithm, es256_der_to_p1363};

/// What an answer must hold.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The challenge that was asked for, base64url.
    pub challenge: &'a str,
    /// This page's origin.
    pub origin: &'a str,
}

/// What does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotVerified {
    /// Client data is not JSON with a type, a challenge and an origin.
    ClientData,
    /// Client data has another type.
    Type,
    /// Client data has another challenge.
    Challenge,
    /// Client data has another origin.
    Origin,
    /// Authenticator data is too short.
    AuthenticatorData,
    /// The answer is for another relying party.
    RpId,
    /// The user-present bit is not set.
    UserPresent,
    /// The user-verified bit is not set, although verification was required.
    UserVerified,
    /// The answer comes from another key.
    Key,
    /// The new key cannot be used: no public key, or another algorithm than was asked for.
    PublicKey,
    /// The signature does not hold.
    Signature,
    /// What makes keys on this page has made one that does not hold, since the page was loaded.
    Unusable,
}

/// What each comes to, in words, in the order of [`NotVerified`].
const DETAILS: [&str; NotVerified::Unusable as usize + 1] = [
    "clientDataJSON cannot be read",
    "clientDataJSON has another type",
    "clientDataJSON has another challenge",
    "clientDataJSON has another origin",
    "authenticatorData cannot be read",
    "authenticatorData is for another RP id",
    "the user-present bit is not set",
    "the user-verified bit is not set",
    "another key answered",
    "the new key has no usable public key: the key manager's answer is incomplete. Turn that key manager off for this \
        page, or use another, then reload the page and try again",
    "the signature does not hold",
    "no further key is made, since the last one of this page's key manager was of no use: turn that key manager off for \
        this page, or use another, then reload the page and try again",
];
const PACKED_DETAILS: &str = packed!(DETAILS);

impl NotVerified {
    /// Whether an answer lacks what it has to have, as those of some key managers do.
    #[must_use]
    pub const fn is_incomplete(self) -> bool {
        matches!(self, Self::ClientData | Self::AuthenticatorData | Self::Key | Self::PublicKey)
    }
}

impl From<NotVerified> for Failure {
    fn from(what: NotVerified) -> Self {
        Self::with_detail(Reason::NotVerified, packed::get(PACKED_DETAILS, what as usize))
    }
}

/// Takes what an answer tells of the new key from its attestation object, which is what a server looks at. The accessors of
/// WebAuthn Level 2 tell the same; but key managers that stand in for the browser leave some out. They count where the
/// attestation object cannot be read.
#[must_use]
pub fn complete(mut answer: Answer) -> Answer {
    if let Some(attested) = attestation_object::read(&answer.attestation_object) {
        answer.public_key = base64url::encode(&attested.public_key);
        answer.algorithm = attested.algorithm.to_cose();
        let authenticator_data = attested.authenticator_data.to_vec();
        answer.authenticator_data = authenticator_data;
    }
    if answer.authenticator_data_base64url.is_empty() {
        answer.authenticator_data_base64url = base64url::encode(&answer.authenticator_data);
    }
    answer
}

/// Checks a registration and returns the new key's algorithm. Attestation is not asked for, so nothing is signed.
///
/// # Errors
/// The first thing that does not hold, in the order of §7.1.
pub fn check_registration(answer: &Answer, expected: Expected<'_>) -> Result<Algorithm, NotVerified> {
    let data = check_answer(answer, client_data::CREATE, expected)?; // steps 5 to 16
    let algorithm = Algorithm::from_cose(answer.algorithm).ok_or(NotVerified::PublicKey)?; // step 20
    if answer.public_key.is_empty() {
        Err(NotVerified::PublicKey)
    } else if answer.raw_id.is_empty() || data.attested_credential_id != Some(&answer.raw_id) {
        Err(NotVerified::Key)
    } else {
        Ok(algorithm)
    }
}

/// Checks an assertion against the remembered key, all but the signature. Returns that in WebCrypto's form, for steps 20
/// and 21, and the signature counter.
///
/// # Errors
/// The first thing that does not hold, in the order of §7.2.
pub fn check_assertion(
    answer: &Answer,
    expected: Expected<'_>,
    key: &Key,
) -> Result<(Vec<u8>, u32), NotVerified> {
    if answer.id != key.id {
        return Err(NotVerified::Key); // step 5
    }
    let data = check_answer(answer, client_data::GET, expected)?; // steps 7 to 17
    let signature = match key.algorithm {
        Algorithm::Es256 => es256_der_to_p1363(&answer.signature).ok_or(NotVerified::Signature)?,
        Algorithm::Rs256 => answer.signature.clone(),
    };
    Ok((signature, data.sign_count))
}

fn check_answer<'a>(
    answer: &'a Answer,
    kind: &str,
    expected: Expected<'_>,
) -> Result<AuthenticatorData<'a>, NotVerified> {
    let client_data = &answer.client_data;
    let what = if !client_data.is_complete() || answer.client_data_json.is_empty() {
        NotVerified::ClientData
    } else if client_data.kind != kind {
        NotVerified::Type
    } else if client_data.challenge != expected.challenge {
        NotVerified::Challenge
    } else if client_data.origin != expected.origin {
        NotVerified::Origin
    } else {
        match AuthenticatorData::parse(&answer.authenticator_data) {
            None => NotVerified::AuthenticatorData,
            Some(data) if *data.rp_id_hash != *answer.expected_rp_id_hash => NotVerified::RpId,
            Some(data) if !data.flags.user_present() => NotVerified::UserPresent,
            Some(data) if !data.flags.user_verified() => NotVerified::UserVerified,
            Some(data) => return Ok(data),
        }
    };
    Err(what)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Expected, NotVerified, check_assertion, check_registration};
    use crate::client_data::ClientData;
    use crate::device::Answer;
    use crate::key::Key;
    use crate::scripted_device::holds;
    use crate::signature::Algorithm;
    use crate::snapshot::{Snapshot, write};
    use crate::vectors::{self, Vector};
    use base64ct::{Base64UrlUnpadded, Encoding as _};
    use serde_json::json;

    const ORIGIN: &str = "https://example.org";

    fn base64url(bytes: &[u8]) -> String {
        Base64UrlUnpadded::encode_string(bytes)
    }

    fn es256() -> impl Iterator<Item = &'static Vector> {
        vectors::ALL.iter().filter(|vector| vector.algorithm == Algorithm::Es256)
    }

    fn key(vector: &Vector) -> Key {
        Key {
            id: base64url(&vector.credential_id()),
            algorithm: vector.algorithm,
            public_key: base64url(&vector.public_key()),
            user_handle: "AQ".into(),
            ..Key::default()
        }
    }

    fn client_data(json: &[u8]) -> ClientData {
        let client_data: serde_json::Value = serde_json::from_slice(json).unwrap_or_default();
        let paths = "clientData.type clientData.challenge clientData.origin";
        ClientData::read(&Snapshot::read(&write(&json!({ "clientData": client_data }), paths)))
    }

    fn answer(vector: &Vector, client_data_json: &[u8], authenticator_data: Vec<u8>) -> Answer {
        Answer {
            id: base64url(&vector.credential_id()),
            raw_id: vector.credential_id(),
            client_data: client_data(client_data_json),
            client_data_json: base64url(client_data_json),
            authenticator_data,
            expected_rp_id_hash: vectors::sha256(b"example.org").to_vec(),
            ..Answer::default()
        }
    }

    fn assertion(vector: &Vector) -> Answer {
        Answer {
            signature: vector.assertion_signature(),
            ..answer(vector, &vector.assertion_client_data_json(), vector.assertion_authenticator_data())
        }
    }

    fn check(vector: &Vector, assertion: &Answer, challenge: &str, origin: &str) -> Result<u32, NotVerified> {
        let (signature, sign_count) =
            check_assertion(assertion, Expected { challenge, origin }, &key(vector))?;
        if holds(assertion, &key(vector), &signature) { Ok(sign_count) } else { Err(NotVerified::Signature) }
    }

    #[test]
    fn the_specifications_assertions_hold_where_the_user_was_verified() {
        let (mut verified, mut not_verified) = (0, 0);
        for vector in es256() {
            let checked =
                check(vector, &assertion(vector), &base64url(&vector.assertion_challenge()), ORIGIN);
            if vector.assertion_authenticator_data()[32] & 0x04 == 0 {
                assert_eq!(checked, Err(NotVerified::UserVerified), "{}", vector.name);
                not_verified += 1;
            } else {
                assert!(checked.is_ok(), "{}", vector.name);
                verified += 1;
            }
        }
        assert!(verified > 0 && not_verified > 0, "the vectors have both");
    }

    #[test]
    fn the_specifications_registrations_hold_where_the_user_was_verified() {
        let mut verified = 0;
        for vector in vectors::ALL.iter() {
            let challenge = base64url(&vector.registration_challenge());
            let registration = Answer {
                public_key: base64url(&vector.public_key()),
                algorithm: if vector.algorithm == Algorithm::Es256 { -7 } else { -257 },
                ..answer(
                    vector,
                    &vector.registration_client_data_json(),
                    vector.registration_authenticator_data(),
                )
            };
            let checked =
                check_registration(&registration, Expected { challenge: &challenge, origin: ORIGIN });
            if vector.registration_authenticator_data()[32] & 0x04 == 0 {
                assert_eq!(checked, Err(NotVerified::UserVerified), "{}", vector.name);
            } else {
                assert_eq!(checked, Ok(vector.algorithm), "{}", vector.name);
                verified += 1;
            }
        }
        assert!(verified > 0);
    }

    #[test]
    fn rs256_signatures_are_passed_on_as_they_are() {
        let vector = vectors::ALL.iter().find(|vector| vector.algorithm == Algorithm::Rs256).unwrap();
        let (answer, challenge) = (assertion(vector), base64url(&vector.assertion_challenge()));
        let checked =
            check_assertion(&answer, Expected { challenge: &challenge, origin: ORIGIN }, &key(vector));
        if vector.assertion_authenticator_data()[32] & 0x04 == 0 {
            assert_eq!(checked, Err(NotVerified::UserVerified));
        } else {
            assert_eq!(checked.unwrap().0, vector.assertion_signature());
        }
    }

    #[test]
    fn another_origin_challenge_or_rp_id_does_not_hold() {
        let vector = es256().find(|vector| vector.assertion_authenticator_data()[32] & 0x04 != 0).unwrap();
        let challenge = base64url(&vector.assertion_challenge());
        let mut assertion = assertion(vector);
        assert_eq!(check(vector, &assertion, "another", ORIGIN), Err(NotVerified::Challenge));
        assert_eq!(check(vector, &assertion, "", ORIGIN), Err(NotVerified::Challenge));
        assert_eq!(
            check(vector, &assertion, &challenge, "https://example.org:8443"),
            Err(NotVerified::Origin)
        );
        assertion.expected_rp_id_hash = vectors::sha256(b"www.example.org").to_vec();
        assert_eq!(check(vector, &assertion, &challenge, ORIGIN), Err(NotVerified::RpId));
    }
}
