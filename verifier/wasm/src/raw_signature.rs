//! ECDSA signatures: WebAuthn has them as DER (§6.5.5), WebCrypto as two numbers of 32 bytes each.

use der::Decode;
use der::asn1::UintRef;

/// The length of a coordinate of P-256, and of each of the two numbers.
const SIZE: usize = 32;

/// From DER, `SEQUENCE { r INTEGER, s INTEGER }`, to r and s; `None` where it is not that, to the letter.
pub fn from_der(der: &[u8]) -> Option<Vec<u8>> {
    let [r, s] = <[UintRef<'_>; 2]>::try_from(<Vec<UintRef<'_>>>::from_der(der).ok()?).ok()?;
    Some([padded(r.as_bytes())?, padded(s.as_bytes())?].concat())
}

fn padded(number: &[u8]) -> Option<Vec<u8>> {
    let zeros = SIZE.checked_sub(number.len())?;
    Some([&vec![0; zeros], number].concat())
}

#[cfg(test)]
mod tests {
    use super::from_der;

    #[test]
    fn two_numbers_are_padded() {
        let both = from_der(b"\x30\x07\x02\x02\x00\x80\x02\x01\x01").unwrap();
        assert_eq!(both.len(), 64);
        assert_eq!((both[31], both[63]), (0x80, 1));
        let long = [&b"\x30\x46\x02\x21\x00"[..], &[0xff; 32], b"\x02\x21\x00", &[0xee; 32]].concat();
        assert_eq!(from_der(&long), Some([[0xff; 32], [0xee; 32]].concat()));
    }

    #[test]
    fn what_is_not_der_to_the_letter_is_refused() {
        let too_large = [&b"\x30\x26\x02\x21\x01"[..], &[0; 32], b"\x02\x01\x01"].concat();
        let others: [&[u8]; 9] = [
            b"",
            b"\x30\x00",
            b"\x30\x03\x02\x01\x01",
            b"\x30\x06\x02\x01\x01\x02\x01\x01\x00",
            b"\x30\x09\x02\x01\x01\x02\x01\x01\x02\x01\x01",
            // A leading zero too many, a negative number, a long form of the length, another type.
            b"\x30\x07\x02\x02\x00\x01\x02\x01\x01",
            b"\x30\x06\x02\x01\x80\x02\x01\x01",
            b"\x30\x81\x06\x02\x01\x01\x02\x01\x01",
            b"\x30\x06\x04\x01\x01\x02\x01\x01",
        ];
        for bad in others.into_iter().chain([&too_large[..]]) {
            assert_eq!(from_der(bad), None, "{bad:02x?}");
        }
    }
}
