//! The local check: no answer of an authenticator becomes a success without passing here. The steps are those of
//! WebAuthn Level 3 that a client can take; a server takes all of them again, since it cannot trust this one.

use crate::authenticator_data::AuthenticatorData;
use crate::base64url;
use crate::client_data::{self, ClientData};
use crate::device::{Assertion, Crypto, Json, Registration};
use crate::failure::{Failure, Reason};
use crate::key::Key;
use crate::signature::Algorithm;

/// What an answer must hold.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The challenge that was asked for.
    pub challenge: &'a [u8],
    /// This page's origin.
    pub origin: &'a str,
    /// The relying party's id.
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
}

impl NotVerified {
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
            Self::PublicKey => "the new key has no usable public key",
            Self::Signature => "the signature does not hold",
        }
    }
}

impl From<NotVerified> for Failure {
    fn from(what: NotVerified) -> Self {
        Self::with_detail(Reason::NotVerified, what.detail())
    }
}

/// Checks a registration and makes the key to remember of it. Attestation is not asked for, so nothing is signed.
///
/// # Errors
/// The first thing that does not hold, in the order of §7.1.
pub async fn check_registration<D: Crypto + Json>(
    device: &D,
    registration: &Registration,
    expected: Expected<'_>,
    user_handle: &[u8],
) -> Result<Key, NotVerified> {
    check_client_data(
        device,
        &registration.client_data_json,
        client_data::CREATE,
        expected,
    )?; // steps 5 to 9
    let data = check_authenticator_data(device, &registration.authenticator_data, expected).await?; // steps 14 to 16
    let algorithm = Algorithm::from_cose(registration.algorithm).ok_or(NotVerified::PublicKey)?; // step 20
    if registration.public_key.is_empty() {
        return Err(NotVerified::PublicKey);
    }
    if registration.id.is_empty() || data.attested_credential_id.as_deref() != Some(&registration.id) {
        return Err(NotVerified::Key);
    }
    Ok(Key {
        id: registration.id.clone(),
        algorithm,
        public_key: registration.public_key.clone(),
        user_handle: user_handle.to_vec(),
        refusals: 0,
    })
}

/// Checks an assertion against the remembered key.
///
/// # Errors
/// The first thing that does not hold, in the order of §7.2.
pub async fn check_assertion<D: Crypto + Json>(
    device: &D,
    assertion: &Assertion,
    expected: Expected<'_>,
    key: &Key,
) -> Result<AuthenticatorData, NotVerified> {
    if assertion.id != key.id {
        return Err(NotVerified::Key); // step 5
    }
    check_client_data(device, &assertion.client_data_json, client_data::GET, expected)?; // steps 7 to 12
    let data = check_authenticator_data(device, &assertion.authenticator_data, expected).await?; // steps 15 to 17
    let hash = device.sha256(&assertion.client_data_json).await; // step 20
    let signed = [assertion.authenticator_data.as_slice(), &hash].concat();
    if !device.verify(key, &signed, &assertion.signature).await {
        return Err(NotVerified::Signature); // step 21
    }
    Ok(data)
}

fn check_client_data(
    device: &impl Json,
    json: &[u8],
    kind: &str,
    expected: Expected<'_>,
) -> Result<(), NotVerified> {
    let client_data: ClientData = device.parse_client_data(json).ok_or(NotVerified::ClientData)?;
    if client_data.kind != kind {
        return Err(NotVerified::Type);
    }
    if client_data.challenge != base64url::encode(expected.challenge) {
        return Err(NotVerified::Challenge);
    }
    if client_data.origin != expected.origin {
        return Err(NotVerified::Origin);
    }
    Ok(())
}

async fn check_authenticator_data(
    device: &impl Crypto,
    bytes: &[u8],
    expected: Expected<'_>,
) -> Result<AuthenticatorData, NotVerified> {
    let data = AuthenticatorData::parse(bytes).ok_or(NotVerified::AuthenticatorData)?;
    if data.rp_id_hash != device.sha256(expected.rp_id.as_bytes()).await {
        return Err(NotVerified::RpId);
    }
    if !data.flags.user_present() {
        return Err(NotVerified::UserPresent);
    }
    if !data.flags.user_verified() {
        return Err(NotVerified::UserVerified);
    }
    Ok(data)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Expected, NotVerified, check_assertion, check_registration};
    use crate::device::{Assertion, Registration};
    use crate::key::Key;
    use crate::scripted_device::ScriptedDevice;
    use crate::signature::Algorithm;
    use crate::vectors::{self, Vector};
    use pollster::block_on;

    const ORIGIN: &str = "https://example.org";
    const RP_ID: &str = "example.org";

    fn es256() -> impl Iterator<Item = &'static Vector> {
        vectors::ALL
            .iter()
            .filter(|vector| vector.algorithm == Algorithm::Es256)
    }

    fn key(vector: &Vector) -> Key {
        Key {
            id: vector.credential_id(),
            algorithm: vector.algorithm,
            public_key: vector.public_key(),
            user_handle: vec![1],
            refusals: 0,
        }
    }

    fn assertion(vector: &Vector) -> Assertion {
        Assertion {
            id: vector.credential_id(),
            client_data_json: vector.assertion_client_data_json(),
            authenticator_data: vector.assertion_authenticator_data(),
            signature: vector.assertion_signature(),
        }
    }

    #[test]
    fn the_specifications_assertions_hold_where_the_user_was_verified() {
        let (mut verified, mut not_verified) = (0, 0);
        for vector in es256() {
            let challenge = vector.assertion_challenge();
            let expected = Expected {
                challenge: &challenge,
                origin: ORIGIN,
                rp_id: RP_ID,
            };
            let checked = block_on(check_assertion(
                &ScriptedDevice::default(),
                &assertion(vector),
                expected,
                &key(vector),
            ));
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
            let challenge = vector.registration_challenge();
            let expected = Expected {
                challenge: &challenge,
                origin: ORIGIN,
                rp_id: RP_ID,
            };
            let registration = Registration {
                id: vector.credential_id(),
                client_data_json: vector.registration_client_data_json(),
                authenticator_data: vector.registration_authenticator_data(),
                public_key: vector.public_key(),
                algorithm: vector.algorithm.cose(),
                ..Registration::default()
            };
            let checked = block_on(check_registration(
                &ScriptedDevice::default(),
                &registration,
                expected,
                &[1],
            ));
            if vector.registration_authenticator_data()[32] & 0x04 == 0 {
                assert_eq!(checked, Err(NotVerified::UserVerified), "{}", vector.name);
            } else {
                assert_eq!(checked, Ok(key(vector)), "{}", vector.name);
                verified += 1;
            }
        }
        assert!(verified > 0);
    }

    #[test]
    fn another_origin_challenge_or_rp_id_does_not_hold() {
        let vector = es256()
            .find(|vector| vector.assertion_authenticator_data()[32] & 0x04 != 0)
            .unwrap();
        let challenge = vector.assertion_challenge();
        let good = Expected {
            challenge: &challenge,
            origin: ORIGIN,
            rp_id: RP_ID,
        };
        let rows = [
            (
                Expected {
                    challenge: b"another",
                    ..good
                },
                NotVerified::Challenge,
            ),
            (
                Expected {
                    origin: "https://example.org:8443",
                    ..good
                },
                NotVerified::Origin,
            ),
            (
                Expected {
                    rp_id: "www.example.org",
                    ..good
                },
                NotVerified::RpId,
            ),
        ];
        for (expected, what) in rows {
            let checked = block_on(check_assertion(
                &ScriptedDevice::default(),
                &assertion(vector),
                expected,
                &key(vector),
            ));
            assert_eq!(checked, Err(what));
        }
    }
}
