//! Reading a TPM's structures ("TPM 2.0 Library, Part 2: Structures"): numbers are big-endian, what varies in length has it in front.

/// What is left of the bytes.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*array)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// A `TPM2B_…`: bytes with their number in front.
    pub(super) fn sized(&mut self) -> Option<&'a [u8]> {
        let length = self.u16()?.into();
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    /// Whether all was read.
    pub(super) const fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }
}
