//! Which RSA keys are used.

/// 2,048 to 8,192 bits, and an odd exponent from 3 to 33 bits: what native libraries take, while WebCrypto takes less. And a modulus
/// that is odd, as every product of two large primes is.
#[must_use]
pub fn are_met(n: &[u8], e: &[u8]) -> bool {
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    let is_modulus = (2048..=8192).contains(&bits(n)) && is_odd(n);
    let is_exponent = e != [1] && is_odd(e) && bits(e) <= 33;
    is_modulus && is_exponent
}

/// How many bits a number without leading zeros has.
fn bits(number: &[u8]) -> usize {
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::are_met;

    #[test]
    fn weak_keys_and_such_that_take_long_do_not_meet_them() {
        let number = |first, length: usize| [vec![first], vec![0xff; length - 1]].concat();
        let e = [1, 0, 1];
        assert!(are_met(&number(0x80, 256), &e));
        assert!(are_met(&number(0xff, 1024), &[3]));
        assert!(!are_met(&number(0x7f, 256), &e));
        assert!(!are_met(&number(1, 1025), &e));
        let even = [number(0x80, 255), vec![0xfe]].concat();
        assert!(!are_met(&even, &e));
        for bad in [&[1][..], &[2], &[1, 0, 0], &[2, 0, 0, 0, 1], &[]] {
            assert!(!are_met(&number(0x80, 256), bad), "{bad:02x?}");
        }
    }
}
