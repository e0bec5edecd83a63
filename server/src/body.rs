//! Request bodies: JSON, whatever the content type says. WeChat does not look at it either, and many a backend posts its
//! JSON as `application/x-www-form-urlencoded`, curl's default.

use crate::audit;
use crate::error::{Error, Field};
use axum::body::Body;
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;

/// A body may have this many bytes. The largest registration that the verifier reads fits, in a JSON text within JSON.
pub const MAX_SIZE: usize = 600 * 1024;

/// An openid may have this many bytes.
const MAX_OPENID_SIZE: usize = 128;

/// So many bytes of a rejected request's body are drained: a client that is still sending would see a broken connection, and
/// not the response.
const MAX_DRAINED: usize = 16 * 1024 * 1024;

/// Reads the body of a request, of at most `max_size` bytes.
///
/// # Errors
///
/// [`Error::EmptyBody`], [`Error::IncompleteBody`], [`Error::TooLarge`], [`Error::Malformed`].
pub async fn read<T: DeserializeOwned>(body: Body, max_size: usize) -> Result<T, Error> {
    let bytes = collect(body, max_size).await?;
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        None => Err(Error::EmptyBody),
        // Serde would take an array for a struct.
        Some(b'{') => serde_json::from_slice(&bytes).map_err(|_| Error::Malformed),
        Some(_) => Err(Error::Malformed),
    }
}

/// Reads and discards a body, so that the client gets to reading the response.
pub async fn drain(body: Body) {
    // Nothing of it counts, not even that it was too large.
    let _ = collect(body, 0).await;
}

async fn collect(mut body: Body, max_size: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let mut size: usize = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Error::IncompleteBody)?;
        let data = frame.data_ref().map_or(&[][..], |data| data);
        size = size.saturating_add(data.len());
        if size > MAX_DRAINED {
            break;
        }
        if size <= max_size {
            bytes.extend_from_slice(data);
        }
    }
    if size > max_size { Err(Error::TooLarge) } else { Ok(bytes) }
}

/// The openid of a request.
///
/// # Errors
///
/// [`Error::Missing`], [`Error::InvalidOpenid`].
pub fn openid(openid: Option<String>) -> Result<String, Error> {
    let openid = required(openid, Field::Openid)?;
    let is_one = openid.len() <= MAX_OPENID_SIZE && !openid.contains(char::is_control);
    let openid = is_one.then_some(openid).ok_or(Error::InvalidOpenid)?;
    audit::note_openid(&openid);
    Ok(openid)
}

/// A field that must not be missing or empty.
///
/// # Errors
///
/// [`Error::Missing`]
pub fn required(value: Option<String>, field: Field) -> Result<String, Error> {
    value.filter(|value| !value.is_empty()).ok_or(Error::Missing(field))
}
