//! What an authenticator is asked, and how it is to answer.

use alloc::vec::Vec;
use sha2::{Digest as _, Sha256};
use wx_soter_webauthn::{ClientData, Flags};

/// The model. A server can tell by it that a key is of this authenticator.
pub const AAGUID: [u8; 16] = *b"wx-soter:emulate";

/// How a new credential is attested (§6.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Attestation {
    /// Not at all (§8.7), which is what browsers hand out unless asked for more.
    #[default]
    None,
    /// By the credential's own signature, in the format `packed` (§8.2).
    PackedSelf,
}

/// What a client asks for (§6.3.2, §6.3.3), and what the authenticator is to say of itself and of the person.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The RP id.
    pub rp_id: &'a str,
    /// The client data. An authenticator is told their hash only, but responses have them too.
    pub client_data_json: Vec<u8>,
    /// Whether the person was there and was verified, and what is backed up. AT and ED follow from the rest.
    pub flags: Flags,
    /// The model that a new credential is said to be of.
    pub aaguid: [u8; 16],
    /// The outputs of extensions, a CBOR map; empty for none.
    pub extensions: &'a [u8],
    /// How a new credential is attested.
    pub attestation: Attestation,
}

impl<'a> Request<'a> {
    /// A request that is met by a person who was there and was verified.
    #[must_use]
    pub fn new(rp_id: &'a str, client_data: &ClientData) -> Self {
        Self {
            rp_id,
            client_data_json: client_data.to_json().into_bytes(),
            flags: Flags::USER_PRESENT | Flags::USER_VERIFIED,
            aaguid: AAGUID,
            extensions: &[],
            attestation: Attestation::None,
        }
    }
}

/// What is signed (§6.3.3 step 11): authenticator data, then SHA-256 of the client data.
#[must_use]
pub fn signed_bytes(authenticator_data: &[u8], client_data_json: &[u8]) -> Vec<u8> {
    [authenticator_data, &Sha256::digest(client_data_json)].concat()
}
