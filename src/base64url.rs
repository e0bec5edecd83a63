//! Base64url without padding (RFC 4648, §5), for what the module makes itself.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Encodes bytes.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| chunk.get(at).copied().unwrap_or_default();
        let digits = [byte(0) >> 2, byte(0) << 4 | byte(1) >> 4, byte(1) << 2 | byte(2) >> 6, byte(2)];
        for digit in digits.into_iter().take(chunk.len() + 1) {
            text.push(char::from(DIGITS.get(usize::from(digit & 0x3f)).copied().unwrap_or_default()));
        }
    }
    text
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::encode;
    use base64ct::{Base64UrlUnpadded, Encoding as _};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_what_others_write(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(encode(&bytes), Base64UrlUnpadded::encode_string(&bytes));
        }
    }
}
