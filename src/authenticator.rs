//! What asks the device's authenticator (WebAuthn Level 3, §5.1): requests, which are built here in the form that
//! `navigator.credentials` takes, and its responses, of which nothing is believed before [`crate::verification`] has looked.

use crate::browser_error::Refusal;
use crate::mode::AuthMode;
use serde::{Serialize, Serializer};
use serde_bytes::Bytes;
use wx_soter_webauthn::algorithm::Algorithm;
use wx_soter_webauthn::response::{AssertionResponse, AttestationResponse};

/// The authenticator, as `navigator.credentials` stands before it. `mode` is what the call is about; a browser cannot tell
/// modes apart.
pub trait Authenticator {
    /// Makes a key. The request leaves when the future is first polled: older Safari forgets the click after that (WebKit bug
    /// 216600, before 17.4).
    ///
    /// # Errors
    /// Why none was made.
    async fn create(
        &self,
        options: &CreationOptions<'_>,
        mode: AuthMode,
    ) -> Result<AttestationResponse, Refusal>;

    /// Signs with a key. The request leaves when the future is first polled.
    ///
    /// # Errors
    /// Why nothing was signed.
    async fn get(&self, options: &RequestOptions<'_>, mode: AuthMode) -> Result<AssertionResponse, Refusal>;

    /// Whether a user-verifying platform authenticator is set up, for that mode where the device can tell modes apart; `None`
    /// where nothing tells.
    async fn is_available(&self, mode: Option<AuthMode>) -> Option<bool>;

    /// Tells the platform of a key that no server knows (§5.1.10), where it can be told.
    fn signal_unknown_credential(&self, rp_id: &str, credential_id: &[u8]);
}

/// `PublicKeyCredentialCreationOptions` (§5.4).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreationOptions<'a> {
    /// `rp`
    pub rp: RpEntity<'a>,
    /// `user`
    pub user: UserEntity<'a>,
    /// `challenge`
    pub challenge: &'a Bytes,
    /// `pubKeyCredParams`, in order of preference.
    pub pub_key_cred_params: [Parameters; 2],
    /// `timeout`, in milliseconds.
    pub timeout: u32,
    /// `excludeCredentials`: a key that must not be there.
    pub exclude_credentials: Vec<Descriptor<'a>>,
    /// `authenticatorSelection`
    pub authenticator_selection: Selection,
    /// `hints`, which Chromium knows since 128.
    pub hints: &'static [&'static str],
    /// `attestation`
    pub attestation: &'static str,
}

/// `PublicKeyCredentialRequestOptions` (§5.5).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestOptions<'a> {
    /// `challenge`
    pub challenge: &'a Bytes,
    /// `timeout`, in milliseconds.
    pub timeout: u32,
    /// `rpId`
    pub rp_id: &'a str,
    /// `allowCredentials`
    pub allow_credentials: [Descriptor<'a>; 1],
    /// `userVerification`
    pub user_verification: &'static str,
    /// `hints`
    pub hints: &'static [&'static str],
}

/// `PublicKeyCredentialRpEntity` (§5.4.2).
#[derive(Clone, Debug, Serialize)]
pub struct RpEntity<'a> {
    /// `id`
    pub id: &'a str,
    /// `name`
    pub name: &'a str,
}

/// `PublicKeyCredentialUserEntity` (§5.4.3).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserEntity<'a> {
    /// `id`, the user handle.
    pub id: &'a Bytes,
    /// `name`
    pub name: &'a str,
    /// `displayName`
    pub display_name: &'a str,
}

/// `PublicKeyCredentialParameters` (§5.3).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Parameters {
    /// `type`
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// `alg`
    #[serde(serialize_with = "as_cose_number")]
    pub alg: Algorithm,
}

/// `PublicKeyCredentialDescriptor` (§5.8.3).
#[derive(Clone, Debug, Serialize)]
pub struct Descriptor<'a> {
    /// `type`
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// `id`
    pub id: &'a Bytes,
    /// `transports`; any where this is empty.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub transports: &'static [&'static str],
}

/// `AuthenticatorSelectionCriteria` (§5.4.4).
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Selection {
    /// `authenticatorAttachment`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authenticator_attachment: Option<&'static str>,
    /// `residentKey`
    pub resident_key: &'static str,
    /// `userVerification`
    pub user_verification: &'static str,
}

/// The only type of credential that there is (§5.8.2).
const PUBLIC_KEY: &str = "public-key";
/// What every request demands. [`crate::verification`] looks whether it was done.
const USER_VERIFICATION: &str = "required";
/// What keys may sign with, in order of preference: what every WebCrypto can check. RS256 is what Windows Hello makes on
/// many machines.
pub const ALGORITHMS: [Algorithm; 2] = [Algorithm::Es256, Algorithm::Rs256];

fn as_cose_number<S: Serializer>(algorithm: &Algorithm, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i32(algorithm.to_cose())
}

/// What both requests are about.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The relying party's id.
    pub rp_id: &'a str,
    /// The challenge.
    pub challenge: &'a [u8],
    /// How long the browser may take, in milliseconds.
    pub timeout_ms: u32,
    /// Whether only the device's own authenticator may answer.
    pub is_platform_only: bool,
}

impl<'a> Request<'a> {
    /// Prefers the device's own authenticator.
    const fn hints(&self) -> &'static [&'static str] {
        if self.is_platform_only { &["client-device"] } else { &[] }
    }

    /// The request for a new key, other than `exclude`. `knows_attachment` is whether the engine can be asked for the device's
    /// own authenticator.
    #[must_use]
    pub fn to_create(
        self,
        rp_name: &'a str,
        user: UserEntity<'a>,
        exclude: Option<&'a [u8]>,
        knows_attachment: bool,
    ) -> CreationOptions<'a> {
        let excluded = exclude.map(|id| Descriptor { kind: PUBLIC_KEY, id: Bytes::new(id), transports: &[] });
        CreationOptions {
            rp: RpEntity { id: self.rp_id, name: rp_name },
            user,
            challenge: Bytes::new(self.challenge),
            pub_key_cred_params: ALGORITHMS.map(|alg| Parameters { kind: PUBLIC_KEY, alg }),
            timeout: self.timeout_ms,
            exclude_credentials: excluded.into_iter().collect(),
            authenticator_selection: Selection {
                authenticator_attachment: (self.is_platform_only && knows_attachment).then_some("platform"),
                // The nearest to SOTER's key, which never leaves the device: on Android this goes to the authenticator
                // that does not sync.
                resident_key: "discouraged",
                user_verification: USER_VERIFICATION,
            },
            hints: self.hints(),
            // Who made the device is nobody's business here.
            attestation: "none",
        }
    }

    /// The request to sign with that key.
    #[must_use]
    pub fn to_get(self, key_id: &'a [u8]) -> RequestOptions<'a> {
        RequestOptions {
            challenge: Bytes::new(self.challenge),
            timeout: self.timeout_ms,
            rp_id: self.rp_id,
            allow_credentials: [Descriptor {
                kind: PUBLIC_KEY,
                id: Bytes::new(key_id),
                // A request has no attachment; the transport is what keeps phones and security keys out.
                transports: if self.is_platform_only { &["internal"] } else { &[] },
            }],
            user_verification: USER_VERIFICATION,
            hints: self.hints(),
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Request, UserEntity};
    use serde_bytes::Bytes;
    use serde_json::json;

    fn request(is_platform_only: bool) -> Request<'static> {
        Request { rp_id: "example.org", challenge: b"c", timeout_ms: 65_000, is_platform_only }
    }

    fn user() -> UserEntity<'static> {
        UserEntity { id: Bytes::new(&[7]), name: "ann", display_name: "Ann" }
    }

    #[test]
    fn a_key_is_asked_for_in_webauthns_form() {
        let options = request(true).to_create("Example", user(), Some(&[9]), true);
        assert_eq!(
            serde_json::to_value(options).unwrap(),
            json!({
                "rp": { "id": "example.org", "name": "Example" },
                "user": { "id": [7], "name": "ann", "displayName": "Ann" },
                "challenge": [99],
                "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }, { "type": "public-key", "alg": -257 }],
                "timeout": 65_000,
                "excludeCredentials": [{ "type": "public-key", "id": [9] }],
                "authenticatorSelection":
                    { "authenticatorAttachment": "platform", "residentKey": "discouraged", "userVerification": "required" },
                "hints": ["client-device"],
                "attestation": "none",
            })
        );
    }

    #[test]
    fn any_authenticator_may_answer_where_the_page_wants_that() {
        let options = serde_json::to_value(request(false).to_create("Example", user(), None, true)).unwrap();
        let selection = json!({ "residentKey": "discouraged", "userVerification": "required" });
        assert_eq!(options["authenticatorSelection"], selection);
        assert_eq!((&options["hints"], &options["excludeCredentials"]), (&json!([]), &json!([])));
        let unknown = serde_json::to_value(request(true).to_create("Example", user(), None, false)).unwrap();
        assert_eq!(unknown["authenticatorSelection"], selection);
        let get = serde_json::to_value(request(false).to_get(&[9])).unwrap();
        assert_eq!(get["allowCredentials"], json!([{ "type": "public-key", "id": [9] }]));
    }

    #[test]
    fn a_signature_is_asked_for_in_webauthns_form() {
        assert_eq!(
            serde_json::to_value(request(true).to_get(&[9])).unwrap(),
            json!({
                "challenge": [99],
                "timeout": 65_000,
                "rpId": "example.org",
                "allowCredentials": [{ "type": "public-key", "id": [9], "transports": ["internal"] }],
                "userVerification": "required",
                "hints": ["client-device"],
            })
        );
    }
}
