//! Client data: what the browser says it asked the authenticator for (§5.8.1), and the steps that look at it.

use crate::error::Error;
use crate::json;
use crate::policy::{Iframes, Policy};
use serde::Deserialize;

/// Client data may have this many bytes. A challenge of 512 characters takes less than 3 KiB.
pub const MAX_SIZE: usize = 16 * 1024;

/// The ceremony that client data are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceremony {
    /// `webauthn.create`
    Registration,
    /// `webauthn.get`
    Authentication,
}

impl Ceremony {
    /// The value of `type`.
    #[must_use]
    pub const fn client_data_type(self) -> &'static str {
        match self {
            Self::Registration => "webauthn.create",
            Self::Authentication => "webauthn.get",
        }
    }
}

/// `CollectedClientData`. Other members may be there at any time and are not looked at.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct ClientData {
    /// `webauthn.create` or `webauthn.get`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The challenge, base64url without padding.
    pub challenge: String,
    /// The origin that made the request.
    pub origin: String,
    /// Whether that was in an iframe which is not same-origin with its ancestors.
    #[serde(rename = "crossOrigin", default, deserialize_with = "json::present")]
    pub cross_origin: Option<bool>,
    /// The origin of the page around that iframe.
    #[serde(rename = "topOrigin", default, deserialize_with = "json::present")]
    pub top_origin: Option<String>,
}

impl ClientData {
    /// §7.1 steps 5 and 6, §7.2 steps 8 and 9: decodes UTF-8, without a byte order mark, and parses JSON.
    ///
    /// Bytes that are no UTF-8 are refused, where the specification would replace them by U+FFFD: no browser writes such.
    ///
    /// # Errors
    ///
    /// [`Error::ClientDataTooLarge`], [`Error::ClientDataNotUtf8`], [`Error::ClientDataMalformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_SIZE {
            return Err(Error::ClientDataTooLarge);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Error::ClientDataNotUtf8)?;
        json::object(text.strip_prefix('\u{feff}').unwrap_or(text)).ok_or(Error::ClientDataMalformed)
    }

    /// All steps on client data, in their order.
    pub(crate) fn check(&self, ceremony: Ceremony, challenge: &[u8], policy: &Policy) -> Result<(), Error> {
        self.check_type(ceremony)?;
        self.check_challenge(challenge)?;
        self.check_origin(&policy.origins)?;
        self.check_cross_origin(&policy.iframes)?;
        self.check_top_origin(&policy.iframes)
    }

    /// §7.1 step 7, §7.2 step 10.
    fn check_type(&self, ceremony: Ceremony) -> Result<(), Error> {
        (self.kind == ceremony.client_data_type()).then_some(()).ok_or(Error::TypeMismatch)
    }

    /// §7.1 step 8, §7.2 step 11. An empty challenge was never sent.
    fn check_challenge(&self, sent: &[u8]) -> Result<(), Error> {
        let is_sent = !sent.is_empty() && self.challenge == json::to_base64url(sent);
        is_sent.then_some(()).ok_or(Error::ChallengeMismatch)
    }

    /// §7.1 step 9, §7.2 step 12.
    fn check_origin(&self, allowed: &[String]) -> Result<(), Error> {
        allowed.contains(&self.origin).then_some(()).ok_or(Error::OriginNotAllowed)
    }

    /// §7.1 step 10, §7.2 step 13.
    fn check_cross_origin(&self, iframes: &Iframes) -> Result<(), Error> {
        let is_refused = self.cross_origin == Some(true) && *iframes == Iframes::Refuse;
        (!is_refused).then_some(()).ok_or(Error::CrossOriginNotAllowed)
    }

    /// §7.1 step 11, §7.2 step 14.
    fn check_top_origin(&self, iframes: &Iframes) -> Result<(), Error> {
        match (&self.top_origin, iframes) {
            (None, _) => Ok(()),
            // Sub-step 1.
            (Some(_), Iframes::Refuse) => Err(Error::TopOriginNotExpected),
            // Sub-step 2.
            (Some(top), Iframes::Within(pages)) => {
                pages.contains(top).then_some(()).ok_or(Error::TopOriginNotAllowed)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ClientData, MAX_SIZE};
    use crate::error::Error;

    const GOOD: &str = r#"{"type":"webauthn.get","challenge":"AA","origin":"https://a"}"#;

    #[test]
    fn a_byte_order_mark_and_other_members_are_skipped() {
        let read = ClientData::parse(GOOD.as_bytes()).unwrap();
        assert_eq!(ClientData::parse(format!("\u{feff}{GOOD}").as_bytes()), Ok(read.clone()));
        let more = GOOD.replace("\"type\"", r#""other":[{"type":1}],"other":2,"type""#);
        assert_eq!(ClientData::parse(more.as_bytes()), Ok(read));
    }

    #[test]
    fn what_is_no_client_data_is_refused() {
        let twice = GOOD.replace('{', r#"{"type":"webauthn.get","#);
        let top_null = GOOD.replace('{', r#"{"topOrigin":null,"#);
        let cross_text = GOOD.replace('{', r#"{"crossOrigin":"true","#);
        let trailing = format!("{GOOD}{GOOD}");
        let two_marks = format!("\u{feff}\u{feff}{GOOD}");
        let deep = GOOD.replace('{', &format!("{{\"x\":{},", "[".repeat(4000)));
        let array = r#"["webauthn.get","AA","https://a"]"#;
        for bad in [&twice, &top_null, &cross_text, &trailing, &two_marks, &deep, array, "", "null", "{}"] {
            assert_eq!(ClientData::parse(bad.as_bytes()), Err(Error::ClientDataMalformed), "{bad}");
        }
        assert_eq!(ClientData::parse(b"{\"type\":\"\xff\"}"), Err(Error::ClientDataNotUtf8));
        assert_eq!(ClientData::parse(&[b' '; MAX_SIZE + 1]), Err(Error::ClientDataTooLarge));
    }
}
