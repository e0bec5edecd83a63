//! Results of `wx.startSoterAuthentication`, in WeChat's form.

use crate::assertion::{self, Assertion, AuthenticationResponse};
use crate::error::Error;
use crate::policy::Policy;
use crate::record::CredentialRecord;
use crate::signature::{self, SignatureVerifier};
use wx_soter_webauthn::base64;
use wx_soter_webauthn::result_json::ResultJson;

/// A `resultJSON` may have this many bytes.
pub const MAX_SIZE: usize = 64 * 1024;

/// `resultJSON` and `resultJSONSignature`, read but not verified.
///
/// The signature does not cover the text of `resultJSON`, as it would with SOTER, but only the two parts of `webauthn`.
/// Therefore each other member must say the same as those parts, and there are no further ones.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SoterResult {
    /// `raw`: the challenge.
    pub raw: String,
    /// `counter`: the signature counter.
    pub counter: u32,
    /// The assertion, with `uid` as its user handle, where that is not empty.
    pub response: AuthenticationResponse,
}

impl SoterResult {
    /// Reads a result, as `wx.startSoterAuthentication` gives it to the page, or `json_string` and `json_signature` as a
    /// backend posts them.
    ///
    /// # Errors
    ///
    /// [`Error::ResultTooLarge`], [`Error::ResultMalformed`], [`Error::ResultSignatureMalformed`],
    /// [`Error::ResultKeyMismatch`].
    pub fn parse(result_json: &str, result_json_signature: &str) -> Result<Self, Error> {
        if result_json.len() > MAX_SIZE || result_json_signature.len() > signature::MAX_SIZE * 2 {
            return Err(Error::ResultTooLarge);
        }
        let json = ResultJson::parse(result_json)?;
        let signature = base64::decode(result_json_signature).filter(|signature| !signature.is_empty());
        let signature = signature.ok_or(Error::ResultSignatureMalformed)?;
        let (raw, counter) = (json.raw.clone(), json.counter);
        Ok(Self { raw, counter, response: json.into_assertion(signature)?.into() })
    }

    /// The key that is said to have signed, by which the caller looks up the record.
    #[must_use]
    pub fn credential_id(&self) -> &[u8] {
        &self.response.id
    }

    /// Verifies that `raw` and `counter` are what was signed, and the assertion as [`assertion::verify`] does.
    /// `expected.challenge` is the UTF-8 of the challenge that the page was given.
    ///
    /// # Errors
    ///
    /// Those of [`assertion::verify`], and between its steps 21 and 22 [`Error::ResultChallengeMismatch`] and
    /// [`Error::ResultCounterMismatch`]. Before the signature there is nothing to compare with. After step 22 an edited
    /// result would be taken for a copied key, and a copy is a matter of policy, while an edit never is.
    pub async fn verify(
        &self,
        record: &CredentialRecord,
        expected: &assertion::Expected<'_>,
        policy: &Policy,
        verifier: &impl SignatureVerifier,
    ) -> Result<Assertion, Error> {
        let data = assertion::verify_signed(&self.response, record, expected, policy, verifier).await?;
        self.check_raw(expected.challenge)?;
        self.check_counter(data.sign_count)?;
        assertion::accept(&data, &self.response, record, policy)
    }

    /// What was signed is the challenge that was expected: [`assertion::verify_signed`] has seen to that.
    fn check_raw(&self, expected: &[u8]) -> Result<(), Error> {
        (self.raw.as_bytes() == expected).then_some(()).ok_or(Error::ResultChallengeMismatch)
    }

    fn check_counter(&self, signed: u32) -> Result<(), Error> {
        (self.counter == signed).then_some(()).ok_or(Error::ResultCounterMismatch)
    }
}
