//! The local check: no response of an authenticator becomes a success without passing here. The steps are those of
//! WebAuthn Level 3 that a client can take; a server takes all of them again, since it cannot trust this one.

use crate::authenticator::ALGORITHMS;
use crate::failure::{Failure, Reason};
use crate::key::Key;
use sha2::{Digest as _, Sha256};
use wx_soter_webauthn::algorithm::Algorithm;
use wx_soter_webauthn::attestation_object::AttestationObject;
use wx_soter_webauthn::authenticator_data::AuthenticatorData;
use wx_soter_webauthn::client_data::{self, ClientData};
use wx_soter_webauthn::cose_key::PublicKey;
use wx_soter_webauthn::json::RegistrationResponseJson;
use wx_soter_webauthn::response::{AssertionResponse, AttestationResponse};
use wx_soter_webauthn::{base64url, ecdsa_signature};

/// What a response must hold. None of it comes from the device.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The challenge that was asked for.
    pub challenge: &'a [u8],
    /// This page's origin.
    pub origin: &'a str,
    /// The RP id that was asked for.
    pub rp_id: &'a str,
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
    /// Authenticator data cannot be read.
    AuthenticatorData,
    /// The response is for another relying party.
    RpId,
    /// The user-present bit is not set.
    UserPresent,
    /// The user-verified bit is not set, although verification was required.
    UserVerified,
    /// The response comes from another key.
    Key,
    /// The new key cannot be used: no attestation object with a public key, or another algorithm than was asked for.
    PublicKey,
    /// The signature does not hold.
    Signature,
    /// What makes keys on this page has made one that does not hold, since the page was loaded.
    Unusable,
}

impl NotVerified {
    /// Whether a response lacks what it has to have, as those of some key managers do.
    #[must_use]
    pub const fn is_incomplete(self) -> bool {
        matches!(self, Self::ClientData | Self::AuthenticatorData | Self::Key | Self::PublicKey)
    }

    const fn detail(self) -> &'static str {
        match self {
            Self::ClientData => "clientDataJSON cannot be read",
            Self::Type => "clientDataJSON has another type",
            Self::Challenge => "clientDataJSON has another challenge",
            Self::Origin => "clientDataJSON has another origin",
            Self::AuthenticatorData => "authenticatorData cannot be read",
            Self::RpId => "authenticatorData is for another RP id",
            Self::UserPresent => "the user-present bit is not set",
            Self::UserVerified => "the user-verified bit is not set",
            Self::Key => "another key answered",
            Self::PublicKey => {
                "the new key has no usable public key: the key manager's answer is incomplete. Turn that key manager off for \
                 this page, or use another, then reload the page and try again"
            }
            Self::Signature => "the signature does not hold",
            Self::Unusable => {
                "no further key is made, since the last one of this page's key manager was of no use: turn that key manager \
                 off for this page, or use another, then reload the page and try again"
            }
        }
    }
}

impl From<NotVerified> for Failure {
    fn from(what: NotVerified) -> Self {
        Self::with_detail(Reason::NotVerified, what.detail())
    }
}

/// A new key, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// What it signs with, one of [`ALGORITHMS`].
    pub algorithm: Algorithm,
    /// `SubjectPublicKeyInfo`, DER.
    pub public_key: Vec<u8>,
    /// What the page and its server get to know of it.
    pub registration: RegistrationResponseJson,
}

/// Checks a registration, whose client data have been read. Attestation is not asked for, so nothing is signed.
///
/// All is read from the attestation object, which is what a server looks at. Of the accessors of WebAuthn Level 2 that tell
/// the same, key managers that stand in for the browser leave some out.
///
/// # Errors
/// The first thing that does not hold, in the order of §7.1.
pub fn check_registration(
    response: &AttestationResponse,
    client_data: Option<&ClientData>,
    expected: Expected<'_>,
) -> Result<NewKey, NotVerified> {
    check_client_data(client_data, client_data::CREATE, expected)?; // steps 5 to 10
    let object =
        AttestationObject::parse(&response.attestation_object).map_err(|_| NotVerified::PublicKey)?; // step 12
    let data = check_authenticator_data(object.authenticator_data, expected)?; // steps 13 to 15
    let attested = data.new_credential().map_err(|_| NotVerified::PublicKey)?;
    let public_key = PublicKey::from_cose(attested.public_key).map_err(|_| NotVerified::PublicKey)?;
    let algorithm = public_key.algorithm();
    if !ALGORITHMS.contains(&algorithm) {
        return Err(NotVerified::PublicKey); // step 20
    }
    if response.id.is_empty() || attested.credential_id != response.id {
        return Err(NotVerified::Key);
    }
    let registration = response.clone().try_into().map_err(|_| NotVerified::PublicKey)?;
    Ok(NewKey { algorithm, public_key: public_key.to_spki(), registration })
}

/// An assertion of which all holds but the signature, which takes the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The signature in WebCrypto's form.
    pub signature: Vec<u8>,
    /// What it has to be over (step 21).
    pub message: Vec<u8>,
    /// The signature counter.
    pub sign_count: u32,
}

/// Checks an assertion, whose client data have been read, against the remembered key, all but the signature.
///
/// # Errors
/// The first thing that does not hold, in the order of §7.2.
pub fn check_assertion(
    response: &AssertionResponse,
    client_data: Option<&ClientData>,
    expected: Expected<'_>,
    key: &Key,
) -> Result<Signed, NotVerified> {
    if response.id != key.id {
        return Err(NotVerified::Key); // step 5
    }
    check_client_data(client_data, client_data::GET, expected)?; // steps 7 to 13
    let data = check_authenticator_data(&response.authenticator_data, expected)?; // steps 14 to 17
    let signature = match key.algorithm {
        Algorithm::Es256 => {
            ecdsa_signature::from_der(&response.signature).ok_or(NotVerified::Signature)?.to_vec()
        }
        _ => response.signature.clone(),
    };
    let client_data_hash = Sha256::digest(&response.client_data_json);
    let message = [response.authenticator_data.as_slice(), client_data_hash.as_slice()].concat();
    Ok(Signed { signature, message, sign_count: data.sign_count })
}

fn check_client_data(
    client_data: Option<&ClientData>,
    kind: &str,
    expected: Expected<'_>,
) -> Result<(), NotVerified> {
    let client_data = client_data.ok_or(NotVerified::ClientData)?;
    if client_data.kind != kind {
        Err(NotVerified::Type)
    } else if client_data.challenge != base64url::encode(expected.challenge) {
        Err(NotVerified::Challenge)
    } else if client_data.origin != expected.origin {
        Err(NotVerified::Origin)
    } else {
        Ok(())
    }
}

fn check_authenticator_data<'a>(
    bytes: &'a [u8],
    expected: Expected<'_>,
) -> Result<AuthenticatorData<'a>, NotVerified> {
    let data = AuthenticatorData::parse(bytes).map_err(|_| NotVerified::AuthenticatorData)?;
    // A server refuses it (§7.1 step 17, §7.2 step 18).
    if data.flags.backup_state() && !data.flags.backup_eligible() {
        Err(NotVerified::AuthenticatorData)
    } else if data.rp_id_hash.as_slice() != Sha256::digest(expected.rp_id).as_slice() {
        Err(NotVerified::RpId)
    } else if !data.flags.user_present() {
        Err(NotVerified::UserPresent)
    } else if !data.flags.user_verified() {
        Err(NotVerified::UserVerified)
    } else {
        Ok(data)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Expected, NotVerified, check_assertion, check_registration};
    use crate::client_data;
    use crate::key::Key;
    use crate::scripted_platform::ScriptedPlatform;
    use wx_soter_webauthn::ClientData;
    use wx_soter_webauthn::algorithm::Algorithm;
    use wx_soter_webauthn::vectors::{self, Vector};

    const ORIGIN: &str = "https://example.org";

    fn expected<'a>(challenge: &'a [u8], origin: &'a str, rp_id: &'a str) -> Expected<'a> {
        Expected { challenge, origin, rp_id }
    }

    fn client_data(json: &[u8]) -> Option<ClientData> {
        client_data::read(&ScriptedPlatform::default(), json)
    }

    fn key(vector: &Vector) -> Key {
        Key {
            id: vector.credential_id.clone(),
            algorithm: vector.algorithm().unwrap(),
            public_key: Vec::new(),
            user_handle: vec![1],
            refusals: 0,
            probes: 0,
            replacements: 0,
        }
    }

    fn was_verified(authenticator_data: &[u8]) -> bool {
        authenticator_data[32] & 0x04 != 0
    }

    #[test]
    fn the_specifications_assertions_hold_where_the_user_was_verified() {
        let (mut verified, mut not_verified) = (0, 0);
        for vector in vectors::of_client() {
            let assertion = &vector.assertion;
            let expected = expected(&assertion.challenge, ORIGIN, "example.org");
            let checked = check_assertion(
                &vector.assertion_response(),
                client_data(&assertion.client_data_json).as_ref(),
                expected,
                &key(&vector),
            );
            if was_verified(&assertion.authenticator_data) {
                let checked = checked.unwrap();
                assert!(checked.message.starts_with(&assertion.authenticator_data), "{}", vector.name);
                let is_rewritten = vector.algorithm() == Some(Algorithm::Es256);
                assert_eq!(checked.signature != assertion.signature, is_rewritten, "{}", vector.name);
                verified += 1;
            } else {
                assert_eq!(checked, Err(NotVerified::UserVerified), "{}", vector.name);
                not_verified += 1;
            }
        }
        assert!(verified > 0 && not_verified > 0, "the vectors have both");
    }

    #[test]
    fn the_specifications_registrations_hold_where_the_user_was_verified() {
        let mut verified = 0;
        for vector in vectors::of_client() {
            let registration = &vector.registration;
            let expected = expected(&registration.challenge, ORIGIN, "example.org");
            let checked = check_registration(
                &vector.attestation_response(),
                client_data(&registration.client_data_json).as_ref(),
                expected,
            );
            if was_verified(&registration.authenticator_data) {
                assert_eq!(Some(checked.unwrap().algorithm), vector.algorithm(), "{}", vector.name);
                verified += 1;
            } else {
                assert_eq!(checked, Err(NotVerified::UserVerified), "{}", vector.name);
            }
        }
        assert!(verified > 0);
    }

    #[test]
    fn another_origin_challenge_or_rp_id_does_not_hold() {
        let vector = vectors::of_client()
            .into_iter()
            .find(|vector| was_verified(&vector.assertion.authenticator_data))
            .unwrap();
        let challenge = vector.assertion.challenge.clone();
        let check = |challenge: &[u8], origin, rp_id| {
            check_assertion(
                &vector.assertion_response(),
                client_data(&vector.assertion.client_data_json).as_ref(),
                expected(challenge, origin, rp_id),
                &key(&vector),
            )
        };
        assert!(check(&challenge, ORIGIN, "example.org").is_ok());
        assert_eq!(check(b"another", ORIGIN, "example.org"), Err(NotVerified::Challenge));
        assert_eq!(check(b"", ORIGIN, "example.org"), Err(NotVerified::Challenge));
        assert_eq!(check(&challenge, "https://example.org:8443", "example.org"), Err(NotVerified::Origin));
        assert_eq!(check(&challenge, ORIGIN, "www.example.org"), Err(NotVerified::RpId));
    }
}
