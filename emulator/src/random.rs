//! The numbers of one device that need not be guessed.

use hkdf::Hkdf;
use sha2::Sha256;

/// HKDF-SHA-256 of the seed, with the number of the draw as information: the same seed gives the same numbers, in the same
/// order.
#[must_use]
pub fn random(seed: &str, draw: u32) -> [u8; 32] {
    let mut bytes = [0; 32];
    // It fails only for more than 8160 bytes.
    let _ = Hkdf::<Sha256>::new(None, seed.as_bytes()).expand(&draw.to_be_bytes(), &mut bytes);
    bytes
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::random;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        assert_eq!(random("seed", 1), random("seed", 1));
        assert_ne!(random("seed", 1), random("seed", 2));
        assert_ne!(random("seed", 1), random("other", 1));
    }
}
