//! A key as the caller stores it: plain JSON.

use serde::{Deserialize, Serialize};
use wx_soter_verifier::CredentialRecord;
use wx_soter_webauthn::base64url::Base64UrlBytes;

/// What is kept of a registered key. Every member is demanded: one that was lost in a store must not be taken for its
/// weakest value.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    id: Base64UrlBytes,
    public_key: Base64UrlBytes,
    counter: u32,
    uv_initialized: bool,
    transports: Vec<String>,
    backup_eligible: bool,
    backed_up: bool,
}

impl From<CredentialRecord> for Key {
    fn from(record: CredentialRecord) -> Self {
        Self {
            id: Base64UrlBytes(record.id),
            public_key: Base64UrlBytes(record.public_key),
            counter: record.sign_count,
            uv_initialized: record.uv_initialized,
            transports: record.transports,
            backup_eligible: record.backup_eligible,
            backed_up: record.backup_state,
        }
    }
}

impl From<Key> for CredentialRecord {
    fn from(key: Key) -> Self {
        Self {
            id: key.id.0,
            public_key: key.public_key.0,
            sign_count: key.counter,
            uv_initialized: key.uv_initialized,
            transports: key.transports,
            backup_eligible: key.backup_eligible,
            backup_state: key.backed_up,
        }
    }
}
